import * as z from 'zod'
import { atLeastZero, finite, model, positive, shareBelowOne } from '../model.ts'
import { blocksPerPhDay } from '../revenue/hashprice.ts'
import { groupBreakEven } from './break-even.ts'

const axis = z.array(finite).min(1).max(200)

const SensitivityGridInputs = z
  .object({
    /** Rows x columns. */
    kind: z.enum(['price x difficulty', 'price x power', 'hashprice x efficiency']),
    rowValues: axis,
    columnValues: axis,
    difficulty: positive,
    subsidyBtc: atLeastZero,
    feesPerBlockBtc: atLeastZero,
    btcPriceUsd: atLeastZero,
    efficiencyJTH: positive,
    overheadRatio: z.number().min(1),
    powerPricePerMWh: finite,
    otherVariablePerMWh: finite,
    poolFee: shareBelowOne,
    stale: shareBelowOne,
  })
  .superRefine((i, refuse) => {
    const bad = (path: 'rowValues' | 'columnValues', k: number, message: string) =>
      refuse.addIssue({ code: 'custom', path: [path, k], message })
    // Rows are coin price or hashprice; columns power price may be negative, difficulty and efficiency may not be 0.
    for (const [k, v] of i.rowValues.entries()) if (v < 0) bad('rowValues', k, 'is below 0')
    if (i.kind !== 'price x power') for (const [k, v] of i.columnValues.entries()) if (v <= 0) bad('columnValues', k, 'is not above 0')
  })
type Grid = z.output<typeof SensitivityGridInputs>

/** What of the base a cell replaces. */
type Cell = {
  readonly btcPriceUsd?: number
  readonly difficulty?: number
  readonly powerPricePerMWh?: number
  readonly efficiencyJTH?: number
  readonly hashpriceUsd?: number
}

const cellOf = (kind: Grid['kind'], row: number, column: number): Cell => {
  switch (kind) {
    case 'price x difficulty':
      return { btcPriceUsd: row, difficulty: column }
    case 'price x power':
      return { btcPriceUsd: row, powerPricePerMWh: column }
    case 'hashprice x efficiency':
      return { hashpriceUsd: row, efficiencyJTH: column }
  }
}

/** The inputs of 2.1; a hashprice is handed over as coins per PH-day at a coin of $1. */
const breakEvenInputs = (i: Grid, cell: Cell) => ({
  efficiencyJTH: cell.efficiencyJTH ?? i.efficiencyJTH,
  overheadRatio: i.overheadRatio,
  powerPricePerMWh: cell.powerPricePerMWh ?? i.powerPricePerMWh,
  otherVariablePerMWh: i.otherVariablePerMWh,
  poolFee: i.poolFee,
  stale: i.stale,
  btcPerPhDay: cell.hashpriceUsd ?? blocksPerPhDay(cell.difficulty ?? i.difficulty) * (i.subsidyBtc + i.feesPerBlockBtc),
  btcPriceUsd: cell.hashpriceUsd === undefined ? (cell.btcPriceUsd ?? i.btcPriceUsd) : 1,
})

/**
 * Margin per MWh over two inputs, every cell computed anew. `flips` marks cells whose sign is not the base's (margin 0 counts
 * as not in the money); `breakEvenColumn` is the column value at which a row's margin is exactly zero, null where none is.
 * Elasticities are d ln(margin) / d ln(x) at the base: by how many per cent margin moves for one per cent of x; null where
 * margin is not positive, or x is not.
 * Worked: revenue 104.17, power 40, other 0: margin 64.17; price elasticity 104.17 / 64.17 = 1.623, power -40 / 64.17 = -0.623.
 */
export const sensitivityGrid = model({ id: 'breakeven.sensitivityGrid', section: '2.4' }, SensitivityGridInputs, (i, { use, step }) => {
  const base = use('base', groupBreakEven, breakEvenInputs(i, {}))
  if (!base.ok) return base
  const baseMarginPerMWh = step('baseMarginPerMWh', base.value.marginPerMWh)
  const baseRevenuePerMWh = step('baseRevenuePerMWh', base.value.revenuePerMWh)
  const rows = []
  for (const rowValue of i.rowValues) {
    const marginPerMWh: number[] = []
    const flips: boolean[] = []
    for (const columnValue of i.columnValues) {
      const cell = groupBreakEven(breakEvenInputs(i, cellOf(i.kind, rowValue, columnValue)))
      if (!cell.ok) return cell
      marginPerMWh.push(cell.value.marginPerMWh)
      flips.push(cell.value.marginPerMWh > 0 !== baseMarginPerMWh > 0)
    }
    // Where the line runs is asked of the same model: break-even difficulty, power price or efficiency of that row.
    const anyColumn = i.columnValues[0] ?? 1
    const ofRow = groupBreakEven({
      ...breakEvenInputs(i, cellOf(i.kind, rowValue, anyColumn)),
      difficulty: i.kind === 'price x difficulty' ? anyColumn : i.difficulty,
    })
    if (!ofRow.ok) return ofRow
    const line = {
      'price x difficulty': ofRow.value.breakEvenDifficulty,
      'price x power': ofRow.value.breakEvenPowerPerMWh,
      'hashprice x efficiency': ofRow.value.breakEvenEfficiencyJTH,
    }[i.kind]
    // At no revenue the line would run at a difficulty, or a machine, of zero: there is none.
    const breakEvenColumn = line === undefined || line === null || (line <= 0 && i.kind !== 'price x power') ? null : line
    rows.push({ rowValue, marginPerMWh, flips, breakEvenColumn })
  }
  const elasticity = (name: string, x: number, numerator: number, how: string) =>
    baseMarginPerMWh > 0 && x > 0 ? step(name, numerator / baseMarginPerMWh, how) : null
  const up = 'baseRevenuePerMWh / baseMarginPerMWh'
  const down = '0 - baseRevenuePerMWh / baseMarginPerMWh'
  return {
    baseMarginPerMWh,
    rows,
    btcPriceElasticity: elasticity('btcPriceElasticity', i.btcPriceUsd, baseRevenuePerMWh, up),
    hashpriceElasticity: elasticity('hashpriceElasticity', baseRevenuePerMWh, baseRevenuePerMWh, up),
    difficultyElasticity: elasticity('difficultyElasticity', i.difficulty, -baseRevenuePerMWh, down),
    efficiencyElasticity: elasticity('efficiencyElasticity', i.efficiencyJTH, -baseRevenuePerMWh, down),
    powerPriceElasticity: elasticity(
      'powerPriceElasticity',
      i.powerPricePerMWh,
      -i.powerPricePerMWh,
      '0 - powerPricePerMWh / baseMarginPerMWh',
    ),
  }
})
