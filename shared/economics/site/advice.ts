import type { Recommendation } from '../../decision/site-report.ts'
import type { Site } from '../../fleet/site.ts'
import type { TracedInput } from '../../market/traced.ts'
import type { PriceTier } from '../curtailment/opportunity-price.ts'
import { type DecidedBlock, decideLoads } from '../curtailment/real-time-rule.ts'
import { sum } from '../sum.ts'
import { headlines, reasons } from './advice-words.ts'
import type { BlockLoad } from './block-load.ts'
import { complaint, remedyFor } from './input-health.ts'
import { type ForwardPrice, lookAhead, type PriceAhead } from './price-ahead.ts'

/** A block with what the decision needs to know; MW at the meter. */
export type JudgedBlock = {
  readonly load: BlockLoad
  readonly mw: number
  readonly protectedMw: number
  readonly restingMw: number
  readonly revenuePerMwh: number
  readonly breakEvenPerMwh: number
}

export type Advice = {
  readonly recommendation: Recommendation
  /** Ids of blocks of which MW are to be switched off. */
  readonly off: ReadonlySet<string>
}

/** Nothing is advised: the first blocking input is the headline, the others and the remedy follow. */
export const withheld = (blocking: readonly TracedInput[], cause: string | null, nowMs: number, staleInputs: string[]): Advice => {
  const [first, ...rest] = blocking
  const headline = headlines.none(first ? complaint(first, nowMs) : (cause ?? 'an input is not known'))
  const others = rest.map((i) => complaint(i, nowMs))
  const remedies = [...new Set(blocking.map(remedyFor))]
  const problems = blocking.flatMap((i) => (i.problem === null ? [] : [`${i.problem}.`]))
  const reason = [
    ...(others.length > 0 ? [`Also: ${others.join('; ')}.`] : []),
    ...problems,
    ...(remedies.length > 0 ? remedies : ['Check the machines and their name plates.']),
  ].join(' ')
  return {
    recommendation: { action: 'none', headline, reason, mw: null, savingUsd: null, blockIds: [], staleInputs, nextChangeAtMs: null },
    off: new Set(),
  }
}

type Cut = { readonly block: JudgedBlock; readonly mw: number; readonly savingUsd: number; readonly whole: boolean }

/** MW to switch off in a block: loads with no margin, worst first, never more than what is not protected. */
const cutOf = (block: JudgedBlock, decided: DecidedBlock): Cut => {
  let allowed = Math.max(0, block.mw - block.protectedMw)
  let mw = 0
  let savingUsd = 0
  for (const load of decided.loads.filter((l) => !l.run).sort((a, b) => a.marginPerMwh - b.marginPerMwh)) {
    const taken = Math.min(allowed, load.mw)
    allowed -= taken
    mw += taken
    savingUsd -= taken * load.marginPerMwh
  }
  // An amount under a watt is rounding of the tiers.
  return { block, mw: mw > 1e-6 ? mw : 0, savingUsd: mw > 1e-6 ? Math.max(0, savingUsd) : 0, whole: decided.loads.every((l) => !l.run) }
}

/** Least efficient first: the order in which they are switched off. */
const worstFirst = (a: JudgedBlock, b: JudgedBlock) =>
  a.breakEvenPerMwh - b.breakEvenPerMwh || (a.load.id < b.load.id ? -1 : a.load.id > b.load.id ? 1 : 0)
const labelsOf = (ids: readonly string[], blocks: readonly JudgedBlock[]): string[] =>
  blocks
    .filter((b) => ids.includes(b.load.id))
    .sort(worstFirst)
    .map((b) => b.load.label)

/** What the known prices say about how long the advice holds. */
const aheadSentence = (ahead: PriceAhead, blocks: readonly JudgedBlock[], curtails: boolean, nowMs: number, zone: string): string[] => {
  if (ahead.change === null) return ahead.knownUntilMs === null ? [] : [reasons.noChangeAhead(ahead.knownUntilMs, nowMs, zone)]
  const { atMs, price } = ahead.change
  const off = labelsOf(ahead.change.off, blocks)
  const on = labelsOf(ahead.change.on, blocks)
  if (curtails && on.length > 0) return [reasons.staysAbove(atMs, nowMs, zone, on)]
  if (curtails) return [reasons.moreOff(atMs, nowMs, zone, price, off)]
  return off.length > 0 ? [reasons.staysBelow(atMs, nowMs, zone, price, off)] : [reasons.staysAbove(atMs, nowMs, zone, on)]
}

/** MW left at rest that the rule would run, or would not, after everything that runs has its contract energy. */
const restingAdvice = (i: AdviceInput) => {
  const resting = i.blocks.filter((b) => b.restingMw > 0).sort(worstFirst)
  const loads = [
    ...i.running.map((b) => ({ id: b.load.id, mw: b.mw, revenuePerMwh: b.revenuePerMwh })),
    ...resting.map((b) => ({ id: `${b.load.id} at rest`, mw: b.restingMw, revenuePerMwh: b.revenuePerMwh })),
  ]
  const answer = decideLoads(loads, i.tiers, i.site.contract.avoidableAdderPerMwh)
  // What is at rest would draw at a price that is not known: nothing is said about it.
  if (answer === null) return { wake: [], leave: [] }
  const decided = new Map(answer.map((d) => [d.id, d]))
  const judgedResting = resting.map((block) => {
    const runs = decided.get(`${block.load.id} at rest`)?.loads.filter((l) => l.run) ?? []
    return { block, mw: sum(runs.map((l) => l.mw)), usd: sum(runs.map((l) => l.mw * l.marginPerMwh)) }
  })
  return { wake: judgedResting.filter((r) => r.mw > 0), leave: judgedResting.filter((r) => r.mw === 0).map((r) => r.block) }
}

export type AdviceInput = {
  readonly site: Site
  /** Blocks whose revenue is known, hashing or not. */
  readonly blocks: readonly JudgedBlock[]
  /** Those that hash, and the rule's decision about them. */
  readonly running: readonly JudgedBlock[]
  readonly decided: readonly DecidedBlock[]
  readonly tiers: readonly PriceTier[]
  /** Price the marginal MW is decided at. */
  readonly pricePerMwh: number
  readonly marginal: JudgedBlock | null
  readonly forward: readonly ForwardPrice[]
  /** Whether the market's price decides anything here. */
  readonly marketNeeded: boolean
  readonly stale: readonly TracedInput[]
  readonly coverage: { readonly reported: number; readonly machines: number }
  readonly nowMs: number
}

/** The recommendation of the real-time rule, in words and MW. All inputs it needs are known and not too old. */
export const advise = (i: AdviceInput): Advice => {
  const { site, nowMs } = i
  const decidedOf = new Map(i.decided.map((d) => [d.id, d]))
  const cuts = [...i.running].sort(worstFirst).flatMap((block) => {
    const decided = decidedOf.get(block.load.id)
    return decided?.loads.some((l) => !l.run) ? [{ decided, cut: cutOf(block, decided) }] : []
  })
  const taken = cuts.filter(({ cut }) => cut.mw > 0)
  const mw = sum(taken.map(({ cut }) => cut.mw))
  const savingUsd = sum(taken.map(({ cut }) => cut.savingUsd))
  const runningNow = new Set(i.decided.filter((d) => d.loads.some((l) => l.run)).map((d) => d.id))
  const ahead = lookAhead({
    blocks: i.running.map((b) => ({ id: b.load.id, mw: b.mw, revenuePerMwh: b.revenuePerMwh })),
    contract: site.contract,
    running: runningNow,
    forward: i.marketNeeded ? i.forward : [],
    nowMs,
  })
  const { wake, leave } = restingAdvice(i)
  const curtails = mw > 0
  const labels = taken.map(({ cut }) => cut.block.load.label)
  const siteMw = sum(i.running.map((b) => b.mw))
  // The marginal MW is contract energy: unused, it is sold back.
  const sellsBack = site.contract.type === 'ppa' && site.contract.resaleAllowed && i.pricePerMwh === i.tiers[0]?.pricePerMwh

  const headline = curtails
    ? mw >= siteMw - 1e-9
      ? headlines.curtailSite(mw)
      : taken.some(({ cut }) => !cut.whole)
        ? headlines.curtailPart(labels, mw)
        : headlines.curtailBlocks(labels, mw)
    : i.running.length === 0
      ? wake.length > 0
        ? headlines.wake(
            wake.map((w) => w.block.load.label),
            sum(wake.map((w) => w.mw)),
          )
        : headlines.stayOff(leave.map((b) => b.load.label))
      : i.pricePerMwh < 0
        ? headlines.runEverything(sellsBack)
        : headlines.run

  // What stays in spite of a loss: protected machines.
  const kept = cuts.map(({ decided, cut }) => {
    const offMw = sum(decided.loads.filter((l) => !l.run).map((l) => l.mw))
    const lossUsd = -sum(decided.loads.filter((l) => !l.run).map((l) => l.mw * l.marginPerMwh))
    return { label: cut.block.load.label, mw: Math.max(0, offMw - cut.mw), usd: Math.max(0, lossUsd - cut.savingUsd) }
  })
  const protectedLoss = kept.filter((k) => k.mw > 1e-6)

  const reason = [
    ...(curtails
      ? [
          reasons.loss(
            site.contract,
            i.pricePerMwh,
            taken.map(({ cut }) => cut.block.breakEvenPerMwh),
          ),
          reasons.saves(savingUsd),
        ]
      : i.pricePerMwh < 0
        ? [reasons.paidToConsume(i.pricePerMwh, sellsBack)]
        : i.marginal
          ? [reasons.margin(site.contract, i.marginal.load.label, i.pricePerMwh, i.marginal.breakEvenPerMwh)]
          : []),
    ...aheadSentence(ahead, i.blocks, curtails, nowMs, site.timeZone),
    ...(protectedLoss.length > 0
      ? [
          reasons.protectedLoss(
            protectedLoss.map((k) => k.label),
            sum(protectedLoss.map((k) => k.mw)),
            sum(protectedLoss.map((k) => k.usd)),
          ),
        ]
      : []),
    ...(wake.length > 0
      ? [reasons.wouldEarn(sum(wake.map((w) => w.block.load.resting)), sum(wake.map((w) => w.mw)), sum(wake.map((w) => w.usd)))]
      : []),
    ...(leave.length > 0
      ? [
          reasons.wouldLose(
            leave.map((b) => b.load.label),
            sum(leave.map((b) => b.load.resting)),
          ),
        ]
      : []),
    ...i.stale.map((input) => `${capital(complaint(input, nowMs))}.`),
    ...(i.coverage.reported < FULL_ENOUGH * i.coverage.machines ? [reasons.partial(i.coverage.reported, i.coverage.machines)] : []),
  ].join(' ')

  return {
    recommendation: {
      // A site that rests, and should, is curtailed; there is nothing left to switch.
      action: curtails || (i.running.length === 0 && wake.length === 0) ? 'curtail' : 'run',
      headline,
      reason,
      mw,
      savingUsd,
      blockIds: taken.map(({ cut }) => cut.block.load.id),
      staleInputs: i.stale.map((s) => s.label),
      nextChangeAtMs: ahead.change?.atMs ?? null,
    },
    off: new Set(taken.map(({ cut }) => cut.block.load.id)),
  }
}

/** Below this share of machines heard, the advice names its denominator. */
const FULL_ENOUGH = 0.95
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
