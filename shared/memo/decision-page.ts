import { chanceOfLoss, conversionClause, drawnSentence, endsText } from '../decision/conversion-stance.ts'
import type { SiteReport } from '../decision/site-report.ts'
import { age, amount, clockTimeZone, count, date, decimal, dollars, money, UNKNOWN } from '../format.ts'
import type { MemoDraws, MemoSection } from './blocks.ts'
import { rangeText } from './draws-text.ts'
import { duration } from './figure-text.ts'
import { assumed, assumedNumber, conversionAsk, gateReasons, stanceOf } from './stance.ts'
import { visibleText } from './visible-text.ts'
import {
  advisedBlocks,
  blocksPhrase,
  capital,
  ended,
  listed,
  marginalBlock,
  mwOrUnknown,
  nameText,
  perMwh,
  scopeOf,
  switchingOf,
} from './words.ts'

const switchingClause = (r: SiteReport): string => {
  const name = nameText(r.name)
  switch (switchingOf(r)) {
    case 'stop': {
      const off = advisedBlocks(r)
      const only = off.length === 1 ? (off[0]?.breakEvenPowerPerMwh ?? null) : null
      return `Stop ${blocksPhrase(r)} at ${name} while power is worth more than ${only === null ? (off.length > 1 ? 'they earn' : 'it earns') : perMwh(only)}`
    }
    case 'rest':
      return `Leave the machines at ${name} off at the present power price`
    case 'start':
      return `Start the machines at rest at ${name} at the present power price`
    case 'run':
      return `Keep every block at ${name} hashing at the present power price`
    case 'none':
      return `Make no switching decision at ${name} on these inputs`
  }
}

export const siteTitle = (r: SiteReport, d: MemoDraws | null) => `${switchingClause(r)}; ${conversionClause(r.ai, d?.run ?? null)}`

const switchingAsk = (r: SiteReport): string => {
  const a = r.recommendation
  if (a.action === 'none') return `Take note that no switching advice is given. ${ended(visibleText(a.reason))}`
  const marginal = marginalBlock(r)
  if (switchingOf(r) === 'stop')
    return advisedBlocks(r).length > 1
      ? `Approve that ${blocksPhrase(r)} are stopped (${mwOrUnknown(a.mw)}) while the power price is above break-even, and run again below it.`
      : `Approve that ${blocksPhrase(r)} is stopped (${mwOrUnknown(a.mw)}) while the power price is above break-even, and runs again below it.`
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
  if (switchingOf(r) === 'stop')
    return ['Now.', a.savingUsd === null ? null : `Waiting costs ${amount(a.savingUsd)} an hour.`, next].filter((s) => s !== null).join(' ')
  return next ?? 'No hurry: no change of advice is known from the prices published so far.'
}

const NOT_DRAWN = 'No draws were run for these assumptions: there is no P10 or P90.'

/** The one number of a site's decision page, with what is known of its range in words. */
const oneNumber = (r: SiteReport, d: MemoDraws | null): { figure: string; captions: string[] } => {
  const { figures } = r.ai
  if (stanceOf(r, d) === 'seek-lease' && figures && d !== null)
    return {
      figure: money(d.run.npv.p50Usd),
      captions: [
        `NPV against keep-mining, P50, ${duration(assumedNumber(r, 'horizonMonths'))} at ${assumed(r, 'discountRateAnnual')}`,
        `${endsText(d.run)}. ${capital(chanceOfLoss(d.run))}; entered case ${money(figures.npvUsd)}.`,
      ],
    }
  if (stanceOf(r, d) === 'seek-lease' && figures) {
    const ends = figures.tornado.flatMap((t) => [t.npvLowUsd, t.npvHighUsd])
    const range = ends.length === 0 ? '' : `Moving one input at a time: ${money(Math.min(...ends))} to ${money(Math.max(...ends))}. `
    return {
      figure: money(figures.npvUsd),
      captions: [
        `NPV against keep-mining, entered case, ${duration(assumedNumber(r, 'horizonMonths'))} at ${assumed(r, 'discountRateAnnual')}`,
        range + NOT_DRAWN,
      ],
    }
  }
  const a = r.recommendation
  const present = `At the present price of ${perMwh(r.pricePerMwh)}. A year of prices is not simulated in this version.`
  if (a.action === 'curtail') return { figure: amount(a.savingUsd), captions: ['an hour, kept by stopping instead of running on', present] }
  if (a.action === 'run') return { figure: amount(r.marginUsdPerHour), captions: ['margin an hour over all running blocks', present] }
  return { figure: UNKNOWN, captions: ['No figure is given for advice that is withheld.', ended(visibleText(a.reason))] }
}

const alternative = (r: SiteReport, d: MemoDraws | null): string[] => {
  const a = r.recommendation
  const figures = r.ai.figures
  const tied = figures === null ? '' : money(Math.abs(Math.min(0, figures.lowestCashUsd)))
  if (stanceOf(r, d) === 'seek-lease' && figures)
    return [
      `Mining on gives up ${d === null ? `${money(figures.npvUsd)} in the entered case` : rangeText(d)}. Converting ties up ${tied} of cash, ${figures.paybackMonths === null ? 'does not pay back within the horizon' : `pays back after ${duration(figures.paybackMonths)}`}, and cannot be undone.`,
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
  const converted = mwOrUnknown(assumedNumber(r, 'gridMw'))
  const back =
    f === null || f.paybackMonths === null ? 'does not pay back within the horizon' : `pays back after ${duration(f.paybackMonths)}`
  const second =
    f === null
      ? `Converting to AI hosting is ruled out. ${gateReasons(r)}`
      : d === null
        ? `Converting ${converted} to AI hosting: ${money(f.npvUsd)} against keep-mining in the entered case. It ties up ${tied} of cash, ${back}, and cannot be undone.`
        : `Converting ${converted} to AI hosting ties up ${tied} of cash, ${back} in the entered case, and cannot be undone.`
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

export const oldInputs = (r: SiteReport, nowMs: number): string[] =>
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
    estimatedMw > 0.0499 ? `${mwOrUnknown(estimatedMw)} of the load is estimated or from name plates.` : null,
    overridden.length > 0 ? `Set by hand: ${listed(overridden)}.` : null,
    defaults > 0 ? `${decimal(defaults, 0)} of ${decimal(r.ai.assumptions.length, 0)} conversion assumptions are defaults.` : null,
  ].filter((s) => s !== null)
  return care.length === 0 ? 'Nothing: every input is within its limits and every machine reported.' : care.join(' ')
}

export const REVERSIBLE = 'Switching: easy, within minutes, by the operator; Hashyard sends no command. Conversion: one-way.'
export const NO_OWNER = 'Not named. The memo stays a draft until an owner signs it.'

/** What the title says of the conversion, with its figures. */
const drawnVerdict = (r: SiteReport, d: MemoDraws | null): string => (d === null ? '' : (drawnSentence(r.ai, d.run) ?? ''))

/** Whole sentences, the first ones, as far as they fit beside the drawn one: the page holds the decision and nothing else. */
const ROOM_BESIDE_DRAWS = 200
const firstSentences = (text: string): string => {
  const kept: string[] = []
  for (const sentence of text.split(/(?<=[.!?]) (?=[A-Z0-9])/)) {
    if (kept.length > 0 && [...kept, sentence].join(' ').length > ROOM_BESIDE_DRAWS) break
    kept.push(sentence)
  }
  return kept.join(' ')
}

/** The advice's own words. "Run." alone is no verdict: what follows it then stands in the same line. */
const verdictText = (r: SiteReport, d: MemoDraws | null): { sentence: string; reason: string } => {
  const headline = ended(visibleText(r.recommendation.headline, 200))
  const reason = ended(visibleText(r.recommendation.reason, 500))
  if (stanceOf(r, d) === 'seek-lease')
    return {
      sentence: d === null ? ended(visibleText(r.ai.sentence, 300)) : drawnVerdict(r, d),
      reason: d === null ? `${headline} ${reason}` : firstSentences(`${headline} ${reason}`),
    }
  if (r.recommendation.action === 'none') return { sentence: headline, reason: drawnVerdict(r, d) }
  const first = /^.*?[.!?](?= [A-Z0-9])/.exec(reason)?.[0] ?? reason
  const [sentence, rest] = headline.length > 20 ? [headline, reason] : [`${headline} ${first}`, reason.slice(first.length).trim()]
  return { sentence, reason: [d === null ? rest : firstSentences(rest), drawnVerdict(r, d)].filter((s) => s !== '').join(' ') }
}

export const decisionSection = (
  r: SiteReport,
  { nowMs, demo, opening, draws }: { nowMs: number; demo: boolean; opening: boolean; draws: MemoDraws | null },
): MemoSection => {
  const number = oneNumber(r, draws)
  return {
    id: `decision-${r.id}`,
    siteId: r.id,
    running: 'Decision memo',
    scope: scopeOf(r),
    heading: siteTitle(r, draws),
    opening,
    blocks: [
      {
        kind: 'facts',
        id: 'asked',
        ruled: false,
        rows: [
          { label: 'Asked of the board', text: `${switchingAsk(r)} ${conversionAsk(r, draws)}` },
          { label: 'By when', text: byWhen(r) },
          { label: 'Owner', text: NO_OWNER },
        ],
      },
      {
        kind: 'verdict',
        id: 'verdict',
        heading: 'Verdict',
        ...verdictText(r, draws),
        ...number,
      },
      { kind: 'text', id: 'alternative', heading: 'The alternative and what it costs', paragraphs: alternative(r, draws) },
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
