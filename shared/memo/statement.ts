import type { SourceRow } from '../contract.ts'
import type { Gate } from '../decision/conversion.ts'
import type { BlockReport, SiteReport } from '../decision/site-report.ts'
import {
  accounting,
  age,
  amount,
  clockTimeZone,
  count,
  date,
  dateTime,
  decimal,
  dollars,
  megawattsText,
  money,
  percent,
  price,
  signed,
  UNKNOWN,
} from '../format.ts'
import type { TracedInput } from '../market/traced.ts'
import { HOUR_MS } from '../time.ts'
import { HOURS_PER_DAY } from '../units.ts'
import { assumptionFigure, assumptionText, duration, inputFigure, tableMoney } from './figure-text.ts'
import { memoFileName } from './file-name.ts'
import { visibleText } from './visible-text.ts'

/**
 * The decision memo as data: every title, sentence, table and figure that the paper shows, from the same reports and the same formatters
 * as the screens. The document (`electron/memo/document.ts`) sets it in type and adds nothing. Sections follow `ux.md` 9; this version
 * has pages 1, 2, 4 and 7, and for a site whose conversion was computed the figures of 3 and 5 that need no simulation.
 */
export type MemoColumn = {
  readonly head: string
  readonly sub: string | null
  readonly align: 'left' | 'right'
  /** Options are told apart by shape, so that a greyscale print reads. */
  readonly shape: 'disc' | 'square' | 'diamond' | null
  /** The column the memo asks for. */
  readonly proposed: boolean
  /** Share of the table's width in percent; null: as the content needs. */
  readonly width: number | null
}

export type MemoRow = { readonly cells: readonly string[]; readonly strong: boolean }

export type MemoChart =
  | {
      readonly type: 'break-even'
      /** Present power price, USD/MWh; null where unknown or withheld. */
      readonly price: number | null
      readonly priceText: string
      readonly bars: readonly { readonly label: string; readonly value: number; readonly text: string; readonly below: boolean }[]
    }
  | {
      readonly type: 'tornado'
      readonly base: number
      readonly baseText: string
      readonly bars: readonly {
        readonly label: string
        readonly atLow: number
        readonly atHigh: number
        readonly lowText: string
        readonly highText: string
      }[]
    }
  | { readonly type: 'cumulative'; readonly monthly: readonly number[]; readonly lowestMonth: number; readonly lowestText: string }

export type MemoBlock =
  | {
      readonly kind: 'facts'
      readonly id: string
      readonly ruled: boolean
      readonly rows: readonly { readonly label: string; readonly text: string }[]
    }
  | {
      readonly kind: 'verdict'
      readonly id: string
      readonly heading: string
      readonly sentence: string
      readonly reason: string
      readonly figure: string
      readonly captions: readonly string[]
    }
  | { readonly kind: 'text'; readonly id: string; readonly heading: string; readonly paragraphs: readonly string[] }
  | {
      readonly kind: 'table'
      readonly id: string
      readonly heading: string
      readonly caption: string | null
      readonly look: 'options' | 'dense'
      readonly columns: readonly MemoColumn[]
      readonly rows: readonly MemoRow[]
      readonly note: string | null
    }
  | {
      readonly kind: 'chart'
      readonly id: string
      /** The finding. */
      readonly heading: string
      readonly caption: string
      readonly source: string
      readonly alt: string
      readonly chart: MemoChart
    }
  | { readonly kind: 'formula'; readonly id: string; readonly heading: string; readonly words: string; readonly worked: readonly string[] }

export type MemoSection = {
  readonly id: string
  readonly siteId: string | null
  /** Running head, left and right. */
  readonly running: string
  readonly scope: string
  readonly heading: string
  /** The page a board reads alone: set larger. */
  readonly opening: boolean
  readonly blocks: readonly MemoBlock[]
}

export type MemoStatement = {
  readonly title: string
  readonly scope: string
  readonly suggestedName: string
  readonly demo: boolean
  readonly version: string
  readonly generatedAtMs: number
  /** With zone: "Wed 25 Nov 2026, 14:52 CST". */
  readonly generatedAt: string
  readonly paper: 'a4' | 'letter'
  readonly sections: readonly MemoSection[]
  /** What the memo was made from; its hash is printed on every page. */
  readonly basis: {
    readonly reports: readonly SiteReport[]
    readonly sources: readonly SourceRow[]
    readonly version: string
    readonly demo: boolean
  }
}

export type MemoInput = {
  readonly reports: readonly SiteReport[]
  readonly sources: readonly SourceRow[]
  readonly nowMs: number
  readonly version: string
  readonly demo: boolean
  /** Left out: Letter where all sites lie in the Americas, else A4. */
  readonly paper?: 'a4' | 'letter'
}

// ---- small pieces of text

/** Names stand in titles and table heads: 60 characters tell two sites apart, 60,000 would push the decision off its page. */
const nameText = (name: string) => visibleText(name, 60)
const perMwh = (n: number | null) => (n === null ? UNKNOWN : `${dollars(n)}/MWh`)
const listed = (names: readonly string[]): string =>
  names.length <= 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
/** Ends a sentence that came from elsewhere, once. */
const ended = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const column = (head: string, more: Partial<MemoColumn> = {}): MemoColumn => ({
  head,
  sub: null,
  align: 'left',
  shape: null,
  proposed: false,
  width: null,
  ...more,
})
const row = (...cells: string[]): MemoRow => ({ cells, strong: false })
const strongRow = (...cells: string[]): MemoRow => ({ cells, strong: true })

const scopeOf = (r: SiteReport) =>
  [nameText(r.name), visibleText(r.place, 60), megawattsText(r.interconnectMw)].filter((s) => s !== '').join(', ')

const judgedBlocks = (r: SiteReport): readonly (BlockReport & { breakEvenPowerPerMwh: number })[] =>
  r.blocks
    .flatMap((b) => (b.breakEvenPowerPerMwh === null ? [] : [{ ...b, breakEvenPowerPerMwh: b.breakEvenPowerPerMwh }]))
    .sort((a, b) => b.breakEvenPowerPerMwh - a.breakEvenPowerPerMwh || a.label.localeCompare(b.label))

const advisedBlocks = (r: SiteReport) => r.blocks.filter((b) => r.recommendation.blockIds.includes(b.id))

const blocksPhrase = (r: SiteReport): string => {
  const labels = advisedBlocks(r).map((b) => nameText(b.label))
  return labels.length === 0 || labels.length > 3
    ? count(r.recommendation.blockIds.length, 'block')
    : labels.length === 1
      ? `the ${labels[0]} block`
      : `the ${listed(labels)} blocks`
}

const marginalBlock = (r: SiteReport) => r.blocks.find((b) => b.id === r.marginalBlockId) ?? null

// ---- the conversion's side of the decision

type Stance = 'ruled-out' | 'stay-mining' | 'not-worth-it' | 'conditional' | 'seek-lease'

/** Suitability first, money second: a site that scores well and loses against mining on is not a site to convert. */
const stanceOf = (r: SiteReport): Stance => {
  const { verdict, figures } = r.ai
  if (verdict === 'DO_NOT_CONVERT' || figures === null) return 'ruled-out'
  if (verdict === 'KEEP_MINING') return 'stay-mining'
  if (figures.npvUsd <= 0) return 'not-worth-it'
  return verdict === 'CONDITIONAL' ? 'conditional' : 'seek-lease'
}

const failedGates = (r: SiteReport): readonly Gate[] => r.ai.gates.filter((g) => g.failed)
const gateReasons = (r: SiteReport) =>
  failedGates(r)
    .map((g) => ended(visibleText(g.reason)))
    .join(' ')

const leaseText = (n: number | null) => (n === null ? UNKNOWN : `${dollars(n)} per kW-month`)

const assumptionOf = (r: SiteReport, id: string) => r.ai.assumptions.find((a) => a.id === id)
const assumedNumber = (r: SiteReport, id: string): number | null => {
  const value = assumptionOf(r, id)?.value
  return typeof value === 'number' ? value : null
}
const assumed = (r: SiteReport, id: string): string => {
  const a = assumptionOf(r, id)
  return a ? assumptionText(a.id, a.value, a.unit) : UNKNOWN
}

const CONVERSION_CLAUSE: Record<Stance, string> = {
  'ruled-out': 'do not convert the site to AI hosting',
  'stay-mining': 'keep the site mining rather than convert it',
  'not-worth-it': 'do not convert to AI hosting at the lease entered',
  conditional: 'hold the AI conversion until its weak points are cured',
  'seek-lease': 'seek a lease for the AI conversion',
}

const conversionAsk = (r: SiteReport): string => {
  const lease = leaseText(r.ai.figures?.breakEvenLeasePerKwMonthUsd ?? null)
  switch (stanceOf(r)) {
    case 'ruled-out':
      return 'Record that the site cannot host AI as it stands. No money is asked for.'
    case 'stay-mining':
      return 'Keep the site mining. No money is asked for a conversion.'
    case 'not-worth-it':
      return `No money is asked for a conversion: at the lease entered it is worth less than mining on. Converting breaks even at ${lease}.`
    case 'conditional':
      return `No money is asked for a conversion yet. It breaks even at ${lease}.`
    case 'seek-lease':
      return `Give a mandate to seek a lease above ${lease}, where converting and mining on are worth the same.`
  }
}

// ---- page 1, decision

const switchingClause = (r: SiteReport): string => {
  const name = nameText(r.name)
  switch (r.recommendation.action) {
    case 'curtail': {
      const off = advisedBlocks(r)
      const only = off.length === 1 ? (off[0]?.breakEvenPowerPerMwh ?? null) : null
      return `Stop ${blocksPhrase(r)} at ${name} while power is worth more than ${only === null ? 'it earns' : perMwh(only)}`
    }
    case 'run':
      return `Keep every block at ${name} hashing at the present power price`
    case 'none':
      return `Make no switching decision at ${name} on these inputs`
  }
}

const siteTitle = (r: SiteReport) => `${switchingClause(r)}; ${CONVERSION_CLAUSE[stanceOf(r)]}`

const switchingAsk = (r: SiteReport): string => {
  const a = r.recommendation
  if (a.action === 'none') return `Take note that no switching advice is given. ${ended(visibleText(a.reason))}`
  const marginal = marginalBlock(r)
  if (a.action === 'curtail')
    return `Approve that ${blocksPhrase(r)}, ${megawattsText(a.mw)}, is stopped while the power price is above its break-even and runs again below it.`
  return marginal
    ? `Approve the rule: every block runs while the power price is below its own break-even. The first to stop is ${nameText(marginal.label)}, at ${perMwh(marginal.breakEvenPowerPerMwh)}.`
    : 'Approve the rule: every block runs while the power price is below its own break-even.'
}

const byWhen = (r: SiteReport): string => {
  const a = r.recommendation
  if (a.action === 'none') return 'No date follows from the inputs.'
  const next =
    a.nextChangeAtMs === null
      ? null
      : `The day-ahead price next crosses a break-even at ${clockTimeZone(a.nextChangeAtMs, r.timeZone)} on ${date(a.nextChangeAtMs, r.timeZone)}.`
  if (a.action === 'curtail')
    return ['Now.', a.savingUsd === null ? null : `Waiting costs ${amount(a.savingUsd)} an hour.`, next].filter((s) => s !== null).join(' ')
  return next ?? 'No hurry: no change of advice is known from the prices published so far.'
}

const NOT_SIMULATED = 'P10 and P90 are not simulated in this version.'

/** The one number of a site's decision page, with what is known of its range in words. */
const oneNumber = (r: SiteReport): { figure: string; captions: string[] } => {
  const { figures } = r.ai
  if (stanceOf(r) === 'seek-lease' && figures) {
    const ends = figures.tornado.flatMap((t) => [t.npvLowUsd, t.npvHighUsd])
    const range = ends.length === 0 ? '' : `Moving one input at a time: ${money(Math.min(...ends))} to ${money(Math.max(...ends))}. `
    return {
      figure: money(figures.npvUsd),
      captions: [
        `NPV against keep-mining, entered case, ${duration(assumedNumber(r, 'horizonMonths'))} at ${assumed(r, 'discountRateAnnual')}`,
        range + NOT_SIMULATED,
      ],
    }
  }
  const a = r.recommendation
  const present = `At the present price of ${perMwh(r.pricePerMwh)}. A year of prices is not simulated in this version.`
  if (a.action === 'curtail') return { figure: amount(a.savingUsd), captions: ['an hour, kept by stopping instead of running on', present] }
  if (a.action === 'run') return { figure: amount(r.marginUsdPerHour), captions: ['margin an hour over all running blocks', present] }
  return { figure: UNKNOWN, captions: ['No figure is given for advice that is withheld.', ended(visibleText(a.reason))] }
}

const alternative = (r: SiteReport): string[] => {
  const a = r.recommendation
  const figures = r.ai.figures
  const tied = figures === null ? '' : money(Math.abs(Math.min(0, figures.lowestCashUsd)))
  if (stanceOf(r) === 'seek-lease' && figures)
    return [
      `Mining on gives up ${money(figures.npvUsd)} in the entered case. Converting ties up ${tied} of cash, ${figures.paybackMonths === null ? 'does not pay back within the horizon' : `pays back after ${duration(figures.paybackMonths)}`}, and cannot be undone.`,
    ]
  const first =
    a.action === 'curtail'
      ? a.savingUsd === null
        ? `Running on costs more than it earns at ${perMwh(r.pricePerMwh)}.`
        : `Running on would lose ${amount(a.savingUsd)} an hour at ${perMwh(r.pricePerMwh)}.`
      : a.action === 'run'
        ? r.marginUsdPerHour === null
          ? 'What stopping would give up is not known.'
          : `Stopping every block would give up ${amount(r.marginUsdPerHour)} an hour at ${perMwh(r.pricePerMwh)}.`
        : 'Switching on these inputs would be a guess; the blocks stay as they are until the cause is cured.'
  const f = r.ai.figures
  const second =
    f === null
      ? `Converting to AI hosting is ruled out. ${gateReasons(r)}`
      : `Converting ${megawattsText(assumedNumber(r, 'gridMw'))} to AI hosting: ${money(f.npvUsd)} against keep-mining in the entered case. It ties up ${tied} of cash, ${
          f.paybackMonths === null ? 'does not pay back within the horizon' : `pays back after ${duration(f.paybackMonths)}`
        }, and cannot be undone.`
  return [first, second.trim()]
}

/**
 * Until when the advice may be used. The rule stands until it is replaced; what it says now changes with the power price and the hashprice,
 * so the next known crossing and the hashprice that turns the marginal block are named.
 */
const validity = (r: SiteReport): string => {
  const a = r.recommendation
  if (a.action === 'none') return 'Draft, unsigned. No advice is given that could be valid.'
  const at = `Draft, unsigned. The rule holds until it is replaced; what it says is as of ${clockTimeZone(r.asOfMs, r.timeZone)}`
  const turns =
    r.breakEvenHashpriceUsd === null
      ? ''
      : a.action === 'curtail'
        ? ` and changes when hashprice rises above ${dollars(r.breakEvenHashpriceUsd)}/PH/day at this power price`
        : ` and changes when hashprice falls below ${dollars(r.breakEvenHashpriceUsd)}/PH/day at this power price`
  const next =
    a.nextChangeAtMs === null
      ? ''
      : `${turns === '' ? ' and changes' : ', or'} at ${clockTimeZone(a.nextChangeAtMs, r.timeZone)}, the next known crossing`
  return `${at}${turns}${next}.`
}

const oldInputs = (r: SiteReport, nowMs: number): string[] =>
  r.inputs.flatMap((i) => {
    const label = visibleText(i.label, 80)
    if (i.freshness === 'missing') return [`${label} is missing${i.problem ? ` (${visibleText(i.problem, 200)})` : ''}.`]
    if (i.freshness === 'fresh' || i.observedAtMs === null || i.limits === null) return []
    const old = `${label} is ${age(nowMs - i.observedAtMs)} old`
    return i.freshness === 'dead'
      ? [`${old}, past its limit of ${age(i.limits.deadAfterMs)}: advice is withheld.`]
      : [`${old} (limit ${age(i.limits.staleAfterMs)}).`]
  })

const readWithCare = (r: SiteReport, nowMs: number, demo: boolean): string => {
  const silent = r.coverage.machines - r.coverage.reported
  const estimatedMw = r.blocks.reduce((sum, b) => sum + b.estimatedMw, 0)
  const overridden = [
    ...r.inputs.filter((i) => i.quality === 'overridden').map((i) => visibleText(i.label, 60)),
    ...r.ai.assumptions.filter((a) => a.overridden).map((a) => visibleText(a.label, 60)),
  ]
  const defaults = r.ai.assumptions.filter((a) => !a.overridden && a.quality === 'assumed').length
  const care = [
    demo ? 'Simulated farm: nothing on these pages describes a real site.' : null,
    ...oldInputs(r, nowMs),
    silent > 0 ? `${count(silent, 'machine')} of ${decimal(r.coverage.machines, 0)} did not report.` : null,
    estimatedMw > 0.0499 ? `${megawattsText(estimatedMw)} of the load is estimated or from name plates.` : null,
    overridden.length > 0 ? `Set by hand: ${listed(overridden)}.` : null,
    defaults > 0 ? `${decimal(defaults, 0)} of ${decimal(r.ai.assumptions.length, 0)} conversion assumptions are defaults.` : null,
  ].filter((s) => s !== null)
  return care.length === 0 ? 'Nothing: every input is within its limits and every machine reported.' : care.join(' ')
}

const REVERSIBLE = 'Switching: easy, within minutes, by the operator; Hashyard sends no command. Conversion: one-way.'
const NO_OWNER = 'Not named. The memo stays a draft until an owner signs it.'

const decisionSection = (r: SiteReport, nowMs: number, demo: boolean, opening: boolean): MemoSection => {
  const number = oneNumber(r)
  const seeksLease = stanceOf(r) === 'seek-lease'
  return {
    id: `decision-${r.id}`,
    siteId: r.id,
    running: 'Decision memo',
    scope: scopeOf(r),
    heading: siteTitle(r),
    opening,
    blocks: [
      {
        kind: 'facts',
        id: 'asked',
        ruled: false,
        rows: [
          { label: 'Asked of the board', text: `${switchingAsk(r)} ${conversionAsk(r)}` },
          { label: 'By when', text: byWhen(r) },
          { label: 'Owner', text: NO_OWNER },
        ],
      },
      {
        kind: 'verdict',
        id: 'verdict',
        heading: 'Verdict',
        sentence: ended(visibleText(seeksLease ? r.ai.sentence : r.recommendation.headline, 300)),
        reason:
          r.recommendation.action === 'none' && !seeksLease
            ? ''
            : ended(visibleText(seeksLease ? r.recommendation.headline : r.recommendation.reason, 400)),
        ...number,
      },
      { kind: 'text', id: 'alternative', heading: 'The alternative and what it costs', paragraphs: alternative(r) },
      {
        kind: 'facts',
        id: 'standing',
        ruled: true,
        rows: [
          { label: 'Reversibility', text: REVERSIBLE },
          { label: 'Status', text: validity(r) },
          { label: 'Read with care', text: readWithCare(r, nowMs, demo) },
        ],
      },
    ],
  }
}

// ---- page 1 of a memo over several sites

const VERDICT_TEXT: Record<SiteReport['ai']['verdict'], string> = {
  CANDIDATE: 'Candidate',
  CONDITIONAL: 'Conditional',
  KEEP_MINING: 'Keep mining',
  DO_NOT_CONVERT: 'Do not convert',
}

const ADVICE_TEXT: Record<SiteReport['recommendation']['action'], string> = { run: 'Run', curtail: 'Curtail', none: 'Withheld' }

const siteNames = (reports: readonly SiteReport[]) =>
  reports.length <= 3 ? listed(reports.map((r) => nameText(r.name))) : count(reports.length, 'site')

/** The sum of what is known, and of how many it is a sum; null where nothing is known. */
const knownSum = (values: readonly (number | null)[]): { sum: number | null; known: number } => {
  const known = values.filter((v) => v !== null)
  return { sum: known.length === 0 ? null : known.reduce((a, b) => a + b, 0), known: known.length }
}

const portfolioTitle = (reports: readonly SiteReport[]): string => {
  const curtail = reports.filter((r) => r.recommendation.action === 'curtail')
  const run = reports.filter((r) => r.recommendation.action === 'run')
  const none = reports.filter((r) => r.recommendation.action === 'none')
  const mw = knownSum(curtail.map((r) => r.recommendation.mw)).sum
  const switching = [
    curtail.length === 0 ? null : `stop ${megawattsText(mw)} at ${siteNames(curtail)}`,
    run.length === 0
      ? null
      : run.length === reports.length
        ? `keep all ${count(run.length, 'site')} hashing`
        : `keep ${siteNames(run)} hashing`,
    none.length === 0 ? null : `decide nothing yet at ${siteNames(none)}`,
  ].filter((s) => s !== null)
  const seek = reports.filter((r) => stanceOf(r) === 'seek-lease')
  const conversion = seek.length === 0 ? 'convert none of them to AI hosting now' : `seek an AI lease for ${siteNames(seek)}`
  return `${capital(listed(switching))}; ${conversion}`
}

const portfolioNumber = (reports: readonly SiteReport[]): { figure: string; captions: string[] } => {
  const curtail = reports.filter((r) => r.recommendation.action === 'curtail')
  const price = 'At present prices. A year of prices is not simulated in this version.'
  if (curtail.length > 0) {
    const saving = knownSum(curtail.map((r) => r.recommendation.savingUsd))
    return {
      figure: amount(saving.sum),
      captions: [`an hour, kept by stopping instead of running on, ${count(saving.known, 'site')}`, price],
    }
  }
  const margin = knownSum(reports.map((r) => r.marginUsdPerHour))
  if (margin.sum === null) return { figure: UNKNOWN, captions: ['No site’s margin is known.', price] }
  return {
    figure: amount(margin.sum),
    captions: [`margin an hour, ${decimal(margin.known, 0)} of ${count(reports.length, 'site')}`, price],
  }
}

const portfolioSection = (reports: readonly SiteReport[], nowMs: number, demo: boolean, scope: string): MemoSection => {
  const machines = reports.reduce((n, r) => n + r.coverage.machines, 0)
  const reported = reports.reduce((n, r) => n + r.coverage.reported, 0)
  const seek = reports.filter((r) => stanceOf(r) === 'seek-lease')
  const curtail = reports.filter((r) => r.recommendation.action === 'curtail')
  const none = reports.filter((r) => r.recommendation.action === 'none')
  const dates = reports
    .flatMap((r) => (r.recommendation.nextChangeAtMs === null ? [] : [{ at: r.recommendation.nextChangeAtMs, r }]))
    .sort((a, b) => a.at - b.at)
  const next = dates[0]
  const care = [
    demo ? 'Simulated farm: nothing on these pages describes a real site.' : null,
    ...reports.flatMap((r) => oldInputs(r, nowMs).map((text) => `${nameText(r.name)}: ${text}`)),
    reported < machines ? `${decimal(reported, 0)} of ${count(machines, 'machine')} reported.` : null,
  ].filter((s) => s !== null)
  return {
    id: 'portfolio',
    siteId: null,
    running: 'Decision memo',
    scope,
    heading: portfolioTitle(reports),
    opening: true,
    blocks: [
      {
        kind: 'facts',
        id: 'asked',
        ruled: false,
        rows: [
          {
            label: 'Asked of the board',
            text: [
              'Approve the rule for every site: a block runs while the power price is below its own break-even.',
              curtail.length > 0
                ? `Today it stops ${listed(curtail.map((r) => `${blocksPhrase(r)} at ${nameText(r.name)}`))}.`
                : 'Today it stops nothing.',
              none.length > 0 ? `No advice is given for ${siteNames(none)}.` : null,
              seek.length > 0
                ? `Give a mandate to seek a lease for ${siteNames(seek)}. No money is asked for yet.`
                : 'No money is asked for a conversion.',
            ]
              .filter((s) => s !== null)
              .join(' '),
          },
          {
            label: 'By when',
            text:
              [
                curtail.length > 0 ? 'Now, at the sites to be stopped.' : null,
                next
                  ? `The first day-ahead price to cross a break-even: ${nameText(next.r.name)}, ${clockTimeZone(next.at, next.r.timeZone)} on ${date(next.at, next.r.timeZone)}.`
                  : null,
              ]
                .filter((s) => s !== null)
                .join(' ') || 'No hurry: no change of advice is known from the prices published so far.',
          },
          { label: 'Owner', text: NO_OWNER },
        ],
      },
      {
        kind: 'verdict',
        id: 'verdict',
        heading: 'Verdict',
        sentence:
          curtail.length > 0
            ? `${capital(count(curtail.length, 'site'))} of ${decimal(reports.length, 0)} should stop part of ${curtail.length === 1 ? 'its' : 'their'} load now.`
            : none.length === reports.length
              ? 'No advice can be given on the inputs at hand.'
              : 'No block at the judged sites loses money at the present price.',
        reason: '',
        ...portfolioNumber(reports),
      },
      {
        kind: 'table',
        id: 'sites',
        heading: 'The sites',
        caption: 'Marginal block’s break-even against the price the decision is made at, $/MWh',
        look: 'dense',
        columns: [
          column('Site', { width: 21 }),
          column('Advice', { width: 11 }),
          column('MW', { align: 'right' }),
          column('Break-even', { align: 'right' }),
          column('Price', { align: 'right' }),
          column('Margin', { align: 'right' }),
          column('$/hour', { align: 'right' }),
          column('AI hosting', { width: 17 }),
          column('Reported', { align: 'right' }),
        ],
        rows: reports.map((r) =>
          row(
            nameText(r.name),
            r.recommendation.action === 'curtail' ? `Stop ${decimal(r.recommendation.mw, 1)} MW` : ADVICE_TEXT[r.recommendation.action],
            decimal(r.powerMw, 1),
            price(r.breakEvenPowerPerMwh),
            price(r.pricePerMwh),
            accounting(price(r.marginPerMwh)),
            accounting(amount(r.marginUsdPerHour)),
            VERDICT_TEXT[r.ai.verdict],
            `${decimal(r.coverage.reported, 0)} of ${decimal(r.coverage.machines, 0)}`,
          ),
        ),
        note: null,
      },
      {
        kind: 'facts',
        id: 'standing',
        ruled: true,
        rows: [
          { label: 'Reversibility', text: REVERSIBLE },
          { label: 'Status', text: 'Draft, unsigned. Each site’s page says how long its advice holds.' },
          {
            label: 'Read with care',
            text: care.length === 0 ? 'Nothing: every input is within its limits and every machine reported.' : care.join(' '),
          },
        ],
      },
    ],
  }
}

// ---- page 2, the numbers

const breakEvenRange = (r: SiteReport): string => {
  const blocks = judgedBlocks(r)
  const [first, last] = [blocks[blocks.length - 1], blocks[0]]
  if (!first || !last) return UNKNOWN
  return first === last ? price(first.breakEvenPowerPerMwh) : `${price(first.breakEvenPowerPerMwh)} to ${price(last.breakEvenPowerPerMwh)}`
}

const less = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b)

const optionsTable = (r: SiteReport): MemoBlock => {
  const f = r.ai.figures
  const a = r.recommendation
  const stance = stanceOf(r)
  const gridMw = assumedNumber(r, 'gridMw')
  const mined = f === null ? null : less(r.powerMw, gridMw)
  const offPhs = a.action === 'none' ? null : knownSum(advisedBlocks(r).map((b) => b.hashratePhs)).sum
  const offMw = a.action === 'none' ? null : a.mw
  const ruledMargin = r.marginUsdPerHour === null || a.savingUsd === null ? null : r.marginUsdPerHour + a.savingUsd
  const out = (text: string) => (f === null ? 'ruled out' : text)
  const build = assumedNumber(r, 'buildMonths')
  const rows = [
    row('Capital', dollars(0, 0), dollars(0, 0), out(money(f?.totalCapexUsd ?? null))),
    strongRow('NPV against keep-mining', 'baseline', UNKNOWN, out(tableMoney(f?.npvUsd ?? null))),
    row(
      `NPV of those ${megawattsText(gridMw)}`,
      f === null ? UNKNOWN : tableMoney(f.npvKeepMiningUsd),
      UNKNOWN,
      out(tableMoney(f?.npvProjectUsd ?? null)),
    ),
    row('NPV, P10 to P90', 'not simulated', 'not simulated', out('not simulated')),
    row(
      'IRR',
      UNKNOWN,
      UNKNOWN,
      out(f === null ? '' : f.irr === null ? `none (${visibleText(f.irrStatus.toLowerCase().replaceAll('_', ' '), 30)})` : percent(f.irr)),
    ),
    row(
      'Payback',
      'none needed',
      'none needed',
      out(f === null ? '' : f.paybackMonths === null ? 'not within horizon' : duration(f.paybackMonths)),
    ),
    row(
      'Lowest cash',
      dollars(0, 0),
      dollars(0, 0),
      out(f === null ? '' : `${tableMoney(f.lowestCashUsd)}, month ${decimal(f.lowestCashMonth, 0)}`),
    ),
    row('NOI margin; yield on cost', UNKNOWN, UNKNOWN, out(`${percent(f?.noiMargin ?? null)}; ${percent(f?.yieldOnCost ?? null)}`)),
    strongRow('Margin now, $/hour', accounting(amount(r.marginUsdPerHour)), accounting(amount(ruledMargin)), UNKNOWN),
    row(
      'Power, MW',
      `${decimal(r.powerMw, 1)} mining`,
      `${decimal(less(r.powerMw, offMw), 1)} mining`,
      out(mined === null ? UNKNOWN : `${decimal(Math.max(0, mined), 1)} mining, ${decimal(gridMw, 1)} AI`),
    ),
    row('Hashrate, PH/s', decimal(r.hashratePhs, 2), decimal(less(r.hashratePhs, a.action === 'run' ? 0 : offPhs), 2), UNKNOWN),
    row(
      'Break-even, $/MWh',
      breakEvenRange(r),
      breakEvenRange(r),
      out(f === null ? '' : f.breakEvenLeasePerKwMonthUsd === null ? UNKNOWN : `${dollars(f.breakEvenLeasePerKwMonthUsd)}/kW-month`),
    ),
    row('People and time', 'as today', 'as today, minutes', out(build === null ? UNKNOWN : `${duration(build)} to build`)),
  ]
  return {
    kind: 'table',
    id: 'options',
    heading: '',
    caption: null,
    look: 'options',
    columns: [
      column('', { width: 31 }),
      column('Keep mining', { align: 'right', shape: 'disc', sub: 'baseline' }),
      column('Curtail rule', {
        align: 'right',
        shape: 'square',
        sub: a.action === 'none' ? 'no advice now' : 'proposed',
        proposed: a.action !== 'none',
      }),
      column(f === null ? 'Convert' : `Convert ${megawattsText(gridMw)}`, {
        align: 'right',
        shape: 'diamond',
        sub: stance === 'ruled-out' ? 'ruled out' : stance === 'seek-lease' ? 'lease sought' : 'not proposed',
        proposed: stance === 'seek-lease',
      }),
    ],
    // Where the conversion is ruled out, a row that only it could fill says nothing.
    rows: f === null ? rows.filter((o) => o.cells.slice(1, 3).some((text) => text !== UNKNOWN && text !== 'baseline')) : rows,
    note: null,
  }
}

const listSources = (r: SiteReport): string => {
  const sources = [...new Set(r.inputs.filter((i) => i.limits !== null && i.value !== null).map((i) => visibleText(i.source, 60)))]
  return sources.length === 0 ? 'entered values' : listed(sources)
}

const breakEvenChart = (r: SiteReport): MemoBlock | null => {
  const blocks = judgedBlocks(r)
  if (blocks.length === 0) return null
  const now = r.pricePerMwh
  const below = now === null ? [] : blocks.filter((b) => b.breakEvenPowerPerMwh <= now)
  const belowMw = knownSum(below.map((b) => b.powerMw)).sum
  const heading =
    now === null
      ? 'What each block can bear; the power price is not known'
      : below.length === 0
        ? `Every block can bear the present price of ${perMwh(now)}`
        : below.length === blocks.length
          ? `No block can bear the present price of ${perMwh(now)}`
          : `${capital(count(below.length, 'block'))} of ${decimal(blocks.length, 0)}${belowMw === null ? '' : `, ${megawattsText(belowMw)},`} cannot bear the present price of ${perMwh(now)}`
  return {
    kind: 'chart',
    id: 'break-even',
    heading,
    caption: `Break-even power price by block, $/MWh, ${dateTime(r.asOfMs, r.timeZone)}; the price the decision is made at is the dashed line`,
    source: `Source: ${listSources(r)}; Hashyard, as of ${clockTimeZone(r.asOfMs, r.timeZone)}.`,
    alt: `Bar chart. ${now === null ? 'Power price unknown' : `Power price ${perMwh(now)}`}. Break-even: ${blocks.map((b) => `${nameText(b.label)} ${perMwh(b.breakEvenPowerPerMwh)}`).join('; ')}.`,
    chart: {
      type: 'break-even',
      price: now,
      priceText: now === null ? '' : `price ${price(now)}`,
      bars: blocks.map((b) => ({
        label: `${visibleText(b.label, 24)}, ${megawattsText(b.powerMw)}`,
        value: b.breakEvenPowerPerMwh,
        text: price(b.breakEvenPowerPerMwh),
        below: now !== null && b.breakEvenPowerPerMwh <= now,
      })),
    },
  }
}

const drivers = (r: SiteReport): MemoBlock => {
  const f = r.ai.figures
  const most = f?.tornado[0]
  const text: string[] = []
  if (f && most) {
    const [low, high] = most.npvLowUsd <= most.npvHighUsd ? [most.npvLowUsd, most.npvHighUsd] : [most.npvHighUsd, most.npvLowUsd]
    text.push(
      `${visibleText(most.label, 60)}: between ${assumptionText(most.id, most.low, most.unit)} and ${assumptionText(most.id, most.high, most.unit)} the conversion moves from ${money(low)} to ${money(high)} against keep-mining in the entered case, more than any other input.`,
    )
    if (f.noiMargin !== null && f.yieldOnCost !== null)
      text.push(`A margin of ${percent(f.noiMargin)} of rent is a yield of ${percent(f.yieldOnCost)} on the money built in.`)
  } else {
    text.push(
      `For mining, the distance between the power price, ${perMwh(r.pricePerMwh)}, and what each block can bear, ${breakEvenRange(r)}.`,
    )
    text.push(
      `For the conversion, nothing: ${failedGates(r).length === 0 ? 'it was not computed' : `${count(failedGates(r).length, 'condition')} of ${decimal(r.ai.gates.length, 0)} ${failedGates(r).length === 1 ? 'is' : 'are'} not met, and money does not change that by itself`}.`,
    )
  }
  return { kind: 'text', id: 'drivers', heading: 'What drives the difference', paragraphs: [text.join(' ')] }
}

const gatesTable = (r: SiteReport): MemoBlock | null => {
  const failed = failedGates(r)
  if (failed.length === 0) return null
  return {
    kind: 'table',
    id: 'gates',
    heading: 'Why the site cannot host AI as it stands',
    caption: null,
    look: 'dense',
    columns: [column('Condition not met', { width: 50 }), column('What would lift it')],
    rows: failed.map((g) => row(visibleText(g.reason, 300), visibleText(g.cure, 300))),
    note: null,
  }
}

const numbersSection = (r: SiteReport): MemoSection => ({
  id: `numbers-${r.id}`,
  siteId: r.id,
  running: 'The numbers',
  scope: scopeOf(r),
  heading: 'Three options on the same prices and fleet, entered case',
  opening: false,
  blocks: [
    optionsTable(r),
    breakEvenChart(r),
    drivers(r),
    gatesTable(r),
    {
      kind: 'text' as const,
      id: 'notes',
      heading: 'Notes',
      paragraphs: [
        'Negative amounts in parentheses; sums are of unrounded values; a dash is a figure that does not exist or is not known. The rule is valued at the present price only: its value over a year, and P10 and P90 of all options, need a simulation that this version does not run. People needed are not entered.',
      ],
    },
  ].filter((b) => b !== null),
})

// ---- pages 3 and 5, for a conversion that was computed

const conversionSource = (r: SiteReport) =>
  `Source: Hashyard; assumptions as listed under Assumptions, as of ${clockTimeZone(r.asOfMs, r.timeZone)}.`

const cashSection = (r: SiteReport): MemoSection | null => {
  const f = r.ai.figures
  if (f === null) return null
  const months = f.cumulativeUsd.length - 1
  const begin = assumedNumber(r, 'startMonth')
  const build = assumedNumber(r, 'buildMonths')
  const ready = begin === null || build === null ? null : begin + build
  return {
    id: `cash-${r.id}`,
    siteId: r.id,
    running: 'Cash and timeline',
    scope: scopeOf(r),
    heading:
      f.paybackMonths === null
        ? `The cash does not come back within ${duration(months)}`
        : `The cash comes back after ${duration(f.paybackMonths)}`,
    opening: false,
    blocks: [
      {
        kind: 'facts',
        id: 'milestones',
        ruled: true,
        rows: [
          {
            label: 'Point of no return',
            text: `Start of building, ${begin === null ? UNKNOWN : begin === 0 ? 'today' : `${duration(begin)} from today`}. Mining on those MW ends then.`,
          },
          {
            label: 'First rent',
            text: `${ready === null ? UNKNOWN : `${duration(ready)} from today`}, full after a ramp of ${assumed(r, 'rampMonths')}.`,
          },
          {
            label: 'Most cash tied up',
            text: `${money(Math.abs(Math.min(0, f.lowestCashUsd)))} in month ${decimal(f.lowestCashMonth, 0)}. No financing is entered: all of it is the owner’s.`,
          },
        ],
      },
      {
        kind: 'chart',
        id: 'cumulative',
        heading: `At worst ${money(f.lowestCashUsd)} in month ${decimal(f.lowestCashMonth, 0)}`,
        caption: 'Cumulative cash of converting against mining on, entered case, undiscounted, $ million, by year from today',
        source: conversionSource(r),
        alt: `Line chart of cumulative cash against mining on. Lowest ${money(f.lowestCashUsd)} in month ${decimal(f.lowestCashMonth, 0)}; ${money(f.cumulativeUsd[months] ?? null)} after ${duration(months)}.`,
        chart: {
          type: 'cumulative',
          monthly: f.cumulativeUsd,
          lowestMonth: f.lowestCashMonth,
          lowestText: `${money(f.lowestCashUsd)}, month ${decimal(f.lowestCashMonth, 0)}`,
        },
      },
      {
        kind: 'table',
        id: 'cash',
        heading: 'Cash by year',
        caption: 'Undiscounted, from today; mining is what the converted MW would have earned',
        look: 'dense',
        columns: [
          column('Year', { width: 16 }),
          column('Conversion', { align: 'right' }),
          column('Mining given up', { align: 'right' }),
          column('Difference', { align: 'right' }),
        ],
        rows: f.cashByYear.map((y) =>
          row(decimal(y.year, 0), tableMoney(y.projectUsd), tableMoney(y.miningUsd), tableMoney(y.projectUsd - y.miningUsd)),
        ),
        note: null,
      },
    ],
  }
}

const sensitivitySection = (r: SiteReport): MemoSection | null => {
  const f = r.ai.figures
  const strongest = f?.tornado[0]
  if (f === null || strongest === undefined) return null
  const shown = f.tornado.slice(0, 10)
  const loses = shown.filter((t) => Math.min(t.npvLowUsd, t.npvHighUsd) < 0).length
  const lease = f.breakEvenLeasePerKwMonthUsd
  return {
    id: `sensitivity-${r.id}`,
    siteId: r.id,
    running: 'Sensitivity',
    scope: scopeOf(r),
    heading: `${visibleText(strongest.label, 60)} moves the conversion most`,
    opening: false,
    blocks: [
      {
        kind: 'chart',
        id: 'tornado',
        heading: `${decimal(loses, 0)} of ${count(shown.length, 'input')} can turn the conversion into a loss by ${loses === 1 ? 'itself' : 'themselves'}`,
        caption:
          'NPV against keep-mining when one input moves and all others stay, $ million; the input’s range at the bar’s ends, its low end outlined',
        source: conversionSource(r),
        alt: `Tornado chart around ${money(f.npvUsd)}. ${shown.map((t) => `${visibleText(t.label, 60)}: ${money(t.npvLowUsd)} at ${assumptionText(t.id, t.low, t.unit)}, ${money(t.npvHighUsd)} at ${assumptionText(t.id, t.high, t.unit)}`).join('; ')}.`,
        chart: {
          type: 'tornado',
          base: f.npvUsd,
          baseText: money(f.npvUsd),
          bars: shown.map((t) => ({
            label: visibleText(t.label, 30),
            atLow: t.npvLowUsd,
            atHigh: t.npvHighUsd,
            lowText: assumptionFigure(t.id, t.low, t.unit).value,
            highText: assumptionFigure(t.id, t.high, t.unit).value,
          })),
        },
      },
      {
        kind: 'facts',
        id: 'switch-points',
        ruled: true,
        rows: [
          {
            label: 'Lease',
            text:
              lease === null
                ? 'No lease makes converting and mining on worth the same.'
                : `The conversion loses against mining on below ${leaseText(lease)}; ${assumed(r, 'leasePerKwMonthUsd')} is entered.`,
          },
          {
            label: 'Hashprice',
            text:
              f.parityHashpriceUsd === null
                ? 'No hashprice makes converting and mining on worth the same.'
                : `Mining on is worth as much as converting at ${dollars(f.parityHashpriceUsd)}/PH/day; ${r.hashpriceUsdPerPhDay === null ? 'today’s is not known' : `today it is ${dollars(r.hashpriceUsdPerPhDay)}/PH/day`}.`,
          },
        ],
      },
      {
        kind: 'table',
        id: 'suitability',
        heading: `Suitability of the site: ${decimal(r.ai.score, 0)} of 100 points`,
        caption: '70 and more is a candidate, 50 and more conditional; a condition not met rules the conversion out whatever the points',
        look: 'dense',
        columns: [
          column('Component', { width: 40 }),
          column('Entered', { align: 'right' }),
          column('Points of 100', { align: 'right' }),
          column('Weight', { align: 'right' }),
        ],
        rows: r.ai.components.map((c) =>
          row(visibleText(c.label, 60), visibleText(c.input, 40), decimal(c.score, 0), decimal(c.weight, 0)),
        ),
        note: null,
      },
    ],
  }
}

// ---- page 4, assumptions

const STATE_TEXT: Record<TracedInput['freshness'], string> = { fresh: '', stale: 'stale', dead: 'too old', missing: 'missing' }

const contractText = (c: SiteReport['contract']): string => {
  switch (c.type) {
    case 'index':
      return `Index: power is paid at the market price; ${perMwh(c.avoidableAdderPerMwh)} of delivery charges fall away with each MWh not drawn.`
    case 'ppa':
      return `PPA: ${megawattsText(c.contractMw)} at ${perMwh(c.strikePerMwh)}, ${
        c.resaleAllowed ? `resale allowed at the market price less ${perMwh(c.resaleSpreadPerMwh)}` : 'no resale'
      }; ${perMwh(c.avoidableAdderPerMwh)} of delivery charges fall away with each MWh not drawn. The strike is on the bill and not in the decision.`
    case 'fixed':
      return `Fixed tariff of ${perMwh(c.tariffPerMwh)}; ${perMwh(c.avoidableAdderPerMwh)} of delivery charges fall away with each MWh not drawn.`
  }
}

const asOf = (ms: number | null, timeZone: string, nowMs: number): string =>
  ms === null ? UNKNOWN : nowMs - ms < 24 * HOUR_MS ? clockTimeZone(ms, timeZone) : date(ms, timeZone)
const asOfAge = (ms: number | null, timeZone: string, nowMs: number): string =>
  ms === null ? UNKNOWN : `${asOf(ms, timeZone, nowMs)}, ${age(nowMs - ms)}`
const ageOf = (ms: number | null, nowMs: number) => (ms === null ? UNKNOWN : age(nowMs - ms))

const inputMark = (i: TracedInput) => [capital(i.quality), STATE_TEXT[i.freshness]].filter((s) => s !== '').join(', ')

const assumptionsSection = (r: SiteReport, nowMs: number): MemoSection => {
  const columns = (name: string) => [
    column(name, { width: 27 }),
    column('Value', { align: 'right', width: 12 }),
    column('Unit', { width: 14 }),
    column('Source', { width: 21 }),
    column('As of, age', { width: 16 }),
    column('Kind', { width: 10 }),
  ]
  const overridden = r.ai.assumptions.filter((a) => a.overridden).length
  return {
    id: `assumptions-${r.id}`,
    siteId: r.id,
    running: 'Assumptions',
    scope: scopeOf(r),
    heading: 'What the figures rest on',
    opening: false,
    blocks: [
      { kind: 'facts', id: 'contract', ruled: true, rows: [{ label: 'Power contract', text: contractText(r.contract) }] },
      {
        kind: 'table',
        id: 'inputs',
        heading: 'Inputs of the switching advice',
        caption: null,
        look: 'dense',
        columns: columns('Input'),
        rows: r.inputs.map((i) => {
          const figure = inputFigure(i)
          return row(
            visibleText(i.label, 80),
            figure.value,
            figure.unit,
            visibleText(i.source, 80),
            asOfAge(i.observedAtMs, r.timeZone, nowMs),
            inputMark(i),
          )
        }),
        note:
          r.inputs
            .filter((i) => i.problem !== null)
            .map((i) => ended(`${visibleText(i.label, 80)}: ${visibleText(i.problem ?? '', 200)}`))
            .join(' ') || null,
      },
      {
        kind: 'table',
        id: 'assumptions',
        heading: 'Assumptions of the conversion',
        caption:
          overridden === 0
            ? 'None is overridden.'
            : `${decimal(overridden, 0)} of ${decimal(r.ai.assumptions.length, 0)} set by hand; the value each replaced stands below it.`,
        look: 'dense',
        columns: columns('Assumption'),
        rows: r.ai.assumptions.map((a) => {
          const figure = assumptionFigure(a.id, a.value, a.unit)
          const mark = a.overridden ? 'Override' : a.quality === 'assumed' ? 'Default' : capital(a.quality)
          return {
            cells: [
              a.overridden
                ? `${visibleText(a.label, 80)} (default ${assumptionText(a.id, a.defaultValue, a.unit)})`
                : visibleText(a.label, 80),
              figure.value,
              figure.unit,
              visibleText(a.source, 120),
              asOfAge(a.observedAtMs, r.timeZone, nowMs),
              mark,
            ],
            strong: a.overridden,
          }
        }),
        note:
          r.ai.figures === null ? 'The conversion was not computed from these: a condition that money does not change is not met.' : null,
      },
    ],
  }
}

// ---- page 7, data freshness and method

const FRESHNESS_TEXT: Record<SourceRow['freshness'], string> = { fresh: 'Live', stale: 'Stale', dead: 'Too old', missing: 'Nothing yet' }

const sourcesTable = (sources: readonly SourceRow[], nowMs: number, timeZone: string): MemoBlock => {
  const errors = sources.filter((s) => s.lastError !== null)
  return {
    kind: 'table',
    id: 'sources',
    heading: 'Where the data came from',
    caption: `Times in ${timeZone}; an input is stale past its first limit and out of advice past its second`,
    look: 'dense',
    columns: [
      column('Source', { width: 30 }),
      column('Last good', { width: 14 }),
      column('Age', { align: 'right', width: 8 }),
      column('Limits', { align: 'right', width: 16 }),
      column('Coverage', { width: 20 }),
      column('State', { width: 12 }),
    ],
    rows: sources.map((s) =>
      row(
        `${visibleText(s.id, 60)}: ${visibleText(s.purpose, 100)}`,
        asOf(s.lastGoodMs, timeZone, nowMs),
        ageOf(s.lastGoodMs, nowMs),
        s.limits === null ? 'does not age' : `${age(s.limits.staleAfterMs)}, ${age(s.limits.deadAfterMs)}`,
        s.coverage === null ? UNKNOWN : visibleText(s.coverage, 100),
        s.failuresInARow > 0 ? `${FRESHNESS_TEXT[s.freshness]}, ${count(s.failuresInARow, 'failure')}` : FRESHNESS_TEXT[s.freshness],
      ),
    ),
    note:
      errors.length === 0
        ? null
        : `Last errors. ${errors.map((s) => ended(`${visibleText(s.id, 60)}: ${visibleText(s.lastError ?? '', 200)}`)).join(' ')}`,
  }
}

const gapText = (r: SiteReport): string => {
  if (r.powerMw === null) return 'no machine power known'
  if (r.meterPowerMw === null) return `no meter reading; overhead ratio ${decimal(r.overheadRatio, 3)} assumed`
  // The report's power is machines times overhead ratio; the meter is compared with the machines alone.
  const machinesMw = r.powerMw / r.overheadRatio
  const gap = r.meterPowerMw - machinesMw
  const share = r.meterPowerMw === 0 ? null : gap / r.meterPowerMw
  return `${decimal(gap, 2)} MW, ${percent(share)} (meter ${decimal(r.meterPowerMw, 2)}, machines ${decimal(machinesMw, 2)}); overhead ratio ${decimal(r.overheadRatio, 3)} ${r.overheadMeasured ? 'measured' : 'assumed'}`
}

const statesText = (r: SiteReport): string =>
  Object.entries(r.states)
    .filter(([, n]) => n > 0)
    .map(([state, n]) => `${decimal(n, 0)} ${visibleText(state, 20)}`)
    .join(', ') || UNKNOWN

const coverageTable = (reports: readonly SiteReport[]): MemoBlock => ({
  kind: 'table',
  id: 'coverage',
  heading: 'Machines reporting, and the meter against their sum',
  caption: null,
  look: 'dense',
  columns: [
    column('Site', { width: 18 }),
    column('Reported', { width: 15 }),
    column('States', { width: 24 }),
    column('Meter less machines'),
  ],
  rows: reports.map((r) =>
    row(
      nameText(r.name),
      `${decimal(r.coverage.reported, 0)} of ${decimal(r.coverage.machines, 0)}${r.coverage.machines === 0 ? '' : `, ${percent(r.coverage.reported / r.coverage.machines)}`}`,
      statesText(r),
      gapText(r),
    ),
  ),
  note: 'A machine that did not report enters no sum as zero: its last reading is used while it counts, then its name plate, marked as estimated; otherwise it is left out and counted here.',
})

const feesOf = (r: SiteReport): { text: string; kept: number } | null => {
  const fee = r.inputs.find((i) => i.id === 'pool_fee')?.value ?? null
  const stale = r.inputs.find((i) => i.id === 'stale_shares')?.value ?? null
  return fee === null || stale === null ? null : { text: `(1 − ${percent(fee)}) × (1 − ${percent(stale)})`, kept: (1 - fee) * (1 - stale) }
}

/** One marginal block, worked so that a reader with a pocket calculator arrives at the printed break-even. */
const workedBreakEven = (r: SiteReport): string => {
  const b = marginalBlock(r)
  const name = nameText(r.name)
  if (!b || b.efficiencyJth === null || r.hashpriceUsdPerPhDay === null || b.breakEvenPowerPerMwh === null || b.revenuePerMwh === null)
    return `${name}: not worked, because a needed input is unknown.`
  const energy = (b.efficiencyJth * r.overheadRatio * HOURS_PER_DAY) / 1000
  const fees = feesOf(r)
  const earned = fees
    ? `${dollars(r.hashpriceUsdPerPhDay)} × ${fees.text}`
    : `${dollars(b.revenuePerMwh * energy)} after pool fee and stale shares`
  return `${name}, ${nameText(b.label)}: ${decimal(b.efficiencyJth, 2)} J/TH × ${decimal(r.overheadRatio, 3)} × 24 h ÷ 1,000 = ${decimal(energy, 4)} MWh per PH/s and day. ${earned} ÷ ${decimal(energy, 4)} = ${perMwh(b.revenuePerMwh)} earned; less ${perMwh(r.contract.avoidableAdderPerMwh)} avoidable charges = ${perMwh(b.breakEvenPowerPerMwh)}.`
}

const workedMargin = (r: SiteReport): string => {
  const name = nameText(r.name)
  if (r.breakEvenPowerPerMwh === null || r.pricePerMwh === null || r.marginPerMwh === null)
    return `${name}: not worked, because a needed input is unknown.`
  const b = marginalBlock(r)
  const money =
    b && b.powerMw !== null && b.marginUsdPerHour !== null
      ? ` Over ${decimal(b.powerMw, 3)} MW that is ${dollars(b.marginUsdPerHour)} an hour for ${nameText(b.label)}.`
      : ''
  return `${name}: ${dollars(r.breakEvenPowerPerMwh)} − ${dollars(r.pricePerMwh)} = ${signed(r.marginPerMwh)} $/MWh.${money}`
}

const CONTRACT_PRICE: Record<SiteReport['contract']['type'], string> = {
  index: 'index contract, the market price',
  ppa: 'power purchase agreement, the market price less the resale spread where contract energy may be sold back, nothing where it may not',
  fixed: 'fixed tariff, the tariff',
}

const methodSection = (i: MemoInput, timeZone: string, scope: string): MemoSection => {
  const { reports, sources, nowMs } = i
  return {
    id: 'freshness',
    siteId: null,
    running: 'Data freshness and method',
    scope,
    heading: 'How old the data is and how the figures were made',
    opening: false,
    blocks: [
      sourcesTable(sources, nowMs, timeZone),
      coverageTable(reports),
      {
        kind: 'formula',
        id: 'break-even',
        heading: 'Break-even power price',
        words:
          'What a block earns with one MWh at the site’s meter, less the charges that fall away with it: hashprice after pool fee and stale shares, divided by the MWh that one PH/s needs in a day. Above it, stop; below it, run. The site’s figure is its least efficient running block.',
        worked: reports.map(workedBreakEven),
      },
      {
        kind: 'formula',
        id: 'margin',
        heading: 'Margin',
        words: `Break-even less the price the decision is made at, which is what a MWh not consumed is worth: ${listed([...new Set(reports.map((r) => CONTRACT_PRICE[r.contract.type]))])}.`,
        worked: reports.map(workedMargin),
      },
      {
        kind: 'formula',
        id: 'conversion',
        heading: 'Conversion against mining on',
        words:
          'Rent less operating cost, power and capital, month by month, with the exit value in the last month, less what the same MW would have earned by mining on, discounted at the rate under Assumptions. Suitability is judged first: a condition that is not met rules the conversion out, whatever it would earn.',
        worked: reports.map(
          (r) =>
            `${nameText(r.name)}: ${VERDICT_TEXT[r.ai.verdict].toLowerCase()}, ${decimal(r.ai.score, 0)} of 100 points. ${ended(visibleText(r.ai.sentence, 400))}`,
        ),
      },
      {
        kind: 'facts',
        id: 'method',
        ruled: true,
        rows: [
          { label: 'Model', text: `Hashyard ${visibleText(i.version, 40)}. No random draws: every figure is the entered case.` },
          {
            label: 'Gaps',
            text: 'A reading or price that did not come is left out and counted, never filled with zero or carried past its second limit.',
          },
          {
            label: 'Not in this version',
            text: 'Financing, simulated ranges, risks and alternatives rejected, sign-off, changes since an earlier memo.',
          },
          { label: 'What it is', text: 'A decision aid made from the operator’s own data. Not an offer and not an audited account.' },
        ],
      },
    ],
  }
}

// ---- the whole

const sharedZone = (reports: readonly SiteReport[]): string => {
  const zones = new Set(reports.map((r) => r.timeZone))
  const only = [...zones][0]
  return zones.size === 1 && only !== undefined ? only : 'UTC'
}

const paperFor = (reports: readonly SiteReport[]): 'a4' | 'letter' =>
  reports.length > 0 && reports.every((r) => r.timeZone.startsWith('America/') || r.timeZone.startsWith('US/')) ? 'letter' : 'a4'

/** Throws without a report: a memo about nothing is our own mistake, not the operator's. */
export const memoStatement = (i: MemoInput): MemoStatement => {
  const [first] = i.reports
  if (!first) throw new Error('a memo needs at least one site report')
  const several = i.reports.length > 1
  const timeZone = sharedZone(i.reports)
  const totalMw = i.reports.reduce((sum, r) => sum + r.interconnectMw, 0)
  const scope = several ? `${count(i.reports.length, 'site')}, ${megawattsText(totalMw)}` : scopeOf(first)
  const title = several ? portfolioTitle(i.reports) : siteTitle(first)
  const sections = [
    ...(several ? [portfolioSection(i.reports, i.nowMs, i.demo, scope)] : []),
    ...i.reports.flatMap((r) =>
      [
        decisionSection(r, i.nowMs, i.demo, !several),
        numbersSection(r),
        cashSection(r),
        assumptionsSection(r, i.nowMs),
        sensitivitySection(r),
      ].filter((s) => s !== null),
    ),
    methodSection(i, timeZone, scope),
  ]
  return {
    title,
    scope,
    suggestedName: memoFileName(
      `Hashyard memo ${several ? count(i.reports.length, 'site') : nameText(first.name)} ${isoDay(i.nowMs, timeZone)}${i.demo ? ' DEMO' : ''}`,
    ),
    demo: i.demo,
    version: i.version,
    generatedAtMs: i.nowMs,
    generatedAt: dateTime(i.nowMs, timeZone),
    paper: i.paper ?? paperFor(i.reports),
    sections,
    basis: { reports: i.reports, sources: i.sources, version: i.version, demo: i.demo },
  }
}

/** "2026-11-25", so that names sort by day. */
const isoDay = (ms: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms)
