/**
 * The one adapter between the names of the golden cases and the product's functions: `{"module", "fn", "inputs"}` in, the
 * result object out. A refusal is `{"error": "INVALID_INPUT", "field"}`; a function that is not built yet says so.
 */
import type { Result } from '../result.ts'
import { coloProject } from './ai/colocation-project.ts'
import { conversionDraws } from './ai/conversion-draws.ts'
import { dealMetrics, dealWithRenewals } from './ai/deal-metrics.ts'
import { firstFullYear } from './ai/first-full-year.ts'
import { gpuProject } from './ai/gpu-project.ts'
import { miningAhead } from './ai/mining-ahead.ts'
import { miningOn } from './ai/mining-baseline.ts'
import { miningGivenUp } from './ai/mining-given-up.ts'
import { waitOptionLattice, waitOptionPerpetual } from './ai/option-to-wait.ts'
import { parityHashprice } from './ai/parity-hashprice.ts'
import { partialConversion } from './ai/partial-conversion.ts'
import { siteScore } from './ai/site-score.ts'
import { tornado } from './ai/tornado.ts'
import { valueOfWaiting } from './ai/value-of-waiting.ts'
import { groupBreakEven } from './breakeven/break-even.ts'
import { closeSite } from './breakeven/close-site.ts'
import { costMix } from './breakeven/cost-mix.ts'
import { costPerBtc } from './breakeven/cost-per-coin.ts'
import { impairment } from './breakeven/impairment.ts'
import { machineDepreciation } from './breakeven/machine-depreciation.ts'
import { machineValue } from './breakeven/machine-value.ts'
import { meritOrder } from './breakeven/merit-order.ts'
import { powerPriceCurve } from './breakeven/power-price-curve.ts'
import { priceLadder } from './breakeven/price-ladder.ts'
import { relocateGroup } from './breakeven/relocate-group.ts'
import { sensitivityGrid } from './breakeven/sensitivity-grid.ts'
import { bootstrapPath } from './chance/bootstrap.ts'
import { gbmPath, gbmStats } from './chance/gbm.ts'
import { jumpStats } from './chance/jump.ts'
import { mcMiningNpv } from './chance/mc-mining-npv.ts'
import { miningMonths } from './chance/mining-months.ts'
import { pathsCheck } from './chance/paths-check.ts'
import { piecewisePath } from './chance/piecewise-path.ts'
import { powerPath } from './chance/power-path.ts'
import { pricePaths } from './chance/price-paths.ts'
import { backtestWith } from './curtailment/backtest.ts'
import { coincidentPeak } from './curtailment/coincident-peak.ts'
import { demandCharge, transmissionCharge } from './curtailment/grid-charges.ts'
import { hysteresis, hysteresisDefaults } from './curtailment/hysteresis.ts'
import type { SolveMilp } from './curtailment/milp.ts'
import { opportunityPrice } from './curtailment/opportunity-price.ts'
import { peakProbability, peakProbabilityFit } from './curtailment/peak-probability.ts'
import { planWith } from './curtailment/plan.ts'
import { ppaSettlement } from './curtailment/ppa-settlement.ts'
import { proofOfValue } from './curtailment/proof-of-value.ts'
import { rtRule } from './curtailment/real-time-rule.ts'
import { irr, levelPayment, mirr, npv, payback } from './finance/cash-flow.ts'
import type { Model } from './model.ts'
import { checkAdjustmentClaim } from './network/adjustment-claim.ts'
import { defaultTranches } from './network/default-tranches.ts'
import { equilibriumElastic } from './network/equilibrium-elastic.ts'
import { equilibriumSupply } from './network/equilibrium-supply.ts'
import { feePath } from './network/fee-path.ts'
import { hashrateDynamics } from './network/hashrate-dynamics.ts'
import { networkRevenue } from './network/network-revenue.ts'
import { nextAdjustmentFan } from './network/next-adjustment-fan.ts'
import { nextHalving } from './network/next-halving.ts'
import { ownFleetEffect } from './network/own-fleet-effect.ts'
import { retarget } from './network/retarget.ts'
import { security } from './network/security.ts'
import { securityTrend } from './network/security-trend.ts'
import { simulateEpochs } from './network/simulate-epochs.ts'
import { hashprice, impliedHashrate } from './revenue/hashprice.ts'
import { operatingPoints } from './revenue/operating-points.ts'
import { poolComparison } from './revenue/pool-comparison.ts'
import { poolPayout } from './revenue/pool-payout.ts'
import { realisedHashrate } from './revenue/realised-hashrate.ts'
import { rollup } from './revenue/roll-up.ts'
import { horizonBtc, subsidyAtHeight, supplyAtHeight } from './revenue/subsidy.ts'
import { aiCrowdOut } from './scenario/ai-crowd-out.ts'
import { cyclicalOrStructural } from './scenario/cyclical-or-structural.ts'
import { energyShock } from './scenario/energy-shock.ts'
import { scenarioCosts } from './scenario/scenario-costs.ts'
import { scenarioOutcome } from './scenario/scenario-outcome.ts'
import { scenarioPath } from './scenario/scenario-path.ts'
import { allInPrice } from './site/power-bill.ts'
import { blockEfficiency, meteredOverhead, siteHashrate, siteMargin, sitePower } from './site/site-load.ts'
import { collateral } from './treasury/collateral.ts'
import { fundFromBtc } from './treasury/fund-from-coins.ts'
import { fundingRisk } from './treasury/funding-risk.ts'
import { hedgeChoices } from './treasury/hedge-choices.ts'
import { holdVsSell } from './treasury/hold-or-sell.ts'
import { runway } from './treasury/runway.ts'
import { sellPressure } from './treasury/sell-pressure.ts'

/** Each function checks its own input (`model.ts`), so that it may be handed anything; only its declared type is narrower. */
type AnyModel = Model<never, unknown>

/** What `shared/` cannot bring itself: a solver of mixed-integer problems. Null: plans of a coupled site are repaired greedily. */
export type ModelTools = { readonly solveMilp: SolveMilp | null }
const NO_TOOLS: ModelTools = { solveMilp: null }

const withTools = ({ solveMilp }: ModelTools): readonly AnyModel[] => [planWith(solveMilp), backtestWith(solveMilp)]
/** Every model there is; one line a module. */
export const models: readonly AnyModel[] = [
  ...[siteHashrate, sitePower, blockEfficiency, meteredOverhead, siteMargin, opportunityPrice, allInPrice],
  ...[miningOn, miningGivenUp, miningAhead, firstFullYear],
  ...[subsidyAtHeight, supplyAtHeight, impliedHashrate, hashprice, poolPayout, horizonBtc, rollup],
  ...[operatingPoints, poolComparison, realisedHashrate],
  ...[groupBreakEven, costPerBtc, meritOrder],
  ...[priceLadder, powerPriceCurve, sensitivityGrid, closeSite, costMix, machineDepreciation, impairment, machineValue, relocateGroup],
  ...[retarget, checkAdjustmentClaim, simulateEpochs, nextAdjustmentFan, ownFleetEffect, nextHalving, feePath, security, securityTrend],
  ...[networkRevenue, equilibriumSupply, equilibriumElastic, defaultTranches, hashrateDynamics],
  ...[gbmStats, gbmPath, jumpStats, bootstrapPath, miningMonths, mcMiningNpv],
  ...[pricePaths, pathsCheck, powerPath, piecewisePath],
  ...[rtRule, hysteresis, hysteresisDefaults, coincidentPeak, transmissionCharge, demandCharge],
  ...[peakProbability, peakProbabilityFit, ppaSettlement, proofOfValue],
  ...[irr, npv, mirr, levelPayment, payback],
  ...[coloProject, dealMetrics, dealWithRenewals, parityHashprice, siteScore, tornado],
  ...[gpuProject, waitOptionLattice, waitOptionPerpetual, conversionDraws, valueOfWaiting, partialConversion],
  ...[energyShock, aiCrowdOut, scenarioPath, scenarioOutcome, scenarioCosts, cyclicalOrStructural],
  ...[runway, fundFromBtc, sellPressure, collateral, holdVsSell, hedgeChoices, fundingRisk],
]

const named = (list: readonly AnyModel[]) => list.map((m): [string, AnyModel] => [m.formula.id.split('.')[1] ?? '', m])
type Known = ReadonlyMap<string, AnyModel>
const byName: Known = new Map([...named(models), ...named(withTools(NO_TOOLS))])
const bySolver = new WeakMap<SolveMilp, Known>()
const knownWith = ({ solveMilp }: ModelTools): Known => {
  if (solveMilp === null) return byName
  const known = bySolver.get(solveMilp) ?? new Map([...byName, ...named(withTools({ solveMilp }))])
  bySolver.set(solveMilp, known)
  return known
}

/** Every function that can be asked for. */
export const allModels: readonly AnyModel[] = [...byName.values()]
export const modelNames: readonly string[] = [...byName.keys()]

const SOLVER_MODELS: ReadonlySet<string> = new Set(named(withTools(NO_TOOLS)).map(([name]) => name))
/** Whether a request, or one of a list, asks for a function that takes a solver. */
export const wantsSolver = (request: unknown): boolean =>
  Array.isArray(request)
    ? request.some(wantsSolver)
    : typeof request === 'object' && request !== null && 'fn' in request && typeof request.fn === 'string' && SOLVER_MODELS.has(request.fn)

export type ModelError = {
  readonly error: 'INVALID_INPUT' | 'NOT_IMPLEMENTED' | 'OUT_OF_RANGE'
  readonly field: string
  readonly message: string
}

const refusal = (error: ModelError['error'], field: string, message: string): ModelError => ({ error, field, message })

/** The way to the first number of a result that left the range of a double; null where all are finite. */
const notFinite = (value: unknown, way: string): string | null => {
  if (typeof value === 'number') return Number.isFinite(value) ? null : way
  if (typeof value !== 'object' || value === null) return null
  for (const [key, inner] of Object.entries(value)) {
    const found = notFinite(inner, way === '' ? key : `${way}.${key}`)
    if (found !== null) return found
  }
  return null
}

const answerOf = (of: AnyModel, inputs: unknown, explain: boolean): Result<unknown> =>
  explain ? of.explain(inputs as never) : of(inputs as never)

const evaluateOne = (request: unknown, known: Known): unknown => {
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    return refusal('INVALID_INPUT', 'request', 'a request is an object {"module", "fn", "inputs"}')
  const { module, fn, inputs, explain }: { module?: unknown; fn?: unknown; inputs?: unknown; explain?: unknown } = request
  if (typeof fn !== 'string') return refusal('INVALID_INPUT', 'fn', 'fn is the name of a function')
  if (module !== undefined && typeof module !== 'string') return refusal('INVALID_INPUT', 'module', 'module is a name')
  if (explain !== undefined && typeof explain !== 'boolean') return refusal('INVALID_INPUT', 'explain', 'explain is true or false')
  // A name is enough: no two modules share one. A module that is given must hold the function.
  const evaluate = known.get(fn)
  if (!evaluate || (module !== undefined && evaluate.formula.id !== `${module}.${fn}`))
    return refusal('NOT_IMPLEMENTED', 'fn', `"${fn}" is not part of this version`)
  const answer = answerOf(evaluate, inputs, explain === true)
  if (!answer.ok) return refusal('INVALID_INPUT', answer.failure.field ?? 'inputs', answer.failure.message)
  const overflow = notFinite(answer.value, '')
  return overflow === null ? answer.value : refusal('OUT_OF_RANGE', overflow, `${overflow} is too large for these inputs`)
}

/**
 * One request gives one answer; a list gives a list in the same order, refused cases included. Never throws.
 * A request with `"explain": true` is answered with `{value, derivation}`.
 */
export const evaluateModel = (request: unknown, tools: ModelTools = NO_TOOLS): unknown => {
  const known = knownWith(tools)
  return Array.isArray(request) ? request.map((one) => evaluateOne(one, known)) : evaluateOne(request, known)
}

export const isModelError = (answer: unknown): answer is ModelError =>
  typeof answer === 'object' && answer !== null && 'error' in answer && 'field' in answer
