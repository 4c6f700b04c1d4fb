import { describe, expect, test } from 'vitest'
import { gbmStats } from '#shared/economics/chance/gbm.ts'
import { jumpStats } from '#shared/economics/chance/jump.ts'
import { pathsCheck } from '#shared/economics/chance/paths-check.ts'
import { piecewisePath } from '#shared/economics/chance/piecewise-path.ts'
import { powerPath } from '#shared/economics/chance/power-path.ts'
import { type PricePathsInput, pricePaths, pricePathsJob } from '#shared/economics/chance/price-paths.ts'
import { value } from '../value.ts'

const fieldOf = (r: { ok: true } | { ok: false; failure: { field?: string } }) => (r.ok ? null : r.failure.field)
const gbm = { process: 'gbm' as const, driftAnnual: 0.1, volAnnual: 0.55 }
const paths: PricePathsInput = { startPrice: 71_000, months: 24, paths: 20_000, seed: 4, price: gbm }
/** Logarithms of last price / first price, and their mean and variance. */
const finalLogs = (i: PricePathsInput) => {
  const chunks = value(pricePathsJob.chunks(i))
  const rows = Array.from({ length: chunks }, (_, k) => pricePathsJob.part(i, k).priceUsd)
  const logs = rows.flatMap((row) => Array.from(row).filter((_, k) => (k + 1) % i.months === 0)).map((p) => Math.log(p / i.startPrice))
  const mean = logs.reduce((a, b) => a + b, 0) / logs.length
  return { logs, mean, variance: logs.reduce((a, x) => a + (x - mean) ** 2, 0) / (logs.length - 1) }
}

describe('simulated against closed forms', () => {
  test.each([
    [1, 0.1, 0.55, 88_000],
    [2, 0, 0.35, 60_000],
    [3, -0.2, 0.9, 71_500],
    [4, 0.5, 0.55, 400_000],
  ])('seed %d, drift %d, volatility %d, threshold %d: every figure within four errors', (seed, driftAnnual, volAnnual, threshold) => {
    const check = value(pathsCheck({ startPrice: 71_000, driftAnnual, volAnnual, years: 2, threshold, paths: 50_000, seed }))
    expect(check.figures.filter((f) => !f.isNear)).toEqual([])
    expect(check.agrees).toBe(true)
    expect(check.figures.every((f) => f.figure === 'probTouchAbove' || f.standardError > 0)).toBe(true)
  })
  test('the error of the mean of 10,000 paths over two years at 55 % is about 647 USD', () => {
    const given = { startPrice: 71_000, driftAnnual: 0, volAnnual: 0.55, years: 2, threshold: 88_000, paths: 10_000, seed: 1 }
    expect(value(pathsCheck(given)).figures[0]?.standardError).toBeGreaterThan(580)
    expect(value(pathsCheck(given)).figures[0]?.standardError).toBeLessThan(720)
  })
  test('without volatility both are the same line', () => {
    const check = value(pathsCheck({ startPrice: 100, driftAnnual: 0.5, volAnnual: 0, years: 1, threshold: 120, paths: 5, seed: 1 }))
    expect(check.figures.map((f) => f.sampled)).toEqual([...Array(4).fill(expect.closeTo(164.872127, 5)), 1, 1])
    expect(check.agrees).toBe(true)
  })
})

describe('fans of coin prices', () => {
  test('month 24 of geometric Brownian motion has the quantiles of the lognormal law', () => {
    const { fan } = value(pricePaths(paths))
    const last = fan[23]
    const law = value(gbmStats({ startPrice: 71_000, driftAnnual: 0.1, volAnnual: 0.55, years: 2, threshold: 1 }))
    // A quantile's error in the logarithm: sd sqrt(q (1 - q) / n) / bell; at 5 % 0.0116, at the half 0.0069.
    expect(Math.abs(Math.log((last?.p05BtcUsd ?? 0) / law.p05))).toBeLessThan(4 * 0.0116)
    expect(Math.abs(Math.log((last?.p50BtcUsd ?? 0) / law.median))).toBeLessThan(4 * 0.0069)
    expect(Math.abs(Math.log((last?.p95BtcUsd ?? 0) / law.p95))).toBeLessThan(4 * 0.0116)
    expect(fan.map((m) => m.month)).toEqual(Array.from({ length: 24 }, (_, m) => m + 1))
    expect(fan.every((m) => m.power === null)).toBe(true)
  })
  test.each([true, false])('jumps, compensated %s: mean and variance of the log return within four errors', (compensated) => {
    const jumps = { driftAnnual: 0.1, volAnnual: 0.3, jumpsPerYear: 3, jumpMeanLog: -0.1, jumpSdLog: 0.15, compensated }
    const { mean, variance, logs } = finalLogs({ ...paths, price: { process: 'jump', ...jumps } })
    const law = value(jumpStats({ startPrice: 71_000, ...jumps, years: 2 }))
    expect(Math.abs(mean - law.meanLogReturn)).toBeLessThan(4 * Math.sqrt(law.varLogReturn / logs.length))
    // Its kurtosis is a little above the normal's 3.
    expect(Math.abs(variance / law.varLogReturn - 1)).toBeLessThan(4 * Math.sqrt(2.5 / logs.length))
  })
  test('compensated jumps leave the mean at S0 e^(mu T)', () => {
    const price = { process: 'jump' as const, driftAnnual: 0.1, volAnnual: 0.2, jumpsPerYear: 3, jumpMeanLog: -0.1, jumpSdLog: 0.15 }
    const mean = value(pricePaths({ ...paths, price })).fan[23]?.meanBtcUsd ?? 0
    // sd of the logarithm about 0.53, of a price about 0.57 of its mean, over sqrt(20,000).
    expect(Math.abs(mean / (71_000 * Math.exp(0.2)) - 1)).toBeLessThan(4 * 0.0041)
  })
  test('a block bootstrap keeps mean and variance of the daily returns, and its months are 30 or 31 days', () => {
    // Mean 0.002, in runs: independent days of variance 0.0004 would give 0.0004 a day; blocks of one keep exactly that.
    const logReturns = Array.from({ length: 500 }, (_, k) => 0.002 + (k % 2 === 0 ? 0.02 : -0.02))
    const { mean, variance, logs } = finalLogs({ ...paths, months: 12, price: { process: 'bootstrap', logReturns, blockDays: 1 } })
    // Day 365 ends month 12: 30.4375 x 12 = 365.25.
    expect(Math.abs(mean - 365 * 0.002)).toBeLessThan(4 * Math.sqrt((365 * 0.0004) / logs.length))
    expect(Math.abs(variance / (365 * 0.0004) - 1)).toBeLessThan(4 * Math.sqrt(2 / logs.length))
  })
  test('blocks as long as history replay it, turned: each full turn gives the same return', () => {
    const logReturns = [0.03, -0.01, 0.02, -0.05, 0.04]
    // 30 days are six turns of 0.03.
    const { logs } = finalLogs({ ...paths, months: 1, paths: 50, price: { process: 'bootstrap', logReturns, blockDays: 5 } })
    for (const log of logs) expect(log).toBeCloseTo(0.18, 12)
  })
  test('without volatility every path is S0 e^(mu t)', () => {
    const { fan } = value(pricePaths({ ...paths, paths: 3, price: { process: 'gbm', driftAnnual: 0.12, volAnnual: 0 } }))
    expect([fan[11]?.p05BtcUsd, fan[11]?.p95BtcUsd]).toEqual(Array(2).fill(expect.closeTo(71_000 * 1.1274968515793757, 6)))
  })
  test('a seed gives the same fan, another seed another', () => {
    const small = { ...paths, paths: 50 }
    expect(value(pricePaths(small))).toEqual(value(pricePaths(small)))
    expect(value(pricePaths({ ...small, seed: 5 })).fan).not.toEqual(value(pricePaths(small)).fan)
  })
})

describe('coin and power together', () => {
  const power = {
    basePerMWh: 50,
    sdLog: 0.4,
    halfLifeDays: 12,
    spikesPerYear: 24,
    spikeMeanPerMWh: 400,
    spikeMeanHours: 3,
    correlation: 0.4,
  }
  test.each([-0.8, 0, 0.4, 1])('shocks of correlation %d come out so', (correlation) => {
    const drawn = value(pricePaths({ ...paths, months: 6, paths: 500, power: { ...power, correlation } }))
    // 91,500 days: 1 / sqrt(n) = 0.0033.
    expect(Math.abs((drawn.sampledCorrelation ?? Number.NaN) - correlation)).toBeLessThan(4 * 0.0034)
  })
  test('the mean power price is the base and the spikes: 50 + 24 / 365.25 x 3 / 24 x 400', () => {
    const { fan } = value(pricePaths({ ...paths, months: 12, paths: 2000, power }))
    const mean = fan.reduce((total, m) => total + (m.power?.meanPerMWh ?? Number.NaN), 0) / 12
    expect(Math.abs(mean - 53.2854)).toBeLessThan(1)
    expect(fan.every((m) => m.power !== null && m.power.p05PerMWh < m.power.p50PerMWh && m.power.p50PerMWh < m.power.p95PerMWh)).toBe(true)
  })
  test('a bootstrap draws power from the same days: a return of +1 % always stood beside 30, one of -1 % beside 90', () => {
    const logReturns = Array.from({ length: 40 }, (_, k) => (k % 3 === 0 ? -0.01 : 0.01))
    const powerPerMWh = logReturns.map((r) => (r < 0 ? 90 : 30))
    const drawn = value(pricePaths({ ...paths, months: 2, paths: 200, price: { process: 'bootstrap', logReturns, powerPerMWh } }))
    expect(drawn.sampledCorrelation).toBeCloseTo(-1, 9)
  })
  test.each([
    ['startPrice', { startPrice: 0 }],
    ['volAnnual', { price: { ...gbm, volAnnual: -1 } }],
    ['blockDays', { price: { process: 'bootstrap' as const, logReturns: [0.1], blockDays: 2 } }],
    ['powerPerMWh', { price: { process: 'bootstrap' as const, logReturns: [0.1], blockDays: 1, powerPerMWh: [] } }],
    ['power', { price: { process: 'bootstrap' as const, logReturns: [0.1], blockDays: 1 }, power }],
    ['correlation', { power: { ...power, correlation: 40 } }],
    ['monthFactor', { power: { ...power, monthFactor: [1, 2] } }],
    ['paths', { paths: 5_000_000, months: 60 }],
    ['price', { months: 1200, price: { ...gbm, driftAnnual: 10, volAnnual: 0 }, paths: 2 }],
  ])('bad %s is refused by name', (field, bad) => expect(fieldOf(pricePaths({ ...paths, paths: 10, ...bad }))).toBe(field))
})

describe('hourly power', () => {
  const year = { hours: 8766, seed: 3 }
  test('no spread and no spikes: the shape alone, relative to its mean', () => {
    const hourFactor = Array.from({ length: 24 }, (_, h) => (h === 18 ? 48 : 0))
    // All of a day in one hour: 24 times the base there, nothing elsewhere; in January twice the year's mean.
    const monthFactor = Array.from({ length: 12 }, (_, m) => (m === 0 ? 24 : 12 - 12 / 11))
    const { pricePerMWh } = value(powerPath({ basePerMWh: 10, sdLog: 0, halfLifeDays: 1, hourFactor, monthFactor, ...year }))
    expect(pricePerMWh.slice(16, 21)).toEqual([0, 0, expect.closeTo(480, 9), 0, 0])
  })
  test('spikes: 87.66 a year of five hours and 200 USD/MWh add 10, and with months and hours they come then', () => {
    const spikes = { spikesPerYear: 87.66, spikeMeanPerMWh: 200, spikeMeanHours: 5 }
    const drawn = value(powerPath({ basePerMWh: 40, sdLog: 0, halfLifeDays: 1, ...spikes, hours: 87_660, seed: 1 }))
    expect(drawn.longRunMeanPerMWh).toBeCloseTo(50, 12)
    // 877 spikes; each adds a geometric number of hours of mean 5 and variance 20: relative error sqrt(1.8 / 877) = 0.045.
    expect(Math.abs(drawn.meanPerMWh - 50)).toBeLessThan(4 * 0.45)
    const spikeHourFactor = Array.from({ length: 24 }, (_, h) => Number(h === 17))
    const evening = value(powerPath({ basePerMWh: 40, sdLog: 0, halfLifeDays: 1, ...spikes, spikeMeanHours: 1, spikeHourFactor, ...year }))
    const hit = evening.pricePerMWh.flatMap((p, hour) => (p > 40 ? [hour % 24] : []))
    expect([new Set(hit), hit.length > 40]).toEqual([new Set([17]), true])
  })
  test('after one half-life half of a deviation is left: the autocorrelation of the logarithm', () => {
    const { pricePerMWh } = value(powerPath({ basePerMWh: 40, sdLog: 0.3, halfLifeDays: 1, hours: 87_660, seed: 2 }))
    const logs = pricePerMWh.map((p) => Math.log(p / 40) + 0.045)
    const at = (lag: number) => logs.slice(lag).reduce((total, x, k) => total + x * (logs[k] ?? 0), 0) / (logs.length - lag)
    // Ten years forget themselves some 2,500 times over.
    expect(Math.abs(at(0) - 0.09)).toBeLessThan(4 * 0.09 * Math.sqrt(2 / 2500))
    expect(Math.abs(at(24) / at(0) - 0.5)).toBeLessThan(4 * 0.02)
  })
})

describe('piecewise', () => {
  const points = [
    { month: 0, btcPriceUsd: 100 },
    { month: 2, btcPriceUsd: 400 },
  ]
  test.each([
    ['geometric', [100, 200, 400, 400]],
    ['linear', [100, 250, 400, 400]],
    ['step', [100, 100, 400, 400]],
  ] as const)('%s between two points, flat after the last', (between, path) => {
    expect(value(piecewisePath({ months: 3, between, points })).path).toEqual(path.map((p) => expect.closeTo(p, 9)))
  })
  test('flat before the first point; points whose months do not rise are refused', () => {
    expect(value(piecewisePath({ months: 2, between: 'linear', points: [{ month: 1, btcPriceUsd: 5 }] })).path).toEqual([5, 5, 5])
    expect(fieldOf(piecewisePath({ months: 2, between: 'linear', points: [...points].reverse() }))).toBe('points')
  })
})
