import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenFarm, openFarm } from '#electron/simulator/farm.ts'
import { noFaults } from '#electron/simulator/parameters.ts'
import { type Block, block, first, get, list } from './raw-client.ts'

const HOUR = 3_600_000
let nowMs = Date.UTC(2026, 10, 24, 18, 0, 30)
let farm: OpenFarm
beforeAll(async () => {
  const opened = await openFarm({ seed: 1, machines: 0, faults: noFaults, now: () => nowMs })
  if (!opened.ok) throw new Error(opened.failure.message)
  farm = opened.value
})
afterAll(() => farm.close())

const at = async <T>(iso: string, work: () => Promise<T>): Promise<T> => {
  const before = nowMs
  nowMs = Date.parse(iso)
  try {
    return await work()
  } finally {
    nowMs = before
  }
}
const fetchAt = (path: string, headers?: Record<string, string>) => get(`http://127.0.0.1:${farm.marketPort}/${path}`, headers)
const json = async (path: string): Promise<unknown> => {
  const page = await fetchAt(path)
  expect(page.status).toBe(200)
  return JSON.parse(page.body.toString('utf8'))
}
const csvRows = (text: string): string[][] => {
  const lines = text.trimEnd().split('\n')
  return lines.map((l) => l.split(',').map((c) => c.replace(/^"|"$/g, '')))
}

describe('exchanges', () => {
  test('three sources, three shapes, one price', async () => {
    const coinbase = block(block(await json('api.coinbase.com/v2/prices/BTC-USD/spot')).data)
    expect(coinbase).toMatchObject({ base: 'BTC', currency: 'USD', amount: expect.stringMatching(/^\d+\.\d+$/) })
    const kraken = block(await json('api.kraken.com/0/public/Ticker?pair=XBTUSD'))
    expect(kraken.error).toEqual([])
    const last = list(block(block(kraken.result).XXBTZUSD).c)[0]
    const bitstamp = block(await json('www.bitstamp.net/api/v2/ticker/btcusd/'))
    expect(bitstamp.timestamp).toBe(String(Math.floor(nowMs / 1000)))
    const prices = [coinbase.amount, last, bitstamp.last].map(Number)
    for (const p of prices) expect(p / (prices[0] ?? 0)).toBeCloseTo(1, 2)
    expect(new Set(prices).size).toBe(3)
  })

  test('Kraken answers an unknown pair with 200 and an error list', async () => {
    expect(await json('api.kraken.com/0/public/Ticker?pair=NOPE')).toMatchObject({ error: [expect.stringContaining('Unknown asset pair')] })
  })
})

describe('mempool.space', () => {
  test('prices are whole units of this hour', async () => {
    const prices = block(await json('mempool.space/api/v1/prices'))
    expect(prices.time).toBe(Date.UTC(2026, 10, 24, 18) / 1000)
    for (const unit of ['USD', 'EUR', 'GBP', 'CAD', 'CHF', 'AUD', 'JPY']) expect(Number.isInteger(prices[unit])).toBe(true)
  })

  test('difficulty-adjustment: change in per cent, dates in ms, previousTime in seconds, heights that fit', async () => {
    const da = block(await json('mempool.space/api/v1/difficulty-adjustment'))
    const tip = Number((await fetchAt('mempool.space/api/blocks/tip/height')).body.toString())
    expect(Number(da.nextRetargetHeight) % 2016).toBe(0)
    expect(Number(da.nextRetargetHeight) - Number(da.remainingBlocks)).toBe(tip)
    expect(Math.abs(Number(da.difficultyChange))).toBeLessThan(20)
    expect(Number(da.previousTime)).toBeLessThan(nowMs / 1000)
    expect(Number(da.estimatedRetargetDate) - Number(da.remainingTime)).toBeCloseTo(nowMs, -2)
    expect(Number(da.timeAvg) / 600_000).toBeCloseTo(1, 0)
  })

  test('the estimate of the change comes true: late in the epoch it is within half a point of what follows', async () => {
    const early = block(await json('mempool.space/api/v1/difficulty-adjustment'))
    const nearEnd = new Date(Number(early.estimatedRetargetDate) - 8 * HOUR).toISOString()
    const late = await at(nearEnd, async () => block(await json('mempool.space/api/v1/difficulty-adjustment')))
    const afterwards = await at(new Date(Date.parse(nearEnd) + 24 * HOUR).toISOString(), async () =>
      block(await json('mempool.space/api/v1/difficulty-adjustment')),
    )
    expect(Math.abs(Number(late.difficultyChange) - Number(afterwards.previousRetarget))).toBeLessThan(0.5)
  })

  test('adjustments are [seconds, height, difficulty, ratio], newest first', async () => {
    const rows = list(await json('mempool.space/api/v1/mining/difficulty-adjustments/3m')).map(list)
    expect(rows.length).toBeGreaterThanOrEqual(6)
    for (const [i, [time, height, difficulty, ratio]] of rows.entries()) {
      expect(Number(time)).toBeLessThan(nowMs / 1000)
      expect(Number(height) % 2016).toBe(0)
      const before = rows[i + 1]
      if (before) expect(Number(difficulty) / Number(before[2])).toBeCloseTo(Number(ratio), 5)
    }
  })

  test('hashrate: EH/s of the order that the difficulty implies, 958 at 133.79 T', async () => {
    const answer = block(await json('mempool.space/api/v1/mining/hashrate/3d'))
    expect(list(answer.hashrates)).toHaveLength(3)
    expect(Number(answer.currentDifficulty) / 133.79e12).toBeCloseTo(1, 0)
    expect(Number(answer.currentHashrate) / 1e18).toBeGreaterThan(800)
    expect(Number(answer.currentHashrate) / 1e18).toBeLessThan(1100)
    expect(first(answer.hashrates)).toEqual({ timestamp: expect.any(Number), avgHashrate: expect.any(Number) })
  })

  test('reward-stats/144: satoshi as text, subsidy of 144 blocks is 450 BTC', async () => {
    const stats = block(await json('mempool.space/api/v1/mining/reward-stats/144'))
    expect(Number(stats.endBlock) - Number(stats.startBlock)).toBe(143)
    expect(typeof stats.totalReward).toBe('string')
    expect(Number(stats.totalReward) - Number(stats.totalFee)).toBe(450e8)
  })

  test('historical-price gives the price of that hour, and nothing of the future', async () => {
    const past = block(await json(`mempool.space/api/v1/historical-price?currency=USD&timestamp=${Date.UTC(2026, 9, 1, 12, 30) / 1000}`))
    expect(first(past.prices)).toMatchObject({ time: Date.UTC(2026, 9, 1, 12) / 1000, USD: expect.any(Number) })
    const future = block(await json('mempool.space/api/v1/historical-price?currency=USD&timestamp=1900000000'))
    expect(future.prices).toEqual([])
  })
})

const documents = async (reportTypeId: number): Promise<Block[]> =>
  list(
    block(block(await json(`www.ercot.com/misapp/servlets/IceDocListJsonWS?reportTypeId=${reportTypeId}`)).ListDocsByRptTypeRes)
      .DocumentList,
  ).map((d) => block(block(d).Document))
const csvOf = async (docId: unknown): Promise<{ name: string; rows: string[][] }> => {
  const page = await fetchAt(`www.ercot.com/misdownload/servlets/mirDownload?doclookupId=${String(docId)}`)
  expect(page.status).toBe(200)
  expect(page.headers['content-type']).toBe('application/zip')
  const files = Object.entries(unzipSync(page.body))
  expect(files).toHaveLength(1)
  const [name, bytes] = files[0] ?? ['', new Uint8Array()]
  return { name, rows: csvRows(strFromU8(bytes)) }
}
const csvDocument = (all: readonly Block[], part: string): Block => {
  const found = all.find((d) => String(d.ConstructedName).includes(part) && String(d.ConstructedName).endsWith('_csv.zip'))
  if (!found) throw new Error(`no document with ${part}`)
  return found
}

describe('ERCOT', () => {
  test('each document is listed as CSV and as XML, newest first, with a publish date that carries its offset', async () => {
    const all = await documents(12301)
    const csv = all.filter((d) => String(d.FriendlyName).endsWith('_csv'))
    expect(csv.length * 2).toBe(all.length)
    expect(csv.length).toBeGreaterThan(7 * 96)
    const published = csv.map((d) => Date.parse(String(d.PublishDate)))
    expect([...published].sort((a, b) => b - a)).toEqual(published)
    expect(csv[0]?.PublishDate).toMatch(/^2026-11-24T11:4\d:\d\d-06:00$/)
  })

  test('a quarter hour appears about two minutes after its end, not before', async () => {
    // 18:00:30 UTC: the quarter that ended at 12:00 CST is not out, the one before is.
    const names = (await documents(12301)).map((d) => String(d.FriendlyName))
    expect(names).toContain('SPPHLZNP6905_20261124_1145_csv')
    expect(names).not.toContain('SPPHLZNP6905_20261124_1200_csv')
    const later = await at('2026-11-24T18:02:30Z', async () => (await documents(12301)).map((d) => String(d.FriendlyName)))
    expect(later).toContain('SPPHLZNP6905_20261124_1200_csv')
  })

  test('NP6-905: delivery hour ending and quarter, Central; 11:30 to 11:45 is hour 12, interval 3', async () => {
    const { name, rows } = await csvOf(csvDocument(await documents(12301), '_20261124_1145').DocID)
    expect(name).toBe('SPPHLZNP6905_20261124_1145.csv')
    expect(rows[0]).toEqual(
      'DeliveryDate,DeliveryHour,DeliveryInterval,SettlementPointName,SettlementPointType,SettlementPointPrice,DSTFlag'.split(','),
    )
    const west = rows.find((r) => r[3] === 'LZ_WEST')
    expect(west?.slice(0, 5)).toEqual(['11/24/2026', '12', '3', 'LZ_WEST', 'LZ'])
    expect(west?.[5]).toMatch(/^-?\d+(\.\d{1,2})?$/)
    expect(west?.[6]).toBe('N')
    expect(rows).toHaveLength(16)
  })

  test('the document of a quarter not yet published cannot be had by guessing its number', async () => {
    const newest = csvDocument(await documents(12301), '_20261124_1145')
    const next = await fetchAt(`www.ercot.com/misdownload/servlets/mirDownload?doclookupId=${Number(newest.DocID) + 1}`)
    expect(next.status).toBe(404)
  })

  test('NP4-190 of tomorrow is out at 13:00 Central with 24 hours for each point', async () => {
    const before = await documents(12331)
    expect(before.map((d) => String(d.FriendlyName))).not.toContain('DAMSPNP4190_20261124_1300_csv')
    await at('2026-11-24T19:00:05Z', async () => {
      const { rows } = await csvOf(csvDocument(await documents(12331), 'DAMSPNP4190_20261124_1300').DocID)
      expect(rows[0]).toEqual('DeliveryDate,HourEnding,SettlementPoint,SettlementPointPrice,DSTFlag'.split(','))
      const west = rows.filter((r) => r[2] === 'LZ_WEST')
      expect(west.map((r) => r[1])).toEqual(Array.from({ length: 24 }, (_, h) => `${String(h + 1).padStart(2, '0')}:00`))
      expect(new Set(west.map((r) => r[0]))).toEqual(new Set(['11/25/2026']))
    })
  })

  test('the day of 25 hours has hour 02:00 twice, the second with DSTFlag Y; real time names it xhr', async () => {
    await at('2026-11-03T18:00:00Z', async () => {
      const { rows } = await csvOf(csvDocument(await documents(12331), 'DAMSPNP4190_20261031_').DocID)
      const west = rows.filter((r) => r[2] === 'LZ_WEST')
      expect(west).toHaveLength(25)
      expect(west.filter((r) => r[1] === '02:00').map((r) => r[4])).toEqual(['N', 'Y'])
      expect(west.filter((r) => r[4] === 'Y')).toHaveLength(1)
      const all = await documents(12301)
      const [once, twice] = [csvDocument(all, '_20261101_0115_csv'), csvDocument(all, '_20261101_0115xhr_csv')]
      expect(Date.parse(String(twice.PublishDate)) - Date.parse(String(once.PublishDate))).toBeGreaterThan(59 * 60_000)
      expect((await csvOf(once.DocID)).rows[1]?.slice(0, 3)).toEqual(['11/01/2026', '2', '1'])
      expect((await csvOf(once.DocID)).rows[1]?.at(-1)).toBe('N')
      expect((await csvOf(twice.DocID)).rows[1]?.slice(0, 3)).toEqual(['11/01/2026', '2', '1'])
      expect((await csvOf(twice.DocID)).rows[1]?.at(-1)).toBe('Y')
    })
  })

  test('the day of 23 hours has no hour 03:00', async () => {
    await at('2026-03-09T18:00:00Z', async () => {
      const { rows } = await csvOf(csvDocument(await documents(12331), 'DAMSPNP4190_20260307_').DocID)
      const hours = rows.filter((r) => r[2] === 'LZ_WEST').map((r) => r[1])
      expect(hours).toHaveLength(23)
      expect(hours).not.toContain('03:00')
    })
  })

  test('the list reaches 60 days back for day-ahead', async () => {
    const days = (await documents(12331)).filter((d) => String(d.FriendlyName).endsWith('_csv'))
    expect(days.length).toBeGreaterThanOrEqual(60)
    expect((await csvOf(days.at(-1)?.DocID)).rows.length).toBeGreaterThan(24)
  })
})

describe('NYISO', () => {
  const day = (kind: 'realtime' | 'damlbmp', date: string) => fetchAt(`mis.nyiso.com/public/csv/${kind}/${date}${kind}_zone.csv`)
  const zone = (body: Buffer, name: string) => csvRows(body.toString('utf8')).filter((r) => r[1] === name)

  test('5-minute rows carry the END of their interval: first 00:05, last 00:00 of the next day, 288 of them', async () => {
    const page = await day('realtime', '20261120')
    const rows = zone(page.body, 'NORTH')
    expect(csvRows(page.body.toString())[0]).toEqual([
      'Time Stamp',
      'Name',
      'PTID',
      'LBMP ($/MWHr)',
      'Marginal Cost Losses ($/MWHr)',
      'Marginal Cost Congestion ($/MWHr)',
    ])
    expect(rows).toHaveLength(288)
    expect(rows[0]?.slice(0, 3)).toEqual(['11/20/2026 00:05:00', 'NORTH', '61755'])
    expect(rows.at(-1)?.[0]).toBe('11/21/2026 00:00:00')
  })

  test('congestion has the opposite sign: LBMP = energy + loss − congestion with one energy price for all zones', async () => {
    const rows = csvRows((await day('realtime', '20261120')).body.toString()).filter((r) => r[0] === '11/20/2026 17:00:00')
    const energy = rows.map((r) => Number(r[3]) - Number(r[4]) + Number(r[5]))
    for (const e of energy) expect(e).toBeCloseTo(energy[0] ?? 0, 1)
    expect(rows).toHaveLength(15)
  })

  test('today ends with what is published: nothing of the next interval', async () => {
    const rows = zone((await day('realtime', '20261124')).body, 'NORTH')
    // 18:00:30 UTC is 13:00:30 EST; the interval that ended at 13:00 comes out after 90 s or more.
    expect(rows.at(-1)?.[0]).toBe('11/24/2026 12:55:00')
    expect((await day('realtime', '20261125')).status).toBe(404)
  })

  test('day-ahead rows carry the START of their hour; tomorrow is out from 11:00 Eastern', async () => {
    const page = await day('damlbmp', '20261125')
    const rows = zone(page.body, 'NORTH')
    expect(rows.map((r) => r[0])).toEqual(Array.from({ length: 24 }, (_, h) => `11/25/2026 ${String(h).padStart(2, '0')}:00`))
    expect((await at('2026-11-24T15:59:00Z', () => day('damlbmp', '20261125'))).status).toBe(404)
    expect((await day('damlbmp', '20261126')).status).toBe(404)
  })

  test('the day of 25 hours has 01:00 twice, in order; the day of 23 hours has no 02:00', async () => {
    const autumn = zone((await day('damlbmp', '20261101')).body, 'NORTH')
    expect(autumn).toHaveLength(25)
    expect(autumn.slice(0, 4).map((r) => r[0]?.slice(11))).toEqual(['00:00', '01:00', '01:00', '02:00'])
    expect(zone((await day('realtime', '20261101')).body, 'NORTH')).toHaveLength(300)
    const spring = zone((await day('damlbmp', '20260308')).body, 'NORTH')
    expect(spring).toHaveLength(23)
    expect(spring.map((r) => r[0]?.slice(11))).not.toContain('02:00')
    expect(zone((await day('realtime', '20260308')).body, 'NORTH')).toHaveLength(276)
  })

  test('a price is the same today and a month later', async () => {
    const now = (await day('realtime', '20261120')).body.toString()
    expect(await at('2026-12-20T12:00:00Z', async () => (await day('realtime', '20261120')).body.toString())).toBe(now)
  })

  test('a day that is no day is not found', async () => {
    for (const date of ['20261131', '20269999', '00000000']) expect((await day('realtime', date)).status).toBe(404)
  })
})

describe('as a web server', () => {
  test('an unchanged document is 304 when asked with its ETag or date', async () => {
    const path = 'mis.nyiso.com/public/csv/damlbmp/20261125damlbmp_zone.csv'
    const page = await fetchAt(path)
    expect((await fetchAt(path, { 'If-None-Match': String(page.headers.etag) })).status).toBe(304)
    expect((await fetchAt(path, { 'If-Modified-Since': String(page.headers['last-modified']) })).status).toBe(304)
    expect((await fetchAt(path, { 'If-None-Match': '"another"' })).status).toBe(200)
  })

  test('unknown hosts and paths are 404 pages in HTML', async () => {
    for (const path of ['example.com/', 'mempool.space/api/v1/nothing', 'api.coinbase.com/', '%zz']) {
      const page = await fetchAt(path)
      expect(page.status).toBe(404)
      expect(page.headers['content-type']).toBe('text/html')
    }
  })
})
