import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { unzipOne } from '#electron/feeds/document/zip.ts'
import { ercotDayAhead, ercotRealTime, parseDocumentList } from '#electron/feeds/ercot.ts'
import type { Feed } from '#electron/feeds/feed.ts'
import { nyisoDayAhead, nyisoRealTime } from '#electron/feeds/nyiso.ts'
import { feedHosts, feedRegistry } from '#electron/feeds/registry.ts'
import type { FeedDocument, NetworkRow, PowerPriceRow, SpotRow } from '#shared/market/rows.ts'
import { at, bytes, failureOf, metaAt, ownFixture } from './meta.ts'

const feed = (id: string): Feed => {
  const found = feedRegistry.find((f) => f.id === id)
  if (!found) throw new Error(`no feed ${id}`)
  return found
}
const read = (f: Feed, body: Uint8Array | string, nowIso: string, more = {}): FeedDocument => {
  const result = f.parse(typeof body === 'string' ? bytes(body) : body, metaAt(at(nowIso), more))
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}
const prices = (d: FeedDocument) => d.rows.filter((r): r is PowerPriceRow => r.kind === 'power_price')
const network = (d: FeedDocument) => d.rows.filter((r): r is NetworkRow => r.kind === 'network')
const spot = (d: FeedDocument) => d.rows.filter((r): r is SpotRow => r.kind === 'spot')

const NOW = '2026-09-21T14:13:30Z' // 1,790,000,010 s
const RT_HEAD = 'DeliveryDate,DeliveryHour,DeliveryInterval,SettlementPointName,SettlementPointType,SettlementPointPrice,DSTFlag\n'
const DAM_HEAD = 'DeliveryDate,HourEnding,SettlementPoint,SettlementPointPrice,DSTFlag\n'
const NY_HEAD = '"Time Stamp","Name","PTID","LBMP ($/MWHr)","Marginal Cost Losses ($/MWHr)","Marginal Cost Congestion ($/MWHr)"\n'
const rtLine = (price: string, point = 'LZ_WEST') => `${RT_HEAD}01/15/2026,1,1,${point},LZ,${price},N\n`

describe('the registry', () => {
  test('names twelve sources, none needs a key, none was checked live yet', () => {
    expect(feedRegistry.map((f) => f.id)).toEqual([
      'coinbase.spot',
      'kraken.spot',
      'bitstamp.spot',
      'mempool.prices',
      'mempool.difficulty-adjustment',
      'mempool.hashrate',
      'mempool.reward-stats',
      'mempool.tip-height',
      'ercot.real-time',
      'ercot.day-ahead',
      'nyiso.real-time',
      'nyiso.day-ahead',
    ])
    expect(feedRegistry.filter((f) => f.needsKey || f.verifiedLive)).toEqual([])
    expect([...feedHosts].sort()).toEqual([
      'api.coinbase.com',
      'api.kraken.com',
      'mempool.space',
      'mis.nyiso.com',
      'www.bitstamp.net',
      'www.ercot.com',
    ])
  })
  test('every source is asked again before its figures count as stale', () => {
    expect(feedRegistry.filter((f) => f.limits.staleAfterMs > f.limits.deadAfterMs)).toEqual([])
    const late = feedRegistry.filter((f) => f.everyMs * 1.1 > f.limits.staleAfterMs).map((f) => f.id)
    // mempool.space renews its price hourly: it only stands in, and its age shows.
    expect(late).toEqual(['mempool.prices'])
  })
})

describe('bitcoin price', () => {
  test.each([
    ['coinbase.spot', 'coinbase-spot.json', 100_000.5],
    ['kraken.spot', 'kraken-ticker.json', 100_010],
    ['bitstamp.spot', 'bitstamp-ticker.json', 100_020],
  ])('%s is read from its own field', (id, file, price) => {
    expect(spot(read(feed(id), ownFixture(file), NOW))).toEqual([
      {
        kind: 'spot',
        source: id.split('.')[0],
        pair: 'BTC-USD',
        price,
        observedAtMs: id === 'bitstamp.spot' ? 1_790_000_000_000 : at(NOW),
        quality: 'live',
      },
    ])
  })

  const refused: [string, string, string, RegExp][] = [
    ['coinbase.spot', 'empty', '', /Coinbase: the answer is empty/],
    ['coinbase.spot', 'a web page with status 200', '<!DOCTYPE html><html><title>Just a moment...</title></html>', /Cloudflare blocks/],
    ['coinbase.spot', 'a login page', '<html><body>Please sign in to the guest network</body></html>', /web page.*sign in/],
    ['coinbase.spot', 'cut JSON', '{"data":{"amount":"1000', /broken or cut JSON/],
    ['coinbase.spot', 'another currency', '{"data":{"amount":"1","base":"BTC","currency":"EUR"}}', /got BTC-EUR/],
    ['coinbase.spot', 'NaN as text', '{"data":{"amount":"NaN","base":"BTC","currency":"USD"}}', /no bitcoin price: NaN/],
    ['coinbase.spot', 'a decimal comma', '{"data":{"amount":"95,3","base":"BTC","currency":"USD"}}', /no bitcoin price/],
    ['coinbase.spot', 'null', '{"data":{"amount":null,"base":"BTC","currency":"USD"}}', /no bitcoin price: null/],
    ['coinbase.spot', 'zero', '{"data":{"amount":"0","base":"BTC","currency":"USD"}}', /no bitcoin price: 0/],
    ['coinbase.spot', 'minus one', '{"data":{"amount":-1,"base":"BTC","currency":"USD"}}', /no bitcoin price: -1/],
    ['coinbase.spot', 'a list', '[1,2,3]', /no data.amount/],
    ['coinbase.spot', '33 levels of nesting', '['.repeat(33) + ']'.repeat(33), /deeper than 32/],
    ['kraken.spot', 'an error with status 200', '{"error":["EAPI:Rate limit exceeded"]}', /Rate limit exceeded/],
    ['kraken.spot', 'another pair', '{"error":[],"result":{"XETHZUSD":{"c":["4000"]}}}', /no BTC-USD ticker/],
    ['bitstamp.spot', 'no price', '{"timestamp":"1790000000"}', /Bitstamp/],
    ['mempool.prices', 'the sentinel -1', '{"time":1790000000,"USD":-1,"EUR":90000}', /USD is -1/],
  ]
  test.each(refused)('%s refuses %s as a whole, by name', (id, _what, body, reason) => {
    const failure = failureOf(feed(id).parse(bytes(body), metaAt(at(NOW))))
    expect(failure.kind).not.toBe('none')
    expect(failure.message).toMatch(reason)
  })

  test('bytes that are not UTF-8 are refused, not guessed at', () => {
    const broken = Uint8Array.of(...bytes('{"data":"'), 0xff, 0xfe)
    expect(failureOf(feed('coinbase.spot').parse(broken, metaAt(at(NOW)))).message).toMatch(/not valid UTF-8/)
  })

  test('a price three times the last one is held, and said to be', () => {
    const previous = [{ kind: 'spot', source: 'coinbase', pair: 'BTC-USD', price: 1000, observedAtMs: at(NOW), quality: 'live' }] as const
    const jumped = read(feed('coinbase.spot'), ownFixture('coinbase-spot.json'), NOW, { previous })
    expect(spot(jumped)[0]?.quality).toBe('suspect')
    expect(jumped.problems[0]?.reason).toMatch(/factor of 3/)
  })

  test('a stamp ahead of our clock does not make a price younger than its arrival', () => {
    const document = read(feed('bitstamp.spot'), ownFixture('bitstamp-ticker.json'), '2026-09-21T13:00:00Z')
    expect(spot(document)[0]?.observedAtMs).toBe(at('2026-09-21T13:00:00Z'))
    expect(document.problems[0]?.reason).toMatch(/ahead of this computer/)
  })
})

describe('network figures', () => {
  test('percent becomes a fraction, milliseconds stay, the height follows from the retarget', () => {
    expect(network(read(feed('mempool.difficulty-adjustment'), ownFixture('mempool-difficulty-adjustment.json'), NOW))[0]).toMatchObject({
      nextChange: -0.035,
      nextRetargetAtMs: 1_790_604_800_000,
      height: 966_672,
      difficulty: null,
    })
  })
  test('3.6 BTC of fees over 144 blocks are 0.025 BTC a block', () => {
    const [row] = network(read(feed('mempool.reward-stats'), ownFixture('mempool-reward-stats.json'), NOW))
    expect(row).toMatchObject({ feesBtcPerBlock: 0.025, height: 966_143 })
  })
  test('an estimate outside -75 to +300 % is unknown, the rest of the answer stands', () => {
    const document = read(
      feed('mempool.difficulty-adjustment'),
      '{"difficultyChange":9845,"estimatedRetargetDate":1790604800000,"remainingBlocks":1008,"nextRetargetHeight":967680}',
      NOW,
    )
    expect(network(document)[0]).toMatchObject({ nextChange: null, height: 966_672 })
    expect(document.problems).toEqual([{ reason: 'not a readable figure', place: 'difficultyChange', raw: '9845' }])
    expect(document.coverage).toEqual({ expected: 3, received: 2 })
  })
  test('a hashrate feed without difficulty keeps the hashrate and names what is missing', () => {
    const document = read(feed('mempool.hashrate'), '{"currentHashrate":950020000000000000000,"hashrates":[],"difficulty":[]}', NOW)
    expect(network(document)[0]).toMatchObject({ difficulty: null, hashrateEhs: 950.02 })
    expect(document.problems[0]?.place).toBe('currentDifficulty')
  })
  test('a history that is no list is named, and the current figures beside it stay', () => {
    const document = read(
      feed('mempool.hashrate'),
      '{"currentHashrate":950020000000000000000,"currentDifficulty":132716002350731,"hashrates":"none","difficulty":[]}',
      NOW,
    )
    expect(network(document).at(-1)).toMatchObject({ hashrateEhs: 950.02 })
    expect(document.problems).toMatchObject([{ place: 'hashrates', reason: 'not a list of hashrates' }])
  })
  test('fees above the whole reward are refused: the fields changed their meaning', () => {
    const body = '{"startBlock":1,"endBlock":144,"totalReward":"100","totalFee":"200"}'
    expect(failureOf(feed('mempool.reward-stats').parse(bytes(body), metaAt(at(NOW)))).message).toMatch(/exceeds totalReward/)
  })
  test.each([['-1'], ['<html></html>'], ['966672.5'], ['null'], [''], ['{"height":1}']])('“%s” is no block height', (body) => {
    expect(failureOf(feed('mempool.tip-height').parse(bytes(body), metaAt(at(NOW)))).kind).not.toBe('none')
  })
  test('a block height is plain text', () => {
    expect(network(read(feed('mempool.tip-height'), '966672\n', NOW))[0]?.height).toBe(966_672)
  })
})

describe('ERCOT reports', () => {
  test('negative and zero prices pass, LZEW is left out, a price that is none is a problem with its line', () => {
    const document = read(ercotRealTime, ownFixture('ercot-quarter.csv'), '2026-01-15T06:17:00Z')
    expect(prices(document).map((r) => [r.location, r.pricePerMwh])).toEqual([
      ['HB_WEST', -31.25],
      ['LZ_WEST', 0],
    ])
    expect(document.problems[0]).toEqual({ reason: 'not a price', place: 'line 5 LZ_NORTH', raw: '1,234.5' })
    expect(document.coverage).toEqual({ expected: 3, received: 2 })
  })

  test('the same report is read out of the ZIP it comes in', () => {
    const zip = zipSync({ 'cdr.SPPHLZNP6905_20260115_0015.csv': new Uint8Array(ownFixture('ercot-quarter.csv')) })
    const document = read(ercotRealTime, zip, '2026-01-15T06:17:00Z', { locations: ['LZ_WEST'] })
    expect(prices(document)).toHaveLength(1)
    expect(prices(document)[0]).toMatchObject({ intervalStartMs: at('2026-01-15T06:00:00Z'), intervalEndMs: at('2026-01-15T06:15:00Z') })
  })

  test('above the offer cap is kept as suspect, beyond 25,000 refused', () => {
    const at9024 = read(ercotRealTime, rtLine('9024.06'), '2026-01-15T06:17:00Z')
    expect(prices(at9024)[0]).toMatchObject({ pricePerMwh: 9024.06, quality: 'suspect' })
    // The cap was 9,000 until the end of 2021.
    const uri = read(ercotRealTime, `${RT_HEAD}02/16/2021,1,1,LZ_WEST,LZ,8999,N\n`, '2021-02-16T06:17:00Z')
    expect(prices(uri)[0]?.quality).toBe('live')
    expect(failureOf(ercotRealTime.parse(bytes(rtLine('25000.01')), metaAt(at('2026-01-15T06:17:00Z')))).message).toMatch(
      /outside -1500 to 25000/,
    )
  })

  test.each([
    ['an empty file', new Uint8Array(), /empty/],
    ['a header alone', bytes(RT_HEAD), /no usable price/],
    ['an Imperva page with status 200', bytes('<html><script src="/_Incapsula_Resource?SWJIYLWA=1"></script></html>'), /Imperva blocks/],
    ['XML in the ZIP', zipSync({ 'error.xml': strToU8('<Error>1000</Error>') }), /ZIP file holds error.xml/],
    ['XML under a CSV name', zipSync({ 'a.csv': strToU8('<?xml version="1.0"?><Error/>') }), /XML came where plain text/],
    ['a ZIP that is cut off', zipSync({ 'a.csv': strToU8(rtLine('10')) }).subarray(0, 60), /broken ZIP/],
    ['another report', bytes(`${DAM_HEAD}01/15/2026,01:00,LZ_WEST,10,N\n`), /no column DeliveryHour, DeliveryInterval/],
    ['quotes that never close', bytes(`${RT_HEAD}"01/15/2026,1,1,LZ_WEST,LZ,10,N\n`), /broken CSV/],
    ['NaN for a price', bytes(rtLine('NaN')), /not a price: NaN/],
    ['an empty price', bytes(rtLine('')), /not a price/],
    ['hour 25', bytes(`${RT_HEAD}01/15/2026,25,1,LZ_WEST,LZ,10,N\n`), /unreadable date or hour/],
    ['30 February', bytes(`${RT_HEAD}02/30/2026,1,1,LZ_WEST,LZ,10,N\n`), /no such local time/],
    ['a list of documents', ownFixture('ercot-document-list.json'), /no rtSppData/],
  ])('%s is refused in words', (_what, body, reason) => {
    const failure = failureOf(ercotRealTime.parse(body, metaAt(at('2026-01-15T06:17:00Z'))))
    expect(failure.kind).not.toBe('none')
    expect(failure.message).toMatch(reason)
  })

  test('an answer of status 503 is refused whatever it holds', () => {
    expect(failureOf(ercotRealTime.parse(bytes(rtLine('10')), metaAt(at(NOW), { status: 503 }))).message).toMatch(/status 503/)
  })

  test('order and repetition of rows change nothing; two prices for one quarter carry no advice', () => {
    const row = (quarter: number, price: string) => `01/15/2026,1,${quarter},LZ_WEST,LZ,${price},N\n`
    const mixed = prices(read(ercotRealTime, RT_HEAD + row(2, '20') + row(1, '10') + row(2, '20'), '2026-01-15T06:40:00Z'))
    expect(mixed.map((r) => [r.pricePerMwh, r.quality])).toEqual([
      [10, 'live'],
      [20, 'live'],
    ])
    const contradicting = read(ercotRealTime, RT_HEAD + row(1, '10') + row(1, '900'), '2026-01-15T06:40:00Z')
    expect(prices(contradicting)).toMatchObject([{ quality: 'suspect' }])
    expect(contradicting.problems[0]?.raw).toBe('10 and 900')
  })

  test('a desk clock an hour behind moves no interval; a price of tomorrow is held', () => {
    const normal = prices(read(ercotRealTime, rtLine('10'), '2026-01-15T06:17:00Z'))
    const behind = prices(read(ercotRealTime, rtLine('10'), '2026-01-15T05:17:00Z'))
    expect(behind).toEqual(normal)
    expect(prices(read(ercotRealTime, rtLine('10'), '2026-01-14T06:17:00Z'))[0]?.quality).toBe('suspect')
  })

  test('a place the document does not have is said, not filled', () => {
    const document = read(ercotRealTime, rtLine('10'), '2026-01-15T06:17:00Z', { locations: ['LZ_WEST', 'LZ_MOON'] })
    expect(document.problems).toEqual([{ reason: 'not in this document', place: 'LZ_MOON', raw: '' }])
    expect(document.coverage).toEqual({ expected: 2, received: 1 })
    expect(failureOf(ercotRealTime.parse(bytes(rtLine('10')), metaAt(at(NOW), { locations: ['LZ_MOON'] }))).message).toMatch(/LZ_MOON/)
  })

  test('entries without a plain number never become an address', () => {
    const list = parseDocumentList(ownFixture('ercot-document-list.json'), { status: 200 })
    expect(list.ok && list.value.map((d) => d.docId)).toEqual(['1000000002', '1000000001'])
  })
})

describe('a ZIP file', () => {
  const open = (zip: Uint8Array, maxBytes = 1_000_000) => unzipOne(zip, { source: 'test', wanted: (n) => n.endsWith('.csv'), maxBytes })
  test('that unpacks beyond the limit ends at the limit', () => {
    const bomb = zipSync({ 'a.csv': new Uint8Array(2_000_000) })
    expect(failureOf(open(bomb)).kind).toBe('too-large')
    // The directory lies about the size: the limit holds all the same.
    const lying = bomb.slice()
    const view = new DataView(lying.buffer)
    const directory = view.getUint32(lying.length - 6, true)
    view.setUint32(directory + 24, 10, true)
    expect(failureOf(open(lying)).kind).toBe('too-large')
  })
  test('with one damaged byte fails its checksum', () => {
    const zip = zipSync({ 'a.csv': [strToU8('price,10\n'.repeat(50)), { level: 0 }] })
    zip[60] = (zip[60] ?? 0) ^ 1
    expect(failureOf(open(zip)).message).toMatch(/checksum/)
  })
})

describe('days of 23 and 25 hours', () => {
  const damDay = (date: string, hours: readonly [string, string][]) =>
    DAM_HEAD + hours.map(([hour, flag], i) => `${date},${hour}:00,LZ_WEST,${i + 1},${flag}\n`).join('')
  const hour = (n: number) => String(n).padStart(2, '0')

  test('ERCOT: 1 November 2026 has 25 hours, DSTFlag Y marks the second hour ending 2', () => {
    const hours: [string, string][] = [1, 2].map((n) => [hour(n), 'N'])
    hours.push(['02', 'Y'])
    for (let n = 3; n <= 24; n++) hours.push([hour(n), 'N'])
    const document = read(ercotDayAhead, damDay('11/01/2026', hours), '2026-10-31T18:00:00Z')
    expect(document.coverage).toEqual({ expected: 25, received: 25 })
    expect(
      prices(document)
        .slice(0, 4)
        .map((r) => [r.intervalStartMs, r.pricePerMwh]),
    ).toEqual([
      [at('2026-11-01T00:00:00-05:00'), 1],
      [at('2026-11-01T01:00:00-05:00'), 2],
      [at('2026-11-01T01:00:00-06:00'), 3],
      [at('2026-11-01T02:00:00-06:00'), 4],
    ])
  })

  test('ERCOT: 8 March 2026 has 23 hours, hour ending 3 does not exist', () => {
    const hours = Array.from({ length: 24 }, (_, i): [string, string] => [hour(i + 1), 'N'])
    const whole = read(
      ercotDayAhead,
      damDay(
        '03/08/2026',
        hours.filter(([h]) => h !== '03'),
      ),
      '2026-03-07T19:00:00Z',
    )
    expect(whole.coverage).toEqual({ expected: 23, received: 23 })
    const withGhost = read(ercotDayAhead, damDay('03/08/2026', hours), '2026-03-07T19:00:00Z')
    expect(prices(withGhost)).toHaveLength(23)
    expect(withGhost.problems[0]).toMatchObject({ place: 'line 4', reason: expect.stringMatching(/no such local time/) })
  })

  test('ERCOT: the repeated hour without a readable flag is refused, the rest of the day stands', () => {
    const hours = Array.from({ length: 24 }, (_, i): [string, string] => [hour(i + 1), i === 1 ? '?' : 'N'])
    const document = read(ercotDayAhead, damDay('11/01/2026', hours), '2026-10-31T18:00:00Z')
    expect(document.coverage).toEqual({ expected: 25, received: 23 })
    expect(document.problems.map((p) => p.reason)).toEqual([
      'in the hour that autumn repeats, without a readable DSTFlag',
      'no price from 2026-11-01T06:00:00.000Z to 2026-11-01T08:00:00.000Z',
    ])
  })

  const fiveMinuteDay = (startIso: string, endIso: string): string[] => {
    const lines: string[] = []
    const show = new Intl.DateTimeFormat('en-US', {
      timeZone: 'America/New_York',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
    for (let end = at(startIso) + 300_000, n = 1; end <= at(endIso); end += 300_000, n++)
      lines.push(`"${show.format(end).replace(', ', ' ')}","NORTH",61755,${n},0.10,0.00\n`)
    return lines
  }

  test('NYISO: 300 five-minute intervals on 2 November 2025, 276 on 9 March', () => {
    const autumn = read(
      nyisoRealTime,
      NY_HEAD + fiveMinuteDay('2025-11-02T04:00:00Z', '2025-11-03T05:00:00Z').join(''),
      '2025-11-04T00:00:00Z',
    )
    expect(autumn.coverage).toEqual({ expected: 300, received: 300 })
    expect(autumn.problems).toEqual([])
    expect(prices(autumn).map((r) => r.pricePerMwh)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1))
    const spring = read(
      nyisoRealTime,
      NY_HEAD + fiveMinuteDay('2025-03-09T05:00:00Z', '2025-03-10T04:00:00Z').join(''),
      '2025-03-11T00:00:00Z',
    )
    expect(spring.coverage).toEqual({ expected: 276, received: 276 })
  })

  test('NYISO: a file newest first is read the same way', () => {
    const lines = fiveMinuteDay('2025-11-02T04:00:00Z', '2025-11-03T05:00:00Z')
    const forward = read(nyisoRealTime, NY_HEAD + lines.join(''), '2025-11-04T00:00:00Z')
    const backward = read(nyisoRealTime, NY_HEAD + lines.toReversed().join(''), '2025-11-04T00:00:00Z')
    expect(backward.rows).toEqual(forward.rows)
  })

  test('NYISO: while the first pass still runs its rows are the first pass', () => {
    const lines = fiveMinuteDay('2025-11-02T04:00:00Z', '2025-11-02T05:30:00Z')
    const document = read(nyisoRealTime, NY_HEAD + lines.join(''), '2025-11-02T05:31:00Z')
    expect(prices(document).at(-1)?.intervalEndMs).toBe(at('2025-11-02T05:30:00Z'))
    expect(document.coverage).toEqual({ expected: 18, received: 18 })
  })

  test('NYISO: rows in no order at all lose the doubled hour, and say so', () => {
    const lines = fiveMinuteDay('2025-11-02T04:00:00Z', '2025-11-03T05:00:00Z')
    const shuffled = [...lines.slice(100, 200), ...lines.slice(0, 100), ...lines.slice(200)]
    const document = read(nyisoRealTime, NY_HEAD + shuffled.join(''), '2025-11-04T00:00:00Z')
    expect(document.coverage).toEqual({ expected: 300, received: 276 })
    expect(document.problems[0]?.reason).toMatch(/order of rows does not tell/)
  })
})

describe('NYISO files', () => {
  test('a stamp with seconds is the END; an off-schedule run splits its interval; a missing one is a gap', () => {
    const document = read(nyisoRealTime, ownFixture('nyiso-five-minutes.csv'), '2026-01-15T05:21:00Z')
    expect(prices(document).map((r) => [r.intervalStartMs, r.intervalEndMs, r.pricePerMwh])).toEqual([
      [at('2026-01-15T05:00:00Z'), at('2026-01-15T05:05:00Z'), -12.5],
      [at('2026-01-15T05:05:00Z'), at('2026-01-15T05:07:30Z'), 18],
      [at('2026-01-15T05:07:30Z'), at('2026-01-15T05:10:00Z'), 20],
      [at('2026-01-15T05:15:00Z'), at('2026-01-15T05:20:00Z'), 22],
    ])
    expect(document.coverage).toEqual({ expected: 4, received: 3 })
    expect(document.problems).toEqual([
      { reason: 'no price from 2026-01-15T05:10:00.000Z to 2026-01-15T05:15:00.000Z', place: 'NORTH', raw: '' },
    ])
  })
  test('a day-ahead stamp is the START, quoted or not, in any order; missing hours are counted', () => {
    const document = read(nyisoDayAhead, ownFixture('nyiso-day-ahead-unquoted.csv'), '2026-01-14T17:00:00Z')
    expect(prices(document).map((r) => [r.intervalStartMs, r.pricePerMwh])).toEqual([
      [at('2026-01-15T05:00:00Z'), 31],
      [at('2026-01-15T06:00:00Z'), 32],
      [at('2026-01-15T07:00:00Z'), 33],
    ])
    expect(document.coverage).toEqual({ expected: 24, received: 3 })
  })
  test('a header cut as before July 2016 is still recognised by its price column', () => {
    const old =
      'Time Stamp,Name,PTID,LBMP ($/MWHr),Marginal Cost Losses ($/MWHr),Marginal Cost Conge\n01/15/2016 00:00,NORTH,61755,31.00,0.10,0.00\n'
    expect(prices(read(nyisoDayAhead, old, '2016-01-14T17:00:00Z'))).toHaveLength(1)
  })
  test('five-minute prices are not taken for day-ahead ones', () => {
    const failure = failureOf(nyisoDayAhead.parse(ownFixture('nyiso-five-minutes.csv'), metaAt(at('2026-01-15T05:21:00Z'))))
    expect(failure.message).toMatch(/five-minute prices/)
  })
})
