import * as z from 'zod'
import { HOURS_PER_DAY, KW_PER_MW } from '../../units.ts'
import { atLeastZero, finite, model, positive, shareBelowOne } from '../model.ts'

const OperatingPointsInputs = z
  .object({
    points: z
      .array(z.object({ id: z.string(), hashratePHs: positive, efficiencyJTH: positive }))
      .min(1)
      .max(1000),
    /** Metered MWh / machine MWh. */
    overheadRatio: z.number().min(1),
    /** Energy and other variable cost; at or below zero every group runs flat out. */
    variablePerMWh: finite,
    poolFee: shareBelowOne,
    hashpriceUsdPerPhDay: atLeastZero,
  })
  .superRefine((i, refuse) => {
    const ids = new Set<string>()
    for (const [k, point] of i.points.entries()) {
      if (ids.has(point.id)) refuse.addIssue({ code: 'custom', path: ['points', k, 'id'], message: `"${point.id}" is there twice` })
      ids.add(point.id)
    }
  })

type Point = { readonly id: string; readonly hashratePHs: number; readonly powerMW: number }
const OFF: Point = { id: 'off', hashratePHs: 0, powerMW: 0 }

/** MW per PH/s from one point to the next. */
const slope = (from: Point, to: Point) => (to.powerMW - from.powerMW) / (to.hashratePHs - from.hashratePHs)

/** J/TH of the last PH/s on the way from one point to the next; what is compared is what is told. */
const marginalJTHOf = (from: Point, to: Point) => slope(from, to) * KW_PER_MW

/** Off, then the corners of the lower convex hull of MW over PH/s, by rising hashrate (Andrew's monotone chain). */
const hullOf = (points: readonly Point[]): Point[] => {
  const sorted = [...points].sort((a, b) => a.hashratePHs - b.hashratePHs || a.powerMW - b.powerMW)
  const hull: Point[] = [OFF]
  for (const point of sorted) {
    if (point.hashratePHs === hull.at(-1)?.hashratePHs) continue
    for (;;) {
      const last = hull.at(-1)
      const before = hull.at(-2)
      if (last === undefined || before === undefined || marginalJTHOf(before, last) < marginalJTHOf(last, point)) break
      hull.pop()
    }
    hull.push(point)
  }
  return hull
}

/**
 * Underclock modes of a group as operating points. A point above the lower convex hull of cost over hashrate (off
 * included) is dropped: some machines off or in the mode below and the rest in the mode above hash as much for less power.
 * A kept point says what its last PH/s cost (`marginalEfficiencyJTH`) and the hashprice from which going up to it pays;
 * `bestId` is the highest such mode at the given hashprice, `off` where none pays.
 * Worked: 60 PH/s at 15 J/TH draw 0.9 MW, 100 at 20 draw 2 MW: the last 40 cost 1.1 MW = 27.5 J/TH; at 50 USD/MWh they pay
 * from 27.5 x 0.024 x 50 = $33 of hashprice. A mode of 80 at 20 J/TH (1.6 MW) lies above the line (1.45 MW) and is dropped.
 */
export const operatingPoints = model({ id: 'revenue.operatingPoints', section: '1.5' }, OperatingPointsInputs, (i) => {
  const points = i.points.map((p) => ({ ...p, powerMW: (p.hashratePHs * p.efficiencyJTH * i.overheadRatio) / KW_PER_MW }))
  const hull = hullOf(points)
  const kept = hull.slice(1).map((point, k) => {
    const marginalJTH = marginalJTHOf(hull[k] ?? OFF, point)
    return {
      id: point.id,
      hashratePHs: point.hashratePHs,
      powerMW: point.powerMW,
      /** Overhead included. */
      marginalEfficiencyJTH: marginalJTH,
      paysFromHashpriceUsd: (marginalJTH * HOURS_PER_DAY * i.variablePerMWh) / KW_PER_MW / (1 - i.poolFee),
    }
  })
  const keptIds = new Set(kept.map((p) => p.id))
  const dropped = points
    .filter((p) => !keptIds.has(p.id))
    .map((p) => {
      const above = hull.findIndex((q) => q.hashratePHs >= p.hashratePHs)
      const to = hull[above]
      const from = hull[above - 1] ?? OFF
      const hullMW = to === undefined ? p.powerMW : from.powerMW + slope(from, to) * (p.hashratePHs - from.hashratePHs)
      return { id: p.id, betweenIds: [from.id, to?.id ?? from.id], excessMW: p.powerMW - hullMW }
    })
  // With energy that costs nothing every further PH/s pays, even at a hashprice of 0.
  const paying = kept.filter((p) => (i.variablePerMWh <= 0 ? true : i.hashpriceUsdPerPhDay > p.paysFromHashpriceUsd))
  return { kept, dropped, bestId: paying.at(-1)?.id ?? OFF.id }
})
