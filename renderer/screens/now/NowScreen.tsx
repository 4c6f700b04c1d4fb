import { Fragment, useMemo, useState } from 'react'
import type { FigureId } from '#shared/decision/figure.ts'
import type { SiteReport } from '#shared/decision/site-report.ts'
import { clockTime, decimal, type PriceUnit, priceUnit } from '#shared/format.ts'
import { HOUR_MS, MINUTE_MS } from '#shared/time.ts'
import { type Asked, useAsk } from '../../api.ts'
import { useNow } from '../../clock.ts'
import { Button } from '../../components/Button.tsx'
import { ChartFrame } from '../../components/ChartFrame.tsx'
import { StateChip } from '../../components/Chip.tsx'
import { FigureButton } from '../../components/FigureButton.tsx'
import { Icon } from '../../components/Icon.tsx'
import { Empty, Loading, NotReady, StaleAnswer } from '../../components/NotReady.tsx'
import { FigureNumber } from '../../components/Number.tsx'
import { Ruler } from '../../components/Ruler.tsx'
import { type RulerScale, rulerScale } from '../../components/ruler-layout.ts'
import { ScrollRegion } from '../../components/ScrollRegion.tsx'
import { Sentence } from '../../components/Sentence.tsx'
import { Spark } from '../../components/Spark.tsx'
import { usePreferences } from '../../preferences.ts'
import { priceLabel } from '../../price-text.ts'
import { go, routeTo, useRoute, writeRoute } from '../../routes.ts'
import text from '../../theme/text.module.css'
import { words } from '../../words.ts'
import css from './NowScreen.module.css'
import { priceFinding, priceOption, priceSubtitle, priceTable, type Series } from './price-chart.ts'
import { RecordDialog } from './RecordDialog.tsx'
import { blockRows, type CauseView, nowView, type Report, type SiteView } from './view-model.ts'
import { WhyPanel } from './WhyPanel.tsx'

const figureNames: Partial<Record<FigureId, string>> = { break_even_power_per_mwh: 'Break-even', price_per_mwh: 'Price' }
const WINDOW_MS = 12 * HOUR_MS

export function NowScreen() {
  const report = useAsk('sites.report', {})
  if (report.state !== 'ready') return <NotReady of={report} what="the sites" />
  return <Ready report={report.value} asked={report} />
}

function Ready({ report, asked }: { report: Report; asked: Asked<Report> }) {
  const route = useRoute()
  const { unit } = usePreferences()
  const nowMs = useNow(10_000)
  const [recording, setRecording] = useState(false)
  const [said, setSaid] = useState('')
  const view = nowView(report, route.site, unit, nowMs)
  if (view === null) return <Empty action={<a href={writeRoute(routeTo('now', { site: null }))}>Show all sites</a>}>{words.noSites}</Empty>
  const { hero, others } = view
  const scale = rulerScale([hero, ...others].map((s) => s.ruler))
  return (
    <div className={css.screen}>
      <div className={css.main}>
        <StaleAnswer of={asked} what="the sites" />
        <section className={css.hero} aria-label={`${hero.site.name}, ${view.heroLabel}`}>
          <div className={css.lead}>
            <FigureNumber
              label={
                <>
                  <strong>{hero.site.name}</strong> &ensp;{view.heroLabel}
                </>
              }
              value={hero.margin}
              unit={priceUnit(unit)}
              beside={<FigureButton figure="margin_per_mwh" of={hero.site.id} name="Margin" />}
              provenance={
                <>
                  {hero.arithmetic.map((part) => (
                    <Fragment key={part.text}>
                      {part.text}
                      {part.figure && <FigureButton figure={part.figure} of={hero.site.id} name={figureNames[part.figure] ?? part.text} />}
                    </Fragment>
                  ))}
                  {hero.priceAge && <>, {hero.priceAge}</>}
                </>
              }
            />
            <div className={css.ruler}>
              <Ruler large model={hero.ruler} scale={scale} unit={unit} label={rulerWords(hero, unit)} />
            </div>
            <div className={css.say}>
              <Sentence large headline={hero.headline} rest={hero.rest} />
              {hero.site.recommendation.staleInputs.length > 0 && !hero.withheld && (
                <p className={css.stale}>
                  <StateChip state="stale">Stale input</StateChip> {hero.site.recommendation.staleInputs.join(', ')}
                </p>
              )}
            </div>
            <div className={css.acts}>
              <Button kind="main" onPress={() => setRecording(true)}>
                Record what we did
              </Button>
              <Button kind="quiet" onPress={() => go({ why: true, figure: null, site: route.site })}>
                Why this advice
              </Button>
              <a className={css.quiet} href={writeRoute(routeTo('plan', { site: hero.site.id }))}>
                Open plan
              </a>
            </div>
            <span className={css.said} role="status">
              {said}
            </span>
          </div>
          <PriceChartPane view={hero} nowMs={nowMs} unit={unit} />
        </section>
        <section className={css.tables}>
          {others.length > 0 && route.site === null && <OtherSites sites={others} scale={scale} unit={unit} nowMs={nowMs} />}
          <Blocks sites={route.site === null ? [hero.site, ...others.map((s) => s.site)] : [hero.site]} unit={unit} />
        </section>
      </div>
      <aside className={css.side} aria-label="Causes and records">
        <Causes causes={view.causes} />
        <Recorded report={report} site={route.site} />
      </aside>
      {route.why && <WhyPanel site={hero.site} unit={unit} onClose={() => go({ why: false })} />}
      <RecordDialog site={hero.site} isOpen={recording} onClose={() => setRecording(false)} onDone={setSaid} />
    </div>
  )
}

const rulerWords = (view: SiteView, unit: PriceUnit) =>
  `Price ${priceLabel(view.ruler.price, unit)} against the break-even of ${view.ruler.ticks.map((t) => `${t.label} ${priceLabel(t.breakEven, unit)}`).join(', ')}`

/** Twelve hours back and ahead, in steps of five minutes so that the same question is asked again only when it moved. */
const usePrices = (site: string, nowMs: number): Asked<Series> => {
  const middle = Math.floor(nowMs / (5 * MINUTE_MS)) * 5 * MINUTE_MS
  return useAsk('prices.series', { site, fromMs: middle - WINDOW_MS, toMs: middle + WINDOW_MS })
}

function PriceChartPane({ view, nowMs, unit }: { view: SiteView; nowMs: number; unit: PriceUnit }) {
  const series = usePrices(view.site.id, nowMs)
  if (series.state === 'loading') return <Loading what="prices" />
  if (series.state === 'failed') return <NotReady of={series} what={`prices of ${view.site.name}`} />
  return <PriceChart key={view.site.id} series={series.value} view={view} nowMs={nowMs} unit={unit} />
}

function PriceChart({ series, view, nowMs, unit }: { series: Series; view: SiteView; nowMs: number; unit: PriceUnit }) {
  const minute = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS
  const blocks = view.ruler.ticks
  const blocksKey = JSON.stringify(blocks)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `blocks` is a new array each time; its content is the key
  const chart = useMemo(
    () => ({ series, blocks, fromMs: minute - WINDOW_MS, toMs: minute + WINDOW_MS, nowMs: minute, unit }),
    [series, blocksKey, minute, unit],
  )
  const build = useMemo(() => priceOption(chart), [chart])
  return (
    <ChartFrame className={css.chart} title={priceFinding(chart)} subtitle={priceSubtitle(chart)} build={build} table={priceTable(chart)} />
  )
}

function OtherSites({ sites, scale, unit, nowMs }: { sites: readonly SiteView[]; scale: RulerScale; unit: PriceUnit; nowMs: number }) {
  return (
    <table className={css.sites}>
      <thead>
        <tr>
          <th scope="col" className={css.cName}>
            Other sites
          </th>
          <th scope="col" className={css.cAdvice}>
            Advice
          </th>
          <th scope="col" className={`${text.number} ${css.cMargin}`}>
            Margin, {priceUnit(unit)}
          </th>
          <th scope="col" className={css.cRuler}>
            Price on break-even
          </th>
          <th scope="col" className={css.cSpark}>
            12 h back, 12 h ahead
          </th>
          <th scope="col" className={`${text.number} ${css.cMw}`}>
            MW running
          </th>
          <th scope="col" className={`${text.number} ${css.cStake}`} aria-sort="descending">
            At stake <span aria-hidden="true">↓</span>
          </th>
          <th scope="col" className={css.cOldest}>
            Oldest input
          </th>
        </tr>
      </thead>
      <tbody>
        {sites.map((s) => (
          <SiteRow key={s.site.id} view={s} scale={scale} unit={unit} nowMs={nowMs} />
        ))}
      </tbody>
    </table>
  )
}

function SiteRow({ view, scale, unit, nowMs }: { view: SiteView; scale: RulerScale; unit: PriceUnit; nowMs: number }) {
  const { site } = view
  return (
    <tr>
      <th scope="row" className={css.rowName}>
        <a href={writeRoute(routeTo('now', { site: site.id }))}>{site.name}</a>
        <div className={css.under}>{site.market}</div>
      </th>
      <td className={css.advice}>
        <div>
          <b>{view.headline}</b> {view.rest}
        </div>
        <div className={css.under}>{view.next}</div>
      </td>
      <td className={text.number}>
        <div className={`${css.margin} ${view.withheld ? text.mute : ''}`}>{view.margin}</div>
        <div className={css.under}>
          {site.breakEvenPowerPerMwh === null || site.pricePerMwh === null
            ? 'not judged'
            : `${priceLabel(site.breakEvenPowerPerMwh, unit)} − ${priceLabel(site.pricePerMwh, unit)}`}
        </div>
      </td>
      <td className={css.cRuler}>
        <Ruler model={view.ruler} scale={scale} unit={unit} label={rulerWords(view, unit)} />
      </td>
      <td className={css.cSpark}>
        <SparkCell view={view} nowMs={nowMs} unit={unit} />
      </td>
      <td className={text.number}>
        <div>
          {view.running} <span className={text.mute}>of</span> {view.ofMw}
        </div>
        <div className={css.under}>{view.metered}</div>
      </td>
      <td className={`${text.number} ${css.cStake}`}>
        <div className={site.atStakeUsdPerHour === null ? text.mute : undefined}>{view.stake}</div>
        <div className={css.under}>per hour</div>
      </td>
      <td>
        <div>
          <StateChip state={view.oldest.state}>{view.oldest.word}</StateChip>
        </div>
        <div className={css.under}>{view.oldest.note}</div>
      </td>
    </tr>
  )
}

function SparkCell({ view, nowMs, unit }: { view: SiteView; nowMs: number; unit: PriceUnit }) {
  const series = usePrices(view.site.id, nowMs)
  if (series.state !== 'ready') return <span className={text.mute}>—</span>
  const { value } = series
  return (
    <Spark
      label={`Price of ${view.site.name}, 12 h back and 12 h ahead, against a break-even of ${priceLabel(view.site.breakEvenPowerPerMwh, unit)}`}
      model={{
        fromMs: nowMs - WINDOW_MS,
        toMs: nowMs + WINDOW_MS,
        nowMs,
        settled: value.settled,
        forward: value.forward,
        flat: value.flatPerMwh,
        breakEven: view.site.breakEvenPowerPerMwh,
      }}
    />
  )
}

const adviceWords = { run: 'run', off: 'stop', none: '—' } as const

function Blocks({ sites, unit }: { sites: readonly SiteReport[]; unit: PriceUnit }) {
  const rows = blockRows(sites, unit)
  if (rows.length === 0) return null
  const several = sites.length > 1
  return (
    <table className={css.blocks}>
      <thead>
        <tr>
          <th scope="col">{several ? 'Blocks' : `Blocks at ${sites[0]?.name ?? ''}`}</th>
          {several && (
            <th scope="col" className={css.cSite}>
              Site
            </th>
          )}
          <th scope="col" className={css.cShort}>
            Advice
          </th>
          <th scope="col" className={text.number}>
            Hashing
          </th>
          <th scope="col" className={text.number}>
            PH/s
          </th>
          <th scope="col" className={text.number}>
            MW
          </th>
          <th scope="col" className={text.number}>
            J/TH
          </th>
          <th scope="col" className={`${text.number} ${css.cMoney}`}>
            Revenue, {priceUnit(unit)}
          </th>
          <th scope="col" className={`${text.number} ${css.cMoney}`}>
            Break-even, {priceUnit(unit)}
          </th>
          <th scope="col" className={`${text.number} ${css.cMoney}`} aria-sort="ascending">
            Margin, {priceUnit(unit)} <span aria-hidden="true">↑</span>
          </th>
          <th scope="col" className={`${text.number} ${css.cMoney}`}>
            Margin per hour
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((b) => (
          <tr key={b.id}>
            <th scope="row" className={css.blockName}>
              {b.label}
            </th>
            {several && <td className={css.blockName}>{b.site}</td>}
            <td className={b.advice === 'off' ? text.strong : text.soft}>{adviceWords[b.advice]}</td>
            <td className={text.number}>{b.machines}</td>
            <td className={text.number}>{b.hashrate}</td>
            <td className={text.number}>{b.power}</td>
            <td className={text.number}>{b.efficiency}</td>
            <td className={text.number}>{b.revenue}</td>
            <td className={text.number}>{b.breakEven}</td>
            <td className={`${text.number} ${b.loss ? text.loss : ''}`}>{b.margin}</td>
            <td className={`${text.number} ${b.loss ? text.loss : ''}`}>{b.perHour}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Causes({ causes }: { causes: readonly CauseView[] }) {
  return (
    <section className={css.causes} aria-label="Alerts by cause">
      <h2 className={text.heading}>
        {causes.length === 0
          ? 'Nothing needs someone'
          : causes.length === 1
            ? '1 cause needs someone'
            : `${causes.length} causes need someone`}
      </h2>
      {causes.length > 0 && (
        <ScrollRegion className={css.list} label="Causes">
          <ul>
            {causes.map((c) => (
              <li key={c.key} className={c.hot ? css.hot : undefined}>
                <span className={css.causeIcon}>
                  <Icon name={c.hot ? 'warning' : 'partial'} />
                </span>
                <span className={css.causeText}>
                  <b>{c.site}.</b> {c.text}
                </span>
                <span className={css.since}>{c.since}</span>
              </li>
            ))}
          </ul>
        </ScrollRegion>
      )}
    </section>
  )
}

const actionWords = { ran: 'Ran', curtailed: 'Curtailed', ignored: 'Ignored' } as const

function Recorded({ report, site }: { report: Report; site: string | null }) {
  const records = useAsk('decision.list', { limit: 50 })
  const names = new Map(report.sites.map((s) => [s.id, s]))
  const rows = records.state === 'ready' ? records.value.filter((r) => site === null || r.siteId === site).slice(0, 12) : []
  return (
    <section className={css.log} aria-label="Recorded decisions">
      <h2 className={text.heading}>Recorded</h2>
      {records.state === 'failed' && <p className={text.mute}>The log could not be read.</p>}
      {records.state === 'ready' && rows.length === 0 && (
        <p className={css.none}>Nothing recorded yet. Record what was done, so that savings can be proved later.</p>
      )}
      <table>
        <tbody>
          {rows.map((r) => (
            <tr key={r.id}>
              <td className={text.mute}>{clockTime(r.atMs, names.get(r.siteId)?.timeZone ?? 'UTC')}</td>
              <td>{names.get(r.siteId)?.name ?? r.siteId}</td>
              <td>
                {actionWords[r.action]}
                {r.mw === null ? '' : ` ${decimal(r.mw, 2)} MW`}
                {r.reason === '' ? '' : `, ${r.reason}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
