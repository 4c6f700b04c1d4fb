/** `hashyard backtest`: a recorded period played again by four strategies, settled by one function. */
import { Temporal } from 'temporal-polyfill'
import { type FileNote, readSiteFile, type SiteFile } from '#shared/decision/site-file.ts'
import type { ForecastRule } from '#shared/economics/curtailment/backtest-period.ts'
import { proofOfValue } from '#shared/economics/curtailment/proof-of-value.ts'
import type { Comparison, StrategyFigures, StrategyId, YearBacktest } from '#shared/economics/curtailment/year-backtest.ts'
import { answered } from '#shared/economics/model.ts'
import { amount, count, decimal, percent } from '#shared/format.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { HOUR_MS, isoInstant } from '#shared/time.ts'
import { compute } from '../compute/compute.ts'
import { type BacktestInput, type BacktestProblem, backtestInput } from './backtest-input.ts'
import { type Command, type CommandContext, printJson, wrongUsage } from './command.ts'
import { readPriceCsv } from './price-csv.ts'
import { readJsonFile, readText } from './read-json-file.ts'

const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' })
    return true
  } catch {
    return false
  }
}

type Asked = { siteFile: string; prices: string; from: string | null; to: string | null; informed: boolean; forecast: ForecastRule }
const readAsked = ({ flags, args }: CommandContext): Result<Asked> => {
  const { 'site-file': siteFile, prices, from = null, to = null, informed, forecast = 'corrected' } = flags
  if (args[0] !== undefined) return failed('invalid-input', `backtest takes no "${args[0]}"`)
  if (typeof siteFile !== 'string' || siteFile === '')
    return failed('invalid-input', 'backtest wants --site-file FILE.json', { field: 'site-file' })
  if (typeof prices !== 'string' || prices === '') return failed('invalid-input', 'backtest wants --prices FILE.csv', { field: 'prices' })
  for (const [name, day] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (day !== null && (typeof day !== 'string' || !isDay(day)))
      return failed('invalid-input', `--${name} wants a date such as 2025-06-01`, { field: name })
  if (typeof from === 'string' && typeof to === 'string' && to < from)
    return failed('invalid-input', '--to is before --from', { field: 'to' })
  if (forecast !== 'corrected' && forecast !== 'day-ahead')
    return failed('invalid-input', '--forecast is corrected or day-ahead', { field: 'forecast' })
  return ok({
    siteFile,
    prices,
    from: typeof from === 'string' ? from : null,
    to: typeof to === 'string' ? to : null,
    informed: informed === true,
    forecast,
  })
}

const strategies: readonly (readonly [StrategyId, string, string])[] = [
  ['alwaysOn', 'always_on', 'Always on'],
  ['thresholdRule', 'threshold_rule', 'Threshold rule'],
  ['rollingPlan', 'rolling_plan', 'Rolling plan'],
  ['perfectForesight', 'perfect_foresight', 'Perfect foresight'],
]

const figuresJson = (s: StrategyFigures) => ({
  cost_usd: s.costUsd,
  saving_usd: s.savingUsd,
  capture_ratio: s.captureRatio,
  starts: s.starts,
  mwh: s.mwh,
  lost_mwh: s.lostMwh,
})

/** What the cost is made of; and what was given up for the saving, where the file's machines and coin price tell it. */
const detailsJson = (s: StrategyFigures, file: SiteFile, hours: number) => {
  const phDays = file.groups.map((g, k) =>
    g.efficiency_jth === undefined ? null : ((s.lostMwhOf[k] ?? 0) * 1000) / (24 * g.efficiency_jth * file.site.overhead_ratio),
  )
  const lostPhDays = phDays.every((n) => n !== null) ? phDays.reduce((a: number, b) => a + (b ?? 0), 0) : null
  const proof =
    lostPhDays === null || lostPhDays === 0
      ? null
      : answered(
          proofOfValue({
            lostMWh: s.lostMwh,
            periodHours: hours,
            avoidedCostUsd: s.savingUsd + s.lostRevenueUsd,
            // Of the machines that stood still, so that their MWh become their PH-days.
            efficiencyJTH: (s.lostMwh * 1000) / (24 * lostPhDays * file.site.overhead_ratio),
            overheadRatio: file.site.overhead_ratio,
            poolFee: file.site.pool_fee,
            stale: file.site.stale,
            btcPerPhDay: file.btc_price_usd === undefined ? 0 : (file.hashprice_usd_per_ph_day ?? 0) / file.btc_price_usd,
          }),
        )
  return {
    power_cost_usd: s.powerCostUsd,
    start_cost_usd: s.startCostUsd,
    demand_charge_usd: s.demandChargeUsd,
    penalty_usd: s.penaltyUsd,
    lost_revenue_usd: s.lostRevenueUsd,
    lost_ph_days: lostPhDays,
    mean_lost_phs: lostPhDays === 0 ? 0 : (proof?.meanLostPHs ?? null),
    btc_not_mined: file.btc_price_usd === undefined ? null : lostPhDays === 0 ? 0 : (proof?.coinsNotMinedBtc ?? null),
    worth_mining_hashprice_usd_per_ph_day: proof?.worthMiningHashpriceUsd ?? null,
    worth_mining_btc_usd: proof?.worthMiningBtcUsd ?? null,
  }
}

const comparisonJson = (c: Comparison, figures: (s: StrategyFigures) => object) =>
  Object.fromEntries(strategies.map(([id, name]) => [name, figures(c[id])]))

type Answer = {
  file: SiteFile
  asked: Asked
  input: BacktestInput
  played: YearBacktest
  notes: readonly FileNote[]
  assumed: readonly FileNote[]
}

const document = ({ file, asked, input, played, notes, assumed }: Answer) => {
  const hours = (input.endMs - input.startMs) / HOUR_MS
  const problems: BacktestProblem[] = [...notes, ...input.problems]
  return {
    site: file.site.name,
    time_zone: file.site.time_zone,
    from: isoInstant(input.startMs),
    to: isoInstant(input.endMs),
    interval_hours: file.interval_hours,
    intervals: played.intervals,
    missing_intervals: played.missingIntervals,
    complete: played.missingIntervals === 0,
    informed: asked.informed,
    forecast: asked.forecast,
    engine: played.engine,
    replanned_every: played.replannedEvery,
    perfect_is_exact: played.perfectIsExact,
    ...comparisonJson(played, (s) => ({ ...figuresJson(s), ...detailsJson(s, file, hours) })),
    months: played.months.map(({ month, ...c }) => ({ month, ...comparisonJson(c, figuresJson) })),
    assumptions: [...input.assumptions, ...assumed.map((a) => `${a.field}: ${a.reason}`)],
    problems,
  }
}

const row = (cells: readonly string[]): string =>
  cells.map((cell, k) => (k === 0 ? cell.padEnd(19) : cell.padStart(k === 4 ? 8 : 14))).join('')

const problemText = (p: BacktestProblem): string =>
  'line' in p
    ? `line ${p.line}, ${p.column}: ${p.reason}${p.raw === '' ? '' : ` ("${p.raw}")`}`
    : 'field' in p
      ? `${p.field}: ${p.reason}`
      : `${p.from} to ${p.to}: ${p.reason}`

const MOST_PROBLEMS = 12
const backtestText = (a: Answer): string => {
  const { file, input, played } = a
  const problems = [...a.notes, ...input.problems]
  const table = strategies.map(([id, , label]) => {
    const s = played[id]
    return row([
      label,
      amount(s.costUsd),
      amount(s.savingUsd),
      percent(s.captureRatio),
      decimal(s.starts, 0),
      decimal(s.mwh, 0),
      decimal(s.lostMwh, 0),
    ])
  })
  const months = played.months.map((m) =>
    row([
      m.month,
      amount(m.alwaysOn.costUsd),
      amount(m.rollingPlan.savingUsd),
      percent(m.rollingPlan.captureRatio),
      decimal(m.rollingPlan.starts, 0),
    ]),
  )
  return `${[
    `${file.site.name}: ${isoInstant(input.startMs)} to ${isoInstant(input.endMs)}, ${count(played.intervals, 'interval')} of ${decimal(file.interval_hours * 60, 0)} min${
      played.missingIntervals === 0 ? '' : `. INCOMPLETE: ${count(played.missingIntervals, 'interval')} without a price`
    }`,
    '',
    row(['', 'cost', 'saving', 'capture', 'starts', 'MWh', 'MWh off']),
    ...table,
    '',
    'Cost: power as billed, starts and charges, and what the hashing that was not done would have earned.',
    `Plans by ${played.engine}, anew every ${played.replannedEvery}${played.perfectIsExact ? '' : '; perfect foresight is the best schedule found, not proven'}.`,
    '',
    row(['Rolling plan', 'always on', 'saving', 'capture', 'starts']),
    ...months,
    '',
    ...[...input.assumptions, ...a.assumed.map((x) => `${x.field}: ${x.reason}`)].map((text) => `Assumed: ${text}`),
    ...problems.slice(0, MOST_PROBLEMS).map((p) => `Problem: ${problemText(p)}`),
    ...(problems.length > MOST_PROBLEMS ? [`and ${problems.length - MOST_PROBLEMS} more problems, all of them under --json`] : []),
  ].join('\n')}\n`
}

export const command: Command = {
  name: 'backtest',
  usage: 'backtest --site-file FILE.json --prices FILE.csv [--from DATE] [--to DATE] [--informed] [--forecast corrected|day-ahead]',
  options: {
    'site-file': { type: 'string' },
    prices: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    informed: { type: 'boolean' },
    forecast: { type: 'string' },
  },
  run: async (c) => {
    const ask = readAsked(c)
    if (!ask.ok) return wrongUsage(ask.failure, c, command.usage)
    const asked = ask.value
    const json = await readJsonFile(asked.siteFile, c.signal)
    if (!json.ok) return json
    const site = readSiteFile(json.value)
    if (!site.ok) return site
    const { file, problems: notes, assumed } = site.value
    const text = await readText(asked.prices, c.signal)
    if (!text.ok) return text
    const prices = readPriceCsv(text.value, asked.prices, file.site.time_zone)
    if (!prices.ok) return prices
    const input = backtestInput(file, prices.value, asked)
    if (!input.ok) return input
    const played = await compute('backtest', input.value.period, { signal: c.signal })
    if (!played.ok) return played
    const answer: Answer = { file, asked, input: input.value, played: played.value, notes, assumed }
    if (c.json) printJson(c.out, document(answer))
    else c.out(backtestText(answer))
    return ok(undefined)
  },
}
