import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { FleetRow, FleetSortKey, OutputOf } from '#shared/contract.ts'
import { FleetSortKey as SortKeys } from '#shared/contract.ts'
import type { SiteReport } from '#shared/decision/site-report.ts'
import { decimal, type PriceUnit, priceUnit } from '#shared/format.ts'
import { type Asked, holdQuestion, useAsk } from '../../api.ts'
import { useNow } from '../../clock.ts'
import { AgeText } from '../../components/AgeText.tsx'
import { Button } from '../../components/Button.tsx'
import { ChartFrame } from '../../components/ChartFrame.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Icon } from '../../components/Icon.tsx'
import { MachineStateMark } from '../../components/MachineStateMark.tsx'
import { Empty, Failed, NotReady, StaleAnswer } from '../../components/NotReady.tsx'
import { FigureNumber } from '../../components/Number.tsx'
import { NumberBox } from '../../components/NumberBox.tsx'
import { ScreenHead, SecondFigure } from '../../components/ScreenHead.tsx'
import { Sentence } from '../../components/Sentence.tsx'
import { usePreferences } from '../../preferences.ts'
import { shortModels } from '../../price-text.ts'
import { go, goInPlace, useRoute } from '../../routes.ts'
import text from '../../theme/text.module.css'
import { words } from '../../words.ts'
import css from './FleetScreen.module.css'
import { MachinePanel } from './MachinePanel.tsx'
import { meritOption, meritTable } from './merit-chart.ts'
import { curtailmentWords, footerParts, headView, meritFinding, meritOrder, type Report, rowText, whyUnknown } from './view-model.ts'

type Answer = OutputOf<'fleet.machines'>
type Sort = { readonly id: FleetSortKey; readonly descending: boolean }

const PAGE = 120

export function FleetScreen() {
  const report = useAsk('sites.report', {})
  if (report.state !== 'ready') return <NotReady of={report} what="the fleet" />
  if (report.value.sites.length === 0) return <Empty>{words.noSites}</Empty>
  return <Ready report={report.value} asked={report} />
}

function Ready({ report, asked }: { report: Report; asked: Asked<Report> }) {
  const route = useRoute()
  const { unit } = usePreferences()
  const nowMs = useNow(10_000)
  const sites = route.site === null ? report.sites : report.sites.filter((s) => s.id === route.site)
  const totals = useAsk('fleet.machines', { site: route.site, filter: '', sort: 'name', descending: false, offset: 0, limit: 1 })
  if (sites.length === 0) return <Empty>{words.noSites}</Empty>
  const head = headView(report, sites, nowMs)
  const all = totals.state === 'ready' ? totals.value.totals : null
  return (
    <div className={css.screen}>
      <StaleAnswer of={asked} what="the fleet" />
      <ScreenHead
        number={<FigureNumber label={<strong>Uneconomic now</strong>} value={head.mw} unit="MW" />}
        sentence={<Sentence headline={head.headline} rest={head.rest} />}
        provenance={head.provenance}
      >
        <SecondFigure
          label="MW stale"
          value={decimal(all?.staleMw ?? null, 2)}
          title="Load of machines that have not answered for three polls"
        />
        <SecondFigure label="MW protected" value={decimal(all?.protectedMw ?? null, 2)} title="Load that is never switched off for price" />
      </ScreenHead>
      <Merit sites={sites} unit={unit} />
      <Machines key={route.site ?? ''} site={route.site} unit={unit} />
      {route.machine !== null && <MachinePanel id={route.machine} unit={unit} sites={report.sites} onClose={() => go({ machine: null })} />}
    </div>
  )
}

/** With one site the box holds the price itself, with several what is added to all of them. */
function Merit({ sites, unit }: { sites: readonly SiteReport[]; unit: PriceUnit }) {
  const [shift, setShift] = useState(0)
  const scale = unit === 'usd_per_mwh' ? 1 : 10
  const [one] = sites
  const own = sites.length === 1 ? (one?.pricePerMwh ?? null) : null
  const key = JSON.stringify([
    sites.map((s) => [s.id, s.pricePerMwh, s.recommendation.action, s.blocks.map((b) => [b.breakEvenPowerPerMwh, b.powerMw])]),
    shift,
    unit,
  ])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key holds what the drawing depends on
  const panels = useMemo(() => meritOrder(sites, shift, unit), [key])
  const build = useMemo(() => meritOption(panels, unit), [panels, unit])
  return (
    <ChartFrame
      className={css.merit}
      title={meritFinding(panels, shift, unit)}
      subtitle={`Merit order by site: break-even, ${priceUnit(unit)}, against MW at one scale. Blue line: the site's own price${shift === 0 ? ' now' : ', shifted'}. Orange: below price. Hatched: not judged.`}
      build={build}
      table={meritTable(panels, unit)}
      tools={
        <span className={css.what}>
          {shift !== 0 && (
            <Button kind="link" small onPress={() => setShift(0)}>
              Back to now
            </Button>
          )}
          <span>{own === null ? 'All prices' : 'Price'}</span>
          <NumberBox
            label={own === null ? `Add to all prices, ${priceUnit(unit)}` : `Price at ${one?.name}, ${priceUnit(unit)}`}
            value={(own === null ? shift : own + shift) / scale}
            onChange={(v) => setShift(own === null ? v * scale : v * scale - own)}
            signed={own === null}
            step={unit === 'usd_per_mwh' ? 1 : 0.1}
          />
        </span>
      }
    />
  )
}

const useColumns = (unit: PriceUnit): readonly Column<FleetRow>[] =>
  useMemo(() => {
    const figure = (pick: (t: ReturnType<typeof rowText>) => ReactNode) => (row: FleetRow) => {
      const value = pick(rowText(row, unit))
      return value === '—' ? (
        <span className={text.mute} title={whyUnknown(row)}>
          —
        </span>
      ) : (
        value
      )
    }
    const hatched = (row: FleetRow) => ({ hatched: row.state === 'stale' })
    return [
      {
        id: 'name',
        head: 'Machine',
        width: 108,
        cell: (row) => (
          <button type="button" className={css.open} tabIndex={-1} onClick={() => go({ machine: row.id })}>
            {row.name}
          </button>
        ),
        mark: () => ({ mono: true }),
      },
      { id: 'site', head: 'Site', width: 100, cell: (row) => row.siteName },
      { id: 'model', head: 'Model', width: 84, cell: (row) => <span title={row.model}>{shortModels(row.model)}</span> },
      { id: 'state', head: 'State', width: 98, cell: (row) => <MachineStateMark state={row.state} reason={row.reason} /> },
      { id: 'hashrateThs', head: 'TH/s', width: 58, number: true, cell: figure((t) => t.hashrate), mark: hatched },
      {
        id: 'powerW',
        head: 'kW, source',
        width: 84,
        number: true,
        cell: (row) => {
          const t = rowText(row, unit)
          return (
            <>
              {figure((x) => x.power)(row)}{' '}
              <span className={css.letter} title={words.powerSources}>
                {t.letter}
              </span>
            </>
          )
        },
        mark: hatched,
      },
      { id: 'efficiencyJth', head: 'J/TH', width: 54, number: true, cell: figure((t) => t.efficiency), mark: hatched },
      { id: 'tempC', head: 'Temp, °C', width: 68, number: true, cell: figure((t) => t.temp), mark: hatched },
      {
        id: 'breakEvenPerMwh',
        head: `Break-even, ${priceUnit(unit)}`,
        width: 128,
        number: true,
        cell: figure((t) => t.breakEven),
        mark: hatched,
      },
      {
        id: 'marginPerMwh',
        head: `Margin, ${priceUnit(unit)}`,
        width: 108,
        number: true,
        cell: figure((t) => t.margin),
        mark: (row) => ({ hatched: row.state === 'stale', loss: (row.marginPerMwh ?? 0) < 0 }),
      },
      {
        id: 'curtailment',
        head: 'Curtailment',
        width: 92,
        sortable: false,
        cell: (row) =>
          row.curtailment === 'inherit' ? (
            <span className={text.mute}>{curtailmentWords.inherit}</span>
          ) : (
            <span className={css.protected}>
              {row.curtailment === 'protected' && <Icon name="lock" small />}
              {curtailmentWords[row.curtailment]}
            </span>
          ),
      },
      { id: 'observedAtMs', head: 'Heard', width: 60, number: true, cell: (row) => <AgeText atMs={row.observedAtMs} /> },
    ]
  }, [unit])

const isSortKey = (id: string): id is FleetSortKey => SortKeys.options.some((k) => k === id)

function Machines({ site, unit }: { site: string | null; unit: PriceUnit }) {
  const route = useRoute()
  const [sort, setSort] = useState<Sort>({ id: 'marginPerMwh', descending: false })
  const [range, setRange] = useState({ first: 0, last: 0 })
  const [selected, setSelected] = useState<string | null>(null)
  const [news, setNews] = useState(false)
  const columns = useColumns(unit)

  const page = Math.floor(range.first / PAGE)
  const question = { site, filter: route.filter, sort: sort.id, descending: sort.descending, limit: PAGE }
  const a = useAsk('fleet.machines', { ...question, offset: page * PAGE })
  const b = useAsk('fleet.machines', { ...question, offset: (page + 1) * PAGE }, { enabled: range.last >= (page + 1) * PAGE })
  const known = useRef<Answer | null>(null)
  if (a.state === 'ready') known.current = a.value
  const answer = known.current

  // Rows under the pointer stay where they are; newer readings wait until they are asked for or the pointer has left.
  const stopHold = useRef<(() => void) | null>(null)
  const hold = () => {
    stopHold.current ??= holdQuestion('fleet.machines', () => setNews(true))
  }
  const release = () => {
    stopHold.current?.()
    stopHold.current = null
    if (news) renew()
  }
  const renew = () => {
    setNews(false)
    if (a.state !== 'loading') a.retry()
    if (b.state !== 'loading' && range.last >= (page + 1) * PAGE) b.retry()
  }
  useEffect(() => () => stopHold.current?.(), [])

  const rowAt = (index: number): FleetRow | undefined => {
    const from = index < (page + 1) * PAGE ? a : b
    return from.state === 'ready' ? from.value.rows[index - (from === a ? page : page + 1) * PAGE] : undefined
  }
  const onWindow = useCallback(
    (first: number, last: number) => setRange((r) => (r.first === first && r.last === last ? r : { first, last })),
    [],
  )

  if (answer === null)
    return a.state === 'failed' ? (
      <Failed failure={a.failure} what="the machines" retry={a.retry} />
    ) : (
      <NotReady of={a} what="the machines" />
    )
  return (
    <section className={css.machines} aria-label="Machines">
      <div className={css.bar}>
        <FilterField value={route.filter} />
        {news && (
          <Button small onPress={renew}>
            Show newer readings
          </Button>
        )}
        {answer.filterProblem && (
          <span className={css.problem} role="status" title={answer.filterProblem}>
            {answer.filterProblem}
          </span>
        )}
      </div>
      <div className={css.grid} onPointerEnter={hold} onPointerLeave={release}>
        <DataTable
          label={`Machines${site === null ? '' : ' of the site'}, ${answer.total} rows`}
          columns={columns}
          total={answer.total}
          rowAt={rowAt}
          rowKey={(row) => row.id}
          rowHeight={window.innerWidth >= 1600 ? 28 : 24}
          sort={sort}
          onSort={(id) => isSortKey(id) && setSort({ id, descending: sort.id === id ? !sort.descending : false })}
          selected={selected}
          onSelect={setSelected}
          onOpen={(id) => go({ machine: id })}
          onWindow={onWindow}
          empty={
            route.filter === '' ? (
              'No machine is set up here.'
            ) : (
              <>
                No machine matches “{route.filter}”.{' '}
                <Button kind="link" onPress={() => goInPlace({ filter: '' })}>
                  Clear the filter
                </Button>
              </>
            )
          }
        />
      </div>
      <Footer answer={answer} range={range} />
    </section>
  )
}

function FilterField({ value }: { value: string }) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(() => goInPlace({ filter: typed }), 120)
    return () => clearTimeout(timer)
  }, [typed, value])
  return (
    <label className={css.filter}>
      <Icon name="find" small />
      <input
        type="text"
        aria-label="Filter machines"
        data-shortcut="filter"
        spellCheck={false}
        maxLength={500}
        placeholder="Filter, such as model:S21 state:stale temp>75, or part of a name or address"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && typed !== '') {
            event.preventDefault()
            setTyped('')
          }
        }}
      />
    </label>
  )
}

function Footer({ answer, range }: { answer: Answer; range: { first: number; last: number } }) {
  return (
    <div className={css.foot}>
      <span>
        <b>{decimal(answer.total, 0)}</b> rows
        <span className={text.hidden}>
          , drawn {range.first + 1} to {range.last + 1}
        </span>
      </span>
      {footerParts(answer.totals).map((p) => (
        <span key={p.text}>
          <b>{p.strong}</b> {p.text}
        </span>
      ))}
      <span className={css.legend}>{words.powerSources}</span>
    </div>
  )
}
