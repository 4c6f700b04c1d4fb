/**
 * mempool.space: price, difficulty, retarget, fees, height. Its units differ from field to field: `difficultyChange` is
 * percent, dates are ms where times are seconds, fee totals are satoshi as strings, and -1 means "no data".
 * Paths after mempool/mempool (backend/src/api); keyless, no published limit, 429 on abuse.
 */
import * as z from 'zod'
import type { FeedDocument, FeedProblem, NetworkRow } from '#shared/market/rows.ts'
import { type Bounds, readNumber } from '#shared/read-number.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/time.ts'
import { SATS_PER_BTC } from '#shared/units.ts'
import { epochMs, epochSecondsMs } from './document/instant.ts'
import { excerpt, expectForm, jsonOf, problem, textOf } from './document/payload.ts'
import { spotDocument } from './document/spot.ts'
import { type Feed, readOne } from './feed.ts'

const NAME = 'mempool.space'
const HASHES_PER_EXAHASH = 1e18
/** Blocks: about one every ten minutes since 2009; ten million is the year 2199. */
const HEIGHT: Bounds = { min: 0, max: 10_000_000 }
const DIFFICULTY: Bounds = { min: 1, max: 1e18 }
/** H/s: above 2^53, so read as a floating number and never compared for equality. */
const HASHRATE: Bounds = { min: 1e9, max: 1e24 }
/** A retarget is clamped to a quarter and to four times, so -75 to +300 %. */
const CHANGE_PERCENT: Bounds = { min: -75, max: 300 }
const MAX_SATS: Bounds = { min: 0, max: 21e6 * SATS_PER_BTC }

const blank = (observedAtMs: number): NetworkRow => ({
  kind: 'network',
  source: 'mempool',
  height: null,
  difficulty: null,
  nextChange: null,
  nextRetargetAtMs: null,
  hashrateEhs: null,
  feesBtcPerBlock: null,
  observedAtMs,
  quality: 'live',
})

const whole = (raw: unknown, bounds: Bounds): number | null => {
  const n = readNumber(raw, bounds)
  return n === null || !Number.isInteger(n) ? null : n
}

/** Reads fields one by one: an unreadable one is a problem of its own, the document is refused when none is left. */
const fieldReader = () => {
  const problems: FeedProblem[] = []
  let expected = 0
  return {
    problems,
    take: <T>(value: T | null, place: string, raw: unknown, reason = 'not a readable figure'): T | null => {
      expected++
      if (value === null) problems.push(problem(reason, place, raw))
      return value
    },
    document: (rows: readonly NetworkRow[]): Result<FeedDocument> =>
      expected === problems.length
        ? failed('unexpected-reply', `${NAME}: no readable figure (${problems.map((p) => `${p.place}: ${p.raw}`).join('; ')})`)
        : ok({ rows, problems, coverage: { expected, received: expected - problems.length } }),
  }
}

const Prices = z.object({ time: z.unknown().optional(), USD: z.unknown() })
const parsePrices: Feed['parse'] = (body, meta) => {
  const json = jsonOf(body, meta, NAME)
  if (!json.ok) return json
  const answer = Prices.safeParse(json.value)
  if (!answer.success) return failed('unexpected-reply', `${NAME}: no prices in ${excerpt(json.value)}`, { field: 'USD' })
  const { time, USD } = answer.data
  if (USD === -1 || USD === '-1') return failed('unexpected-reply', `${NAME}: USD is -1, which means it has no price now`, { field: 'USD' })
  const ownTimeMs = epochSecondsMs(time)
  return spotDocument({
    source: 'mempool',
    name: NAME,
    price: USD,
    place: 'USD',
    ownTimeMs,
    problems: ownTimeMs === null ? [problem('no readable time; the time of arrival is used', 'time', time)] : [],
    meta,
  })
}

const Adjustment = z.object({
  difficultyChange: z.unknown().optional(),
  estimatedRetargetDate: z.unknown().optional(),
  remainingBlocks: z.unknown().optional(),
  nextRetargetHeight: z.unknown().optional(),
})
const parseAdjustment: Feed['parse'] = (body, meta) => {
  const json = jsonOf(body, meta, NAME)
  if (!json.ok) return json
  const answer = Adjustment.safeParse(json.value)
  if (!answer.success) return failed('unexpected-reply', `${NAME}: no difficulty adjustment in ${excerpt(json.value)}`)
  const a = answer.data
  const read = fieldReader()
  const percent = read.take(readNumber(a.difficultyChange, CHANGE_PERCENT), 'difficultyChange', a.difficultyChange)
  // Documented as ms; older builds of the same server sent seconds.
  const retarget = read.take(epochMs(a.estimatedRetargetDate), 'estimatedRetargetDate', a.estimatedRetargetDate)
  const remaining = whole(a.remainingBlocks, { min: 0, max: 2016 })
  const next = whole(a.nextRetargetHeight, HEIGHT)
  const height = remaining === null || next === null || next < remaining ? null : next - remaining
  read.take(height, 'nextRetargetHeight − remainingBlocks', [a.nextRetargetHeight, a.remainingBlocks], 'no block height follows from it')
  return read.document([{ ...blank(meta.nowMs), height, nextChange: percent === null ? null : percent / 100, nextRetargetAtMs: retarget }])
}

const Hashrate = z.object({
  currentHashrate: z.unknown().optional(),
  currentDifficulty: z.unknown().optional(),
  // A history that is no list costs its own rows and is named; the current figures beside it stay good.
  hashrates: z
    .array(z.object({ timestamp: z.unknown().optional(), avgHashrate: z.unknown().optional() }))
    .nullable()
    .catch(null),
  difficulty: z
    .array(z.object({ timestamp: z.unknown().optional(), difficulty: z.unknown().optional(), height: z.unknown().optional() }))
    .nullable()
    .catch(null),
})
const parseHashrate: Feed['parse'] = (body, meta) => {
  const json = jsonOf(body, meta, NAME)
  if (!json.ok) return json
  const answer = Hashrate.safeParse(json.value)
  if (!answer.success) return failed('unexpected-reply', `${NAME}: no hashrate history in ${excerpt(json.value)}`)
  const a = answer.data
  const read = fieldReader()
  const difficulty = read.take(readNumber(a.currentDifficulty, DIFFICULTY), 'currentDifficulty', a.currentDifficulty)
  const hashrate = read.take(readNumber(a.currentHashrate, HASHRATE), 'currentHashrate', a.currentHashrate)
  const rows: NetworkRow[] = []
  for (const [i, h] of (read.take(a.hashrates, 'hashrates', null, 'not a list of hashrates') ?? []).entries()) {
    const at = epochSecondsMs(h.timestamp)
    const perSecond = at === null ? null : readNumber(h.avgHashrate, HASHRATE)
    read.take(perSecond, `hashrates[${i}]`, h)
    if (at !== null && perSecond !== null) rows.push({ ...blank(at), hashrateEhs: perSecond / HASHES_PER_EXAHASH })
  }
  for (const [i, d] of (read.take(a.difficulty, 'difficulty', null, 'not a list of difficulties') ?? []).entries()) {
    const at = epochSecondsMs(d.timestamp)
    const value = at === null ? null : readNumber(d.difficulty, DIFFICULTY)
    read.take(value, `difficulty[${i}]`, d)
    if (at !== null && value !== null) rows.push({ ...blank(at), difficulty: value, height: whole(d.height, HEIGHT) })
  }
  if (difficulty !== null || hashrate !== null)
    rows.push({ ...blank(meta.nowMs), difficulty, hashrateEhs: hashrate === null ? null : hashrate / HASHES_PER_EXAHASH })
  return read.document(rows)
}

const RewardStats = z.object({
  startBlock: z.unknown().optional(),
  endBlock: z.unknown().optional(),
  totalReward: z.unknown().optional(),
  totalFee: z.unknown().optional(),
})
const parseRewardStats: Feed['parse'] = (body, meta) => {
  const json = jsonOf(body, meta, NAME)
  if (!json.ok) return json
  const answer = RewardStats.safeParse(json.value)
  if (!answer.success) return failed('unexpected-reply', `${NAME}: no reward statistics in ${excerpt(json.value)}`)
  const a = answer.data
  const first = whole(a.startBlock, HEIGHT)
  const last = whole(a.endBlock, HEIGHT)
  const fee = whole(a.totalFee, MAX_SATS)
  const reward = whole(a.totalReward, MAX_SATS)
  if (first === null || last === null || last < first)
    return failed('unexpected-reply', `${NAME}: blocks ${excerpt(a.startBlock)} to ${excerpt(a.endBlock)} are no range`, {
      field: 'endBlock',
    })
  if (fee === null)
    return failed('unexpected-reply', `${NAME}: totalFee is no amount of satoshi: ${excerpt(a.totalFee)}`, { field: 'totalFee' })
  // Reward is subsidy plus fees: fees above it mean the fields changed their meaning.
  if (reward !== null && fee > reward)
    return failed('unexpected-reply', `${NAME}: totalFee ${fee} exceeds totalReward ${reward}`, { field: 'totalFee' })
  const row = { ...blank(meta.nowMs), height: last, feesBtcPerBlock: fee / SATS_PER_BTC / (last - first + 1) }
  return ok({
    rows: [row],
    problems: reward === null ? [problem('not a readable amount, so the fees stand unchecked', 'totalReward', a.totalReward)] : [],
    coverage: { expected: 1, received: 1 },
  })
}

const parseTipHeight: Feed['parse'] = (body, meta) => {
  const form = expectForm(body, meta, NAME, ['text'])
  if (!form.ok) return form
  const text = textOf(body, NAME)
  if (!text.ok) return text
  const height = whole(text.value, HEIGHT)
  return height === null
    ? failed('unexpected-reply', `${NAME}: no block height: ${excerpt(text.value)}`)
    : ok({ rows: [{ ...blank(meta.nowMs), height }], problems: [], coverage: { expected: 1, received: 1 } })
}

const HOST = 'mempool.space'
const common = {
  needsKey: false,
  licence: 'Keyless public API; figures of the block chain are facts, the server software is AGPL-3.0',
  everyMs: 5 * MINUTE_MS,
  alignedToMs: null,
  verifiedLive: false,
  host: HOST,
} as const
const network = { ...common, kind: 'network', limits: { staleAfterMs: 30 * MINUTE_MS, deadAfterMs: DAY_MS } } as const
const from = (path: string, parse: Feed['parse']) => ({ read: readOne(`https://${HOST}/api${path}`, parse), parse })

export const mempoolPrices: Feed = {
  ...common,
  id: 'mempool.prices',
  kind: 'spot',
  purpose: 'Bitcoin price when the exchanges fail; itself a median of exchanges, renewed about once an hour',
  limits: { staleAfterMs: 3 * MINUTE_MS, deadAfterMs: 15 * MINUTE_MS },
  ...from('/v1/prices', parsePrices),
}
export const mempoolDifficultyAdjustment: Feed = {
  ...network,
  id: 'mempool.difficulty-adjustment',
  purpose: 'Estimate and date of the next change of difficulty',
  ...from('/v1/difficulty-adjustment', parseAdjustment),
}
export const mempoolHashrate: Feed = {
  ...network,
  id: 'mempool.hashrate',
  purpose: 'Difficulty and network hashrate',
  // Difficulty moves every two weeks; twice within its staleness limit is enough.
  everyMs: 10 * MINUTE_MS,
  ...from('/v1/mining/hashrate/3d', parseHashrate),
}
export const mempoolRewardStats: Feed = {
  ...network,
  id: 'mempool.reward-stats',
  purpose: 'Transaction fees in a block, mean of the last 144 blocks',
  limits: { staleAfterMs: 2 * HOUR_MS, deadAfterMs: DAY_MS },
  ...from('/v1/mining/reward-stats/144', parseRewardStats),
}
export const mempoolTipHeight: Feed = {
  ...network,
  id: 'mempool.tip-height',
  purpose: 'Block height, which sets the subsidy',
  ...from('/blocks/tip/height', parseTipHeight),
}
