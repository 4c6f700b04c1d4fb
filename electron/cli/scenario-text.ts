/** A scenario as a person reads it in a terminal: where it starts, a line a month, what it leads to. */
import { count, decimal, dollars, money, percent, signed } from '#shared/format.ts'
import type { BaseField } from '../planner/scenario-base.ts'
import type { KnownScenario } from '../planner/scenario-files.ts'
import type { ScenarioAnswer } from './scenario-answer.ts'
import { cycleText } from './scenario-cycle.ts'

export const listText = (known: readonly KnownScenario[]): string => {
  const width = Math.max(...known.map((k) => k.scenario.id.length)) + 2
  return `${known
    .map(({ scenario, file, overrides }) => {
      const from = file === null ? '' : overrides ? ` [${file}, in place of the shipped one]` : ` [${file}]`
      return `${scenario.id.padEnd(width)}${scenario.title}, ${count(scenario.horizonMonths, 'month')}${from}`
    })
    .join('\n')}\n`
}

const fieldText = (field: string, value: number): string => {
  switch (field) {
    case 'btcPriceUsd':
      return `BTC ${dollars(value, 0)}`
    case 'difficulty':
      return `difficulty ${decimal(value / 1e12, 2)} T`
    case 'networkEHs':
      return `network ${decimal(value, 1)} EH/s`
    case 'height':
      return `height ${decimal(value, 0)}`
    case 'feesPerBlockBtc':
      return `fees ${decimal(value, 4)} BTC/block`
    case 'powerPricePerMWh':
      return `power ${dollars(value)}/MWh`
    case 'leasePerKwMonth':
      return `lease ${dollars(value, 0)}/kW-month`
    default:
      return `${field} ${decimal(value, 3)}`
  }
}

/** One line a source. */
const startText = (base: readonly BaseField[]): string[] =>
  [...new Set(base.map((f) => f.source))].map(
    (source) =>
      `  Starts from ${base
        .filter((f) => f.source === source)
        .map((f) => fieldText(f.field, f.value))
        .join(' · ')} (${source})`,
  )

const solvedNames: Readonly<Record<NonNullable<ScenarioAnswer['costs']>['solvedFor'], string>> = {
  powerCostUsd: 'Power',
  siteOpexUsd: 'Site opex',
  hostingUsd: 'Hosting',
  sgaUsd: 'Overhead (SG&A)',
  cashInterestUsd: 'Interest',
  depreciationUsd: 'Depreciation',
  stockCompUsd: 'Stock compensation',
}

const columns = ['month', 'BTC $', 'net EH/s', 'diff T', 'coin/blk', '$/PH/day', '$/MWh', 'AI gone', 'off price']
const fleetColumns = ['break-even', 'run PH/s', 'cash']
const row = (cells: readonly string[]): string => cells.map((cell) => cell.padStart(11)).join('')

export const scenarioText = (a: ScenarioAnswer): string => {
  const { scenario, file, overrides } = a.known
  const { path, outcome } = a
  const months = path.btcPriceUsd.map((price, m) =>
    row([
      String(m),
      decimal(price, 0),
      decimal((path.networkPHs[m] ?? 0) / 1000, 1),
      decimal((path.difficulty[m] ?? 0) / 1e12, 2),
      decimal(path.subsidyBtc[m] ?? null, 4),
      decimal(path.hashpriceUsd[m] ?? null, 2),
      decimal(path.powerPricePerMWh[m] ?? null, 2),
      percent(path.aiExitShare[m] ?? null),
      percent(path.priceExitShare[m] ?? null),
      ...(outcome === null
        ? []
        : [
            decimal(outcome.fleetBreakEvenHashpriceUsd[m] ?? null, 2),
            decimal(outcome.runningPHs[m] ?? null, 1),
            money(outcome.cashUsd[m] ?? null),
          ]),
    ]),
  )
  const lines = [
    `${scenario.id}: ${scenario.title}`,
    ...(file === null ? [] : [`  from ${file}${overrides ? ', in place of the shipped scenario of this name' : ''}`]),
    `  ${scenario.source}`,
    ...scenario.notes.map((note) => `  ${note}`),
    '',
    ...startText(a.base),
    ...(Object.keys(scenario.pins).length > 0
      ? [
          `  The scenario brings its own ${Object.entries(scenario.pins)
            .map(([field, value = 0]) => fieldText(field, value))
            .join(' · ')}`,
        ]
      : []),
    '',
    row([...columns, ...(outcome === null ? [] : fleetColumns)]),
    ...months,
    '',
    `  Volatility ${percent(path.volAnnual, 0)} · GPU-hour × ${decimal(path.gpuHourFactor, 2)} · lease in the last month ${dollars(path.leasePerKwMonth.at(-1) ?? null)}/kW-month · tenants that fail ${percent(path.tenantDefaultShare, 0)}`,
    ...(path.powerWindows.length > 0
      ? path.powerWindows.map((w) => `  Scarcity from day ${w.fromDay}: ${w.pricesPerMWh.map((p) => dollars(p, 0)).join(', ')} a MWh`)
      : []),
  ]
  if (outcome !== null)
    lines.push(
      `  Fleet ${decimal(outcome.fleetPHs, 1)} PH/s, ${decimal(outcome.fleetMW, 1)} MW · cash ${money(outcome.totalCashUsd)}, worth ${money(outcome.npvMiningUsd)} today at 18 % a year · ${outcome.belowBreakEvenMonths} of ${count(outcome.months, 'month')} below its break-even`,
      ...outcome.groups.map(
        (g) =>
          `  ${g.id}: break-even ${dollars(g.breakEvenHashpriceUsd)}/PH/day, ${g.firstOffMonth === null ? 'runs in every month' : `off in ${count(g.offMonths, 'month')}, first in month ${g.firstOffMonth}`}`,
      ),
    )
  if (outcome !== null && outcome.npvIncrementalUsd !== null)
    lines.push(
      `  Conversion at ${dollars(outcome.leaseSignedPerKwMonth)}/kW-month: ${money(outcome.npvConversionUsd)}, against ${money(outcome.npvKeepMiningUsd)} for mining on with that power, under the same months: ${money(outcome.npvIncrementalUsd)}`,
    )
  if (a.cycle !== null) lines.push('', ...cycleText(a.cycle))
  if (outcome === null) lines.push('  What it means for a fleet: --site-file FILE.json')
  const c = a.costs
  if (c?.levels)
    lines.push(
      `  A coin costs ${dollars(c.levels.directPerBtc, 0)} in power, ${dollars(c.levels.siteCashPerBtc, 0)} with the site, ${dollars(c.levels.corporateCashPerBtc, 0)} with the company, ${dollars(c.levels.fullyLoadedPerBtc, 0)} fully loaded`,
      `  and leaves ${signed(c.marginPerBtc.directPerBtc, 0)}, ${signed(c.marginPerBtc.siteCashPerBtc, 0)}, ${signed(c.marginPerBtc.corporateCashPerBtc, 0)}, ${signed(c.marginPerBtc.fullyLoadedPerBtc, 0)} USD; only the first says whether to switch off`,
      `  ${solvedNames[c.solvedFor]} solved for: ${dollars(c.solvedPerBtc, 0)} a coin${c.impliedMachineUsdPerTH === null ? '' : `; machines of ${dollars(c.impliedMachineUsdPerTH)}/TH over 36 months`}`,
    )
  else if (c !== null) lines.push(`  The known costs alone are above the headline by ${dollars(-c.solvedPerBtc, 0)} a coin`)
  for (const note of a.notes) lines.push(`  ${note.field}: ${note.reason}`)
  return `${lines.join('\n')}\n`
}
