import * as z from 'zod'
import { ok, type Result } from '../../result.ts'
import { KW_PER_MW } from '../../units.ts'
import { ColocationProject, coloProject, presentValueOfMonths } from '../ai/colocation-project.ts'
import { miningGivenUp } from '../ai/mining-given-up.ts'
import { groupBreakEven } from '../breakeven/break-even.ts'
import { miningMonths } from '../chance/mining-months.ts'
import { BLOCKS_PER_MINING_MONTH } from '../chance/mining-paths.ts'
import { atLeastZero, discountRate, finite, model, positive, shareBelowOne } from '../model.ts'
import { sum } from '../sum.ts'
import { powerFactorOfOil } from './energy-shock.ts'
import { DAYS_PER_MONTH } from './network-course.ts'
import { type Answered, pinned, scenarioPath, scenarioPathShape, scenarioProblems } from './scenario-path.ts'

const Fleet = z.object({
  groups: z
    .array(
      z.object({
        id: z.string(),
        hashratePHs: positive,
        efficiencyJTH: positive,
        overheadRatio: z.number().min(1),
        /** Today's; moves with the scenario's oil and growth. */
        powerPricePerMWh: finite,
        /** Delivery, wear: does not move. */
        otherVariablePerMWh: finite,
        /** Left out: the scenario's default. */
        passThrough: z.number().min(0).max(2).optional(),
        /** Pays the market's price in a scarcity window; a fixed tariff does not see it. */
        marketPriced: z.boolean().default(true),
      }),
    )
    .min(1)
    .max(500)
    .superRefine((groups, refuse) => {
      const ids = new Set<string>()
      for (const [k, group] of groups.entries()) {
        if (ids.has(group.id)) refuse.addIssue({ code: 'custom', path: [k, 'id'], message: `"${group.id}" is there twice` })
        ids.add(group.id)
      }
    }),
  /**
   * Market price less its mean, one for each of so many equal parts of the time: a market-priced group stands still where
   * power is dear and earns where it is cheap. Left out: the price is the mean at all times.
   */
  priceOffsetsPerMWh: z.array(finite).min(1).max(100).optional(),
  poolFee: shareBelowOne,
  stale: shareBelowOne.default(0),
  /** What ends when mining ends: staff, rent, hosting. */
  fixedUsdPerMonth: atLeastZero.default(0),
  /** May a group stand still in a month that costs more than it earns? */
  shutdownAllowed: z.boolean().default(true),
})
type Fleet = z.output<typeof Fleet>
/** A fleet as it is handed in: defaults may be left out. */
export type ScenarioFleet = z.input<typeof Fleet>

const Inputs = z
  .object({
    ...scenarioPathShape,
    fleet: Fleet,
    discountRateAnnual: discountRate,
    /** Converted on its own MW; its lease, occupancy, power and mining margin are then those of the scenario. */
    conversion: ColocationProject.optional(),
    /** Of the site: what the machines leave unused is converted first. Left out: the project takes the machines' power. */
    interconnectMW: positive.optional(),
  })
  .superRefine(scenarioProblems)
type Inputs = z.output<typeof Inputs>

type Path = { readonly [K in 'btcPriceUsd' | 'calibratedPHs' | 'feesPerBlockBtc' | 'powerGrowthFactor']: readonly number[] }

const powerFactor = (i: Inputs, passThrough: number | undefined): number => {
  const oil = i.scenario.power.oil
  return oil === undefined ? 1 : powerFactorOfOil(oil.before, oil.after, passThrough ?? oil.defaultPassThrough)
}

/** Days of each scarcity price that fall into a month. */
const windowDays = (windows: Inputs['scenario']['power']['windows'], month: number): { pricePerMWh: number; days: number }[] => {
  const from = month * DAYS_PER_MONTH
  const to = from + DAYS_PER_MONTH
  return windows.flatMap((w) =>
    w.pricesPerMWh.flatMap((pricePerMWh, k) => {
      const days = Math.min(to, w.fromDay + k + 1) - Math.max(from, w.fromDay + k)
      return days > 0 ? [{ pricePerMWh, days }] : []
    }),
  )
}

/** `onShares`: of the ordinary time, group by group. */
type Month = { readonly cashUsd: number; readonly btcMined: number; readonly onShares: readonly number[] }

const AT_ITS_MEAN: readonly number[] = [0]

/** One month of the fleet: the ordinary days at its own prices, each day of a window at the window's. */
const monthOf = (i: Inputs, path: Path, height: number, month: number): Result<Month> => {
  const { fleet } = i
  const growth = path.powerGrowthFactor[month] ?? 1
  const offsetsOf = (g: Fleet['groups'][number], windowPrice: number | null) =>
    windowPrice === null && g.marketPriced ? (fleet.priceOffsetsPerMWh ?? AT_ITS_MEAN) : AT_ITS_MEAN
  // A group that meets several prices is as many groups, each there for its part of the time.
  const at = (windowPrice: number | null) =>
    miningMonths({
      startHeight: height + month * BLOCKS_PER_MINING_MONTH,
      months: 1,
      feesPerBlockBtc: path.feesPerBlockBtc[month] ?? 0,
      // Stale shares are lost like a fee.
      poolFee: 1 - (1 - fleet.poolFee) * (1 - fleet.stale),
      fixedCostPerMonth: 0,
      shutdownAllowed: fleet.shutdownAllowed,
      btcPriceUsd: [path.btcPriceUsd[month] ?? 0],
      networkPHs: [path.calibratedPHs[month] ?? 0],
      groups: fleet.groups.flatMap((g) =>
        offsetsOf(g, windowPrice).map((offset, _, { length }) => ({
          id: g.id,
          hashratePHs: g.hashratePHs / length,
          efficiencyJTH: g.efficiencyJTH,
          overheadRatio: g.overheadRatio,
          variablePerMWh:
            (windowPrice !== null && g.marketPriced
              ? windowPrice
              : (g.powerPricePerMWh + offset) * growth * powerFactor(i, g.passThrough)) + g.otherVariablePerMWh,
        })),
      ),
    })
  const ordinary = at(null)
  if (!ordinary.ok) return ordinary
  const windows = windowDays(i.scenario.power.windows, month)
  const ordinaryShare = 1 - sum(windows.map((w) => w.days)) / DAYS_PER_MONTH
  const cash = [ordinary.value.totalCashFlowUsd * ordinaryShare]
  const btc = [ordinary.value.totalBtc * ordinaryShare]
  for (const w of windows) {
    const scarce = at(w.pricePerMWh)
    if (!scarce.ok) return scarce
    cash.push((scarce.value.totalCashFlowUsd * w.days) / DAYS_PER_MONTH)
    btc.push((scarce.value.totalBtc * w.days) / DAYS_PER_MONTH)
  }
  const on = ordinary.value.months[0]?.on ?? []
  return ok({
    cashUsd: sum(cash) - fleet.fixedUsdPerMonth,
    btcMined: sum(btc),
    onShares: fleet.groups.map((g) => on.filter((id) => id === g.id).length / offsetsOf(g, null).length),
  })
}

const fleetMW = (fleet: Fleet): number => sum(fleet.groups.map((g) => (g.hashratePHs * g.efficiencyJTH * g.overheadRatio) / KW_PER_MW))

/** The conversion as the scenario's AI market and power leave it; months 0..horizon of the fleet's cash a MW given up. */
const underScenario = (
  i: Inputs,
  project: ColocationProject,
  path: { readonly leaseFactor: readonly number[]; readonly powerPriceFactor: readonly number[] },
  cashUsd: readonly number[],
  givenUpShare: number,
): ColocationProject => {
  // A lease is signed when building starts; later growth is the contract's escalator.
  const signed = Math.min(...project.phases.map((p) => p.startMonth))
  const months = project.horizonMonths + 1
  return {
    ...project,
    leasePerKwMonth: project.leasePerKwMonth * (path.leaseFactor[signed] ?? 1),
    occupancy: project.occupancy * (1 - i.scenario.ai.tenantDefaultShare),
    powerPricePerMWh: (project.powerPricePerMWh * sum(path.powerPriceFactor.slice(0, months))) / months,
    miningCashMarginPerMWMonth: 0,
    miningCashMarginPerMWByMonth: cashUsd.slice(0, months).map((usd) => (usd / fleetMW(i.fleet)) * givenUpShare),
  }
}

/**
 * A fleet under a scenario, month by month: cash with the option to stand still, the fleet's break-even hashprice (all
 * groups together), which months lie below it and when each group first stands still; and, with a conversion project,
 * what converting is worth against mining on under the very same path. Months past the scenario's horizon, which a
 * project may need, go on as its last one. Present values discount month m at (1 + r)^(-m/12), month 0 not at all.
 * `groups[].firstOffMonth`: the first month in which a group never runs; null where there is none. The month's cash counts ordinary days at the group's price, scarcity days
 * at the market's.
 * Worked: 1,000 PH/s, 20 J/TH, 50 USD/MWh at a hashprice of 33.63, fee 0: (33.63 - 24) x 1,000 x 30.4375 = $293,000 a month.
 */
export const scenarioOutcome = model({ id: 'scenario.scenarioOutcome', section: '7' }, Inputs, (i, { use, step }) => {
  const count = i.months ?? Math.max(i.scenario.horizonMonths, (i.conversion?.horizonMonths ?? -1) + 1)
  const needed = (i.conversion?.horizonMonths ?? -1) + 1
  const pathed = use('path', scenarioPath, { scenario: i.scenario, base: i.base, months: Math.max(count, needed) })
  if (!pathed.ok) return pathed
  const path = pathed.value
  const { height } = pinned(i.scenario, i.base)
  const months: Month[] = []
  for (let m = 0; m < path.months; m += 1) {
    const month = monthOf(i, path, height, m)
    if (!month.ok) return month
    months.push(month.value)
  }
  const net = (1 - i.fleet.poolFee) * (1 - i.fleet.stale)
  const fleetPHs = step('fleetPHs', sum(i.fleet.groups.map((g) => g.hashratePHs)))
  const groupBreakEvens: { breakEvenHashpriceUsd: number; otherUsd: number; group: Fleet['groups'][number] }[] = []
  for (const g of i.fleet.groups) {
    const even = groupBreakEven({
      efficiencyJTH: g.efficiencyJTH,
      overheadRatio: g.overheadRatio,
      powerPricePerMWh: g.powerPricePerMWh * powerFactor(i, g.passThrough),
      otherVariablePerMWh: g.otherVariablePerMWh,
      poolFee: i.fleet.poolFee,
      stale: i.fleet.stale,
      btcPerPhDay: 0,
      btcPriceUsd: 0,
    })
    if (!even.ok) return even
    groupBreakEvens.push({
      breakEvenHashpriceUsd: even.value.breakEvenHashpriceUsd,
      otherUsd: (even.value.energyMWhPerPhDay * g.otherVariablePerMWh) / net,
      group: g,
    })
  }
  // Only the energy's part grows; the rest of the break-even stays.
  const breakEvenOf = (g: (typeof groupBreakEvens)[number], m: number) =>
    (g.breakEvenHashpriceUsd - g.otherUsd) * (path.powerGrowthFactor[m] ?? 1) + g.otherUsd
  const fleetBreakEvenHashpriceUsd = months.map(
    (_, m) => sum(groupBreakEvens.map((g) => breakEvenOf(g, m) * g.group.hashratePHs)) / fleetPHs,
  )
  const cashUsd = months.map((m) => m.cashUsd)
  const shown = cashUsd.slice(0, count)
  const below = path.hashpriceUsd.slice(0, count).map((h, m) => h < (fleetBreakEvenHashpriceUsd[m] ?? 0))
  const npvMiningUsd = step('npvMiningUsd', presentValueOfMonths(i.discountRateAnnual, shown))
  const megawatts = step('fleetMW', fleetMW(i.fleet))
  const gridMW = sum(i.conversion?.phases.map((p) => p.gridMW) ?? [])
  // Of each converted MW, the part that mined.
  const givenUp =
    i.conversion === undefined
      ? null
      : use('givenUp', miningGivenUp, {
          marginPerRunningMWMonthUsd: sum(shown) / count / megawatts,
          runningMW: megawatts,
          interconnectMW: i.interconnectMW ?? Math.min(megawatts, gridMW),
          gridMW,
        })
  if (givenUp?.ok === false) return givenUp
  const project =
    i.conversion === undefined || givenUp === null ? null : underScenario(i, i.conversion, path, cashUsd, givenUp.value.displacedShare)
  const converted = project === null ? null : use('conversion', coloProject, project)
  if (converted?.ok === false) return converted
  return {
    months: count,
    fleetMW: megawatts,
    fleetPHs,
    btcMined: months.slice(0, count).map((m) => m.btcMined),
    cashUsd: shown,
    runningPHs: months.slice(0, count).map((m) => sum(i.fleet.groups.map((g, k) => g.hashratePHs * (m.onShares[k] ?? 0)))),
    hashpriceUsd: path.hashpriceUsd.slice(0, count),
    fleetBreakEvenHashpriceUsd: fleetBreakEvenHashpriceUsd.slice(0, count),
    belowBreakEvenMonths: below.filter(Boolean).length,
    groups: groupBreakEvens.map((g, k) => {
      const off = months.slice(0, count).map((m) => m.onShares[k] === 0)
      return {
        id: g.group.id,
        breakEvenHashpriceUsd: breakEvenOf(g, 0),
        firstOffMonth: off.includes(true) ? off.indexOf(true) : null,
        offMonths: off.filter(Boolean).length,
      }
    }),
    totalCashUsd: sum(shown),
    npvMiningUsd,
    /** Null without a project. */
    npvConversionUsd: converted === null ? null : converted.value.npvProject,
    npvKeepMiningUsd: converted === null ? null : converted.value.npvKeepMining,
    npvIncrementalUsd: converted === null ? null : converted.value.npvIncremental,
    leaseSignedPerKwMonth: project?.leasePerKwMonth ?? null,
  }
})

export type ScenarioOutcome = Answered<typeof scenarioOutcome>
