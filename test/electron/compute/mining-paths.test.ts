import { expect, test } from 'vitest'
import { compute } from '#electron/compute/compute.ts'
import { inChunks } from '#shared/economics/chance/in-chunks.ts'
import { miningPaths, type RunningMean } from '#shared/economics/chance/mining-paths.ts'
import { pricePathsJob } from '#shared/economics/chance/price-paths.ts'

const mining = {
  startPrice: 71_000,
  driftAnnual: 0.08,
  volAnnual: 0.55,
  months: 36,
  hashratePHs: 1000,
  networkPHs: 950_000,
  subsidyBtc: 3.125,
  feesPerBlockBtc: 0.03,
  poolFee: 0.02,
  efficiencyJTH: 17.5,
  overheadRatio: 1.04,
  variablePerMWh: 50,
  discountRateAnnual: 0.12,
  paths: 60_000,
  seed: 7,
}
const threads = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length

test('NPV over 60,000 paths is the same to the last bit here, on one thread and on two', async () => {
  const here = inChunks(miningPaths, mining)
  expect(await compute('miningPaths', mining, { threads: 1 })).toEqual(here)
  expect(await compute('miningPaths', mining, { threads: 2 })).toEqual(here)
})

test('so are simulated prices with power beside them', async () => {
  const price = { process: 'gbm' as const, driftAnnual: 0, volAnnual: 0.55 }
  const power = { basePerMWh: 45, sdLog: 0.3, halfLifeDays: 10, spikesPerYear: 20, spikeMeanPerMWh: 300, correlation: 0.3 }
  const given = { startPrice: 71_000, months: 3, paths: 3000, seed: 2, price, power }
  expect(await compute('pricePaths', given, { threads: 2 })).toEqual(inChunks(pricePathsJob, given))
})

test('the running interval narrows onto the answer', async () => {
  const told: RunningMean[] = []
  const answer = await compute('miningPaths', mining, { threads: 1, onProgress: (_, running) => running && told.push(running) })
  const width = (r: RunningMean | undefined) => (r ? r.highUsd - r.lowUsd : Number.NaN)
  expect(told.at(-1)).toMatchObject({ paths: 60_000 })
  expect(width(told.at(-1))).toBeLessThan(width(told[0]))
  expect(answer.ok && told.at(-1)?.meanNpvUsd).toBeCloseTo(answer.ok ? answer.value.meanNpv : Number.NaN, 3)
})

test('cancelled in the middle of a billion steps: it ends at once and no thread is left', async () => {
  const before = threads()
  const stop = new AbortController()
  let cancelledAtMs = Number.NaN
  const onProgress = () => {
    cancelledAtMs = performance.now()
    stop.abort()
  }
  const long = { ...mining, months: 200, paths: 5_000_000 }
  const answer = await compute('miningPaths', long, { threads: 2, signal: stop.signal, onProgress })
  expect(answer).toMatchObject({ ok: false, failure: { kind: 'cancelled' } })
  // It would take many seconds; two cores shared with a whole suite may stall for a while.
  expect(performance.now() - cancelledAtMs).toBeLessThan(2000)
  expect(threads()).toBe(before)
})

test('bad input comes back with its field', async () => {
  expect(await compute('miningPaths', { ...mining, volAnnual: 55 })).toMatchObject({ ok: false, failure: { field: 'volAnnual' } })
})
