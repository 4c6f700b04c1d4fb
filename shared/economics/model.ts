/**
 * The one adapter between the names of the golden cases and the product's functions: `{"module", "fn", "inputs"}` in, the
 * result object out. A refusal is `{"error": "INVALID_INPUT", "field"}`; a function that is not built yet says so.
 */
import type { Result } from '../result.ts'
import { groupBreakEven } from './break-even.ts'
import { irr, levelPayment, mirr, npv, payback } from './cash-flow.ts'
import { coloProject } from './colocation-project.ts'
import { costPerBtc } from './cost-per-coin.ts'
import { dealMetrics, dealWithRenewals } from './deal-metrics.ts'
import { hashprice, impliedHashrate } from './hashprice.ts'
import { meritOrder } from './merit-order.ts'
import { parityHashprice } from './parity-hashprice.ts'
import { poolPayout } from './pool-payout.ts'
import { rtRule } from './real-time-rule.ts'
import { rollup } from './roll-up.ts'
import { siteScore } from './site-score.ts'
import { horizonBtc, subsidyAtHeight, supplyAtHeight } from './subsidy.ts'
import { tornado } from './tornado.ts'

/** Each function checks its own input (`checked.ts`), so that it may be handed anything; only its declared type is narrower. */
type CheckedModel = (inputs: never) => Result<unknown>

const models: Record<string, Record<string, CheckedModel>> = {
  revenue: { subsidyAtHeight, supplyAtHeight, impliedHashrate, hashprice, poolPayout, horizonBtc, rollup },
  breakeven: { groupBreakEven, costPerBtc, meritOrder },
  curtailment: { rtRule },
  finance: { irr, npv, mirr, levelPayment, payback },
  ai: { coloProject, dealMetrics, dealWithRenewals, parityHashprice, siteScore, tornado },
}

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

const evaluateOne = (request: unknown): unknown => {
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    return refusal('INVALID_INPUT', 'request', 'a request is an object {"module", "fn", "inputs"}')
  const { module, fn, inputs }: { module?: unknown; fn?: unknown; inputs?: unknown } = request
  if (typeof fn !== 'string') return refusal('INVALID_INPUT', 'fn', 'fn is the name of a function')
  // A name is enough: no two modules share one. A module that is given must hold the function.
  const home =
    typeof module === 'string'
      ? Object.hasOwn(models, module)
        ? models[module]
        : undefined
      : Object.values(models).find((functions) => Object.hasOwn(functions, fn))
  if (module !== undefined && typeof module !== 'string') return refusal('INVALID_INPUT', 'module', 'module is a name')
  const evaluate = home && Object.hasOwn(home, fn) ? home[fn] : undefined
  if (!evaluate) return refusal('NOT_IMPLEMENTED', 'fn', `"${fn}" is not part of this version`)
  const answer = evaluate(inputs as never)
  if (!answer.ok) return refusal('INVALID_INPUT', answer.failure.field ?? 'inputs', answer.failure.message)
  const overflow = notFinite(answer.value, '')
  return overflow === null ? answer.value : refusal('OUT_OF_RANGE', overflow, `${overflow} is too large for these inputs`)
}

export const isModelError = (answer: unknown): answer is ModelError =>
  typeof answer === 'object' && answer !== null && 'error' in answer && 'field' in answer

/** One request gives one answer; a list gives a list in the same order, refused cases included. Never throws. */
export const evaluateModel = (request: unknown): unknown => (Array.isArray(request) ? request.map(evaluateOne) : evaluateOne(request))
