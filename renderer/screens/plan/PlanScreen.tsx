import { useEffect, useMemo, useRef, useState } from 'react'
import type { Assumption, ConversionReport, Gate } from '#shared/decision/conversion.ts'
import { shareText } from '#shared/decision/conversion-stance.ts'
import type { DrawsState } from '#shared/decision/draws.ts'
import type { SiteReport } from '#shared/decision/site-report.ts'
import { age, decimal, dollars, money, type PriceUnit } from '#shared/format.ts'
import { type Asked, useAsk } from '../../api.ts'
import { useNow } from '../../clock.ts'
import { AssumptionField, ChoiceField } from '../../components/AssumptionField.tsx'
import { Button } from '../../components/Button.tsx'
import { ChartFrame } from '../../components/ChartFrame.tsx'
import { FigureButton } from '../../components/FigureButton.tsx'
import { Icon } from '../../components/Icon.tsx'
import { Empty, NotReady, StaleAnswer } from '../../components/NotReady.tsx'
import { FigureNumber } from '../../components/Number.tsx'
import { ScreenHead } from '../../components/ScreenHead.tsx'
import { ScrollRegion } from '../../components/ScrollRegion.tsx'
import { Segmented } from '../../components/Segmented.tsx'
import { Sentence } from '../../components/Sentence.tsx'
import { clearOverrides, type Overrides, redo, refusalOf, setOverride, undo, useOverrides } from '../../drafts.ts'
import { ageOf } from '../../input-view.ts'
import { usePreferences } from '../../preferences.ts'
import { go, type PlanView, routeTo, useRoute, writeRoute } from '../../routes.ts'
import text from '../../theme/text.module.css'
import { words } from '../../words.ts'
import { type StepView, shapeOf, sourceWord, stepViews } from './assumptions.ts'
import { cashOption, cashTable, tornadoOption, tornadoTable } from './charts.ts'
import { Draws, DrawsAnnounced, RunDraws } from './Draws.tsx'
import { currentRun } from './draws-view.ts'
import css from './PlanScreen.module.css'
import { Scenarios } from './Scenarios.tsx'
import { cashFinding, type Figures, planSentence, planSite, results, siteChecks, tornadoFinding, verdictWords } from './view-model.ts'

const SETTLE_MS = 40

export function PlanScreen() {
  const report = useAsk('sites.report', {})
  const route = useRoute()
  if (report.state !== 'ready') return <NotReady of={report} what="the sites" />
  const site = planSite(report.value.sites, route.site)
  if (site === null) return <Empty>{words.noSites}</Empty>
  return <SitePlan key={site.id} site={site} sites={report.value.sites} view={route.view} />
}

/** The value once it has rested: a slider on the move asks about its stops, not about every pixel. */
const useSettled = <T,>(value: T, ms: number): T => {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}

function SitePlan({ site, sites, view }: { site: SiteReport; sites: readonly SiteReport[]; view: PlanView }) {
  const { unit } = usePreferences()
  const overrides = useOverrides(site.id)
  const settled = useSettled(overrides, SETTLE_MS)
  const plan = useAsk('plan.conversion', { site: site.id, overrides: settled }, { keepPrevious: true, gcTime: 30_000 })
  const asked = useAsk('plan.drawsState', { site: site.id, overrides: settled }, { keepPrevious: true, gcTime: 30_000 })
  const draws = asked.state === 'ready' ? asked.value : null
  useUndoKeys()
  if (plan.state !== 'ready') return <NotReady of={plan} what={`the conversion of ${site.name}`} />
  return (
    <div className={css.screen}>
      <StaleAnswer of={plan} what="the plan" />
      <Head site={site} report={plan.value} draws={draws} />
      <Steps report={plan.value} />
      <div className={css.columns}>
        <Assumptions site={site} report={plan.value} overrides={overrides} unit={unit} />
        <Side site={site} report={plan.value} overrides={settled} draws={asked} view={view} />
      </div>
      <Checks site={site} report={plan.value} sites={sites} />
    </div>
  )
}

const views: readonly { readonly id: PlanView; readonly label: string }[] = [
  { id: 'entered', label: 'Entered case' },
  { id: 'draws', label: 'Draws' },
  { id: 'scenarios', label: 'Scenarios' },
]
const refusedViews: typeof views = [
  { id: 'entered', label: 'Why not' },
  { id: 'scenarios', label: 'Scenarios' },
]

/** In the address, so that Back and a link lead to it. */
const show = (view: PlanView) => go({ view })

/** What follows from the assumptions: the entered case, its draws, and the same site under the scenarios. */
function Side({
  site,
  report,
  overrides,
  draws,
  view,
}: {
  site: SiteReport
  report: ConversionReport
  overrides: Overrides
  draws: Asked<DrawsState>
  view: PlanView
}) {
  const { figures } = report
  const shown: PlanView = figures === null && view === 'draws' ? 'entered' : view
  return (
    <section className={css.side} aria-label="Results">
      <header className={css.sideHead}>
        <Segmented label="What is shown" value={shown} options={figures === null ? refusedViews : views} onChange={show} />
        {draws.state === 'ready' && (
          <>
            <RunDraws site={site.id} overrides={overrides} state={draws.value} onRun={() => show('draws')} />
            <DrawsAnnounced state={draws.value} />
          </>
        )}
      </header>
      {shown === 'scenarios' ? (
        <Scenarios site={site.id} name={site.name} overrides={overrides} />
      ) : figures === null ? (
        <Refused report={report} />
      ) : shown === 'entered' ? (
        <Results figures={figures} site={site} />
      ) : draws.state === 'ready' ? (
        <Draws site={site.id} state={draws.value} entered={figures.npvUsd} />
      ) : (
        <NotReady of={draws} what={`the draws of ${site.name}`} />
      )}
    </section>
  )
}

const useUndoKeys = () => {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z' || event.target instanceof HTMLTextAreaElement) return
      event.preventDefault()
      if (event.shiftKey) redo()
      else undo()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}

function Head({ site, report, draws }: { site: SiteReport; report: ConversionReport; draws: DrawsState | null }) {
  const nowMs = useNow(10_000)
  const grid = report.assumptions.find((a) => a.id === 'gridMw')?.value
  const btc = site.inputs.find((i) => i.id === 'btc_price')
  const { figures } = report
  const run = figures === null ? null : currentRun(draws)
  const { headline, rest } = planSentence(report, run, site.interconnectMw)
  return (
    <ScreenHead
      number={
        <FigureNumber
          label={
            <>
              <strong>NPV against keep-mining</strong>
              {run === null ? '' : ', P50'}
              {typeof grid === 'number' && figures !== null ? `, convert ${decimal(grid, 1)} MW` : ''}
            </>
          }
          value={money(run?.npv.p50Usd ?? figures?.npvUsd ?? null)}
          beside={
            figures === null ? (
              <span className={css.beside}>a gate forbids it</span>
            ) : run !== null ? (
              <span className={css.beside}>
                P10 {money(run.npv.p10Usd)}
                <br />
                P90 {money(run.npv.p90Usd)}
              </span>
            ) : (
              <>
                <FigureButton figure="npv_usd" of={site.id} name="NPV against keep-mining" />
                <span className={css.beside}>
                  {decimal(figures.itMw, 1)} MW of IT
                  <br />
                  {money(figures.totalCapexUsd)} capital
                </span>
              </>
            )
          }
        />
      }
      sentence={<Sentence headline={headline} rest={rest} />}
      provenance={`${site.name}. ${basisWords(figures?.npvUsd ?? null, draws)} · hashprice ${site.hashpriceUsdPerPhDay === null ? '—' : `${dollars(site.hashpriceUsdPerPhDay)}/PH/day`}, ${age(btc ? ageOf(btc, nowMs) : null)} old`}
    >
      <a className={css.main} href={writeRoute(routeTo('memo', { site: site.id }))}>
        Open memo
      </a>
    </ScreenHead>
  )
}

/** What the one number is: the entered case, or the middle of so many draws. */
const basisWords = (entered: number | null, draws: DrawsState | null): string => {
  const run = currentRun(draws)
  if (entered === null) return 'No draws are offered without figures'
  if (run === null)
    return draws?.standing === 'other' ? 'Entered case; the draws belong to other assumptions' : 'Entered case, no draws run'
  return `${decimal(run.draws, 0)} draws; worse than mining in ${shareText(run.regretProbability)}; entered case ${money(entered)}`
}

const anchor = (title: string) => `step-${title.toLowerCase().replace(/\s+/g, '-')}`

function Steps({ report }: { report: ConversionReport }) {
  return (
    <nav className={css.steps} aria-label="Steps of an AI conversion">
      <span className={css.stepsTitle}>AI conversion</span>
      <ol>
        {stepViews(report.assumptions).map((s, i) => (
          <li key={s.title}>
            <button type="button" onClick={() => document.getElementById(anchor(s.title))?.scrollIntoView({ block: 'start' })}>
              <Icon name={s.defaults === 0 ? 'check' : 'partial'} />
              <span>
                {i + 1} {s.title}
              </span>
              <span className={css.stepNote}>
                {s.defaults === 0 ? `${s.rows.length} of ${s.rows.length}` : `${s.rows.length - s.defaults} of ${s.rows.length}`}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}

function Assumptions({
  site,
  report,
  overrides,
  unit,
}: {
  site: SiteReport
  report: ConversionReport
  overrides: Overrides
  unit: PriceUnit
}) {
  const own = Object.keys(overrides).length
  return (
    <ScrollRegion className={css.assumptions} label="Assumptions">
      <header className={css.assumptionsHead}>
        <h2 className={text.heading}>Assumptions</h2>
        <span className={css.note}>
          {own === 0 ? 'Defaults are marked; change any of them' : `${own} of ${report.assumptions.length} are yours`}
        </span>
        {own > 0 && (
          <Button kind="link" small onPress={() => clearOverrides(site.id)}>
            {own === 1 ? 'Reset 1 override' : `Reset ${own} overrides`}
          </Button>
        )}
      </header>
      {stepViews(report.assumptions).map((s) => (
        <StepSection key={s.title} step={s} site={site.id} overrides={overrides} unit={unit} />
      ))}
    </ScrollRegion>
  )
}

function StepSection({ step, site, overrides, unit }: { step: StepView; site: string; overrides: Overrides; unit: PriceUnit }) {
  if (step.rows.length === 0) return null
  return (
    <section aria-labelledby={anchor(step.title)}>
      <h3 className={css.group} id={anchor(step.title)}>
        {step.title}
      </h3>
      {step.rows.map((a) => (
        <Row key={a.id} assumption={a} site={site} overrides={overrides} unit={unit} />
      ))}
    </section>
  )
}

const yesNo = [
  { id: 'yes', label: 'Yes' },
  { id: 'no', label: 'No' },
] as const
const workloads = [
  { id: 'training', label: 'Training' },
  { id: 'inference', label: 'Inference' },
] as const

function Row({ assumption: a, site, overrides, unit }: { assumption: Assumption; site: string; overrides: Overrides; unit: PriceUnit }) {
  // What was just typed is shown at once; the report catches up.
  const typed = Object.entries(overrides).find(([id]) => id === a.id)?.[1]
  const value = typed ?? (a.overridden ? a.defaultValue : a.value)
  const chip = { ...sourceWord({ ...a, overridden: typed !== undefined }), title: a.source }
  const onReset = typed === undefined ? undefined : () => setOverride(site, a.id, undefined)
  if (typeof value === 'boolean')
    return (
      <ChoiceField
        label={a.label}
        value={value ? 'yes' : 'no'}
        options={yesNo}
        chip={chip}
        onChange={(v) => setOverride(site, a.id, v === 'yes')}
        onReset={onReset}
      />
    )
  if (typeof value === 'string') {
    const chosen = workloads.find((w) => w.id === value)?.id ?? 'training'
    return (
      <ChoiceField
        label={a.label}
        value={chosen}
        options={workloads}
        chip={chip}
        onChange={(v) => setOverride(site, a.id, v)}
        onReset={onReset}
      />
    )
  }
  const shape = shapeOf(a, unit)
  const shown = (n: number) => Number((n * shape.factor).toPrecision(12))
  const stored = (n: number) => Number((n / shape.factor).toPrecision(12))
  return (
    <AssumptionField
      label={a.label}
      value={shown(value)}
      min={a.range ? shown(a.range.min) : undefined}
      max={a.range ? shown(a.range.max) : undefined}
      step={a.range ? shown(a.range.step) : 1}
      decimals={shape.decimals}
      unit={shape.unit}
      chip={chip}
      onChange={(v) => setOverride(site, a.id, stored(v))}
      refuse={(v) => refusalOf(a.id, stored(v))}
      onReset={onReset}
    />
  )
}

function Results({ figures, site }: { figures: Figures; site: SiteReport }) {
  const cash = useMemo(() => cashOption(figures), [figures])
  const tornado = useMemo(() => tornadoOption(figures), [figures])
  return (
    <div className={css.results}>
      <dl className={css.figures}>
        {results(figures, site.hashpriceUsdPerPhDay).map((r) => (
          <div key={r.label}>
            <dt>{r.label}</dt>
            <dd className={[css.value, r.loss ? text.loss : '', r.strong ? css.strong : ''].join(' ')}>
              {r.value}
              {r.figure && <FigureButton figure={r.figure} of={site.id} name={r.label} />}
            </dd>
            <dd className={css.note}>{r.note}</dd>
          </div>
        ))}
      </dl>
      <ChartFrame
        className={css.chart}
        title={tornadoFinding(figures)}
        subtitle="NPV against keep-mining, one input at a time to the ends of its range"
        build={tornado}
        table={tornadoTable(figures)}
      />
      <ChartFrame
        className={css.chart}
        title={cashFinding(figures)}
        subtitle="Cumulative cash against mining on, undiscounted, by month from today"
        build={cash}
        table={cashTable(figures)}
      />
    </div>
  )
}

/** A failed gate takes the place of the figures: they would answer a question that must not be asked. */
function Refused({ report }: { report: ConversionReport }) {
  const failed = report.gates.filter((g) => g.failed)
  return (
    <ScrollRegion className={css.refused} label="Why not">
      <h2 className={css.refusedTitle}>{verdictWords[report.verdict]}: no return is shown while a gate is closed</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">What is in the way</th>
            <th scope="col">What would cure it</th>
          </tr>
        </thead>
        <tbody>
          {failed.map((g: Gate) => (
            <tr key={g.id}>
              <td>
                <span className={css.gate}>
                  <Icon name="cross" />
                  {g.reason}
                </span>
              </td>
              <td className={text.soft}>{g.cure}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={css.noDraws}>No draws are offered: they would put odds on a conversion that a gate forbids.</p>
      <Score report={report} />
    </ScrollRegion>
  )
}

function Score({ report }: { report: ConversionReport }) {
  return (
    <>
      <h3 className={css.scoreTitle}>
        Suitability {decimal(report.score, 0)} of 100 <span className={css.note}>weighted; each part 0 to 100</span>
      </h3>
      <ul className={css.score}>
        {report.components.map((c) => (
          <li key={c.id}>
            <span>{c.label}</span>
            <span className={css.scoreBar} aria-hidden="true">
              <span style={{ width: `${Math.max(0, Math.min(100, c.score))}%` }} />
            </span>
            <span className={css.scoreValue}>{decimal(c.score, 0)}</span>
            <span className={css.note}>
              {c.input}, weight {decimal(c.weight, 0)}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function Checks({ site, report, sites }: { site: SiteReport; report: ConversionReport; sites: readonly SiteReport[] }) {
  const [open, setOpen] = useState(false)
  const details = useRef<HTMLDivElement>(null)
  return (
    <section className={css.checks} aria-label="Site check for AI hosting">
      <div className={css.checksTitle}>
        Site check
        <br />
        for AI hosting
      </div>
      {siteChecks(sites).map((c) => (
        <div key={c.id} className={c.stop ? css.stop : undefined}>
          <a href={writeRoute(routeTo('plan', { site: c.id }))} aria-current={c.id === site.id ? 'page' : undefined}>
            {c.name}
          </a>
          {c.stop ? (
            <>
              <b>: {c.verdict.toLowerCase()}.</b> <span className={text.soft}>{c.reason}</span>
            </>
          ) : (
            <>
              {' '}
              {c.score}
              <br />
              <span className={text.mute}>{c.verdict}</span>
            </>
          )}
        </div>
      ))}
      {report.figures !== null && (
        <Button kind="link" small aria-expanded={open} onPress={() => setOpen(!open)}>
          {open ? 'Hide the score' : 'Show the score'}
        </Button>
      )}
      {open && report.figures !== null && (
        <div ref={details} className={css.scorePanel}>
          <Score report={report} />
        </div>
      )}
    </section>
  )
}
