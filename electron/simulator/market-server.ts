import http from 'node:http'
import type { Server, Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/time.ts'
import { rounded } from './digits.ts'
import { type Exchange, type MarketWorld, type PowerWorld, subsidySats } from './market-world.ts'
import { publication } from './parameters.ts'
import { compactDate, dayStartMs, isoLocal, localDay, localTime, two, usDate } from './us-clock.ts'

/**
 * The demo's market sources on loopback, at `/<real host>/<real path>`, in the shapes of the real ones (`market-feeds.md` 2 to
 * 4.3), so that the real feed code reads them. Nothing later than `nowMs` is told, and nothing before it is published.
 */
type Answer = {
  readonly type: string
  readonly body: string | Uint8Array
  /** When the source last changed the document; null where the source does not say. */
  readonly changedMs: number | null
}
type Ask = { readonly path: string; readonly query: URLSearchParams; readonly nowMs: number; readonly world: MarketWorld }
/** null: no such document here or not yet. */
type Source = (ask: Ask) => Answer | null

const json = (value: unknown, changedMs: number | null = null): Answer => ({
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
  changedMs,
})

// ── Exchanges ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Low and high from half-hourly looks: enough for an envelope that no rule of ours uses. */
const range = (world: MarketWorld, name: Exchange, fromMs: number, toMs: number) => {
  let low = Number.POSITIVE_INFINITY
  let high = 0
  for (let t = fromMs; t <= toMs; t += 30 * MINUTE_MS) {
    const x = world.bitcoin.exchange(name, t)
    low = Math.min(low, x)
    high = Math.max(high, x)
  }
  return { low, high }
}

const coinbase: Source = ({ path, nowMs, world }) =>
  path === '/v2/prices/BTC-USD/spot'
    ? json({ data: { amount: world.bitcoin.exchange('coinbase', nowMs).toFixed(3), base: 'BTC', currency: 'USD' } })
    : null

const kraken: Source = ({ path, query, nowMs, world }) => {
  if (path !== '/0/public/Ticker') return null
  if (!['XBTUSD', 'XXBTZUSD', 'BTCUSD'].includes(query.get('pair') ?? '')) return json({ error: ['EQuery:Unknown asset pair'] })
  const last = world.bitcoin.exchange('kraken', nowMs)
  const midnight = Math.floor(nowMs / DAY_MS) * DAY_MS
  const today = range(world, 'kraken', midnight, nowMs)
  const day = range(world, 'kraken', nowMs - DAY_MS, nowMs)
  const price = (x: number) => x.toFixed(5)
  return json({
    error: [],
    result: {
      // The key is not the pair that was asked for.
      XXBTZUSD: {
        a: [price(last + 0.1), '1', '1.000'],
        b: [price(last), '1', '1.000'],
        c: [price(last), '0.00120000'],
        v: ['812.50000000', '1703.20000000'],
        p: [price((today.low + today.high) / 2), price((day.low + day.high) / 2)],
        t: [51000, 104000],
        l: [price(today.low), price(day.low)],
        h: [price(today.high), price(day.high)],
        o: price(world.bitcoin.exchange('kraken', midnight)),
      },
    },
  })
}

const bitstamp: Source = ({ path, nowMs, world }) => {
  if (path !== '/api/v2/ticker/btcusd/' && path !== '/api/v2/ticker/btcusd') return null
  const last = world.bitcoin.exchange('bitstamp', nowMs)
  const ago = world.bitcoin.exchange('bitstamp', nowMs - DAY_MS)
  const day = range(world, 'bitstamp', nowMs - DAY_MS, nowMs)
  return json({
    timestamp: String(Math.floor(nowMs / 1000)),
    open: world.bitcoin.exchange('bitstamp', Math.floor(nowMs / DAY_MS) * DAY_MS).toFixed(2),
    high: day.high.toFixed(2),
    low: day.low.toFixed(2),
    last: last.toFixed(2),
    volume: '1240.50000000',
    vwap: ((day.high + day.low) / 2).toFixed(2),
    bid: last.toFixed(2),
    ask: (last + 1).toFixed(2),
    side: '0',
    open_24: ago.toFixed(2),
    percent_change_24: ((100 * (last - ago)) / ago).toFixed(2),
    market_type: 'SPOT',
  })
}

// ── mempool.space ───────────────────────────────────────────────────────────────────────────────────────────────────

const seconds = (ms: number) => Math.floor(ms / 1000)
/** Invented and constant: the demo's money is USD. */
const perUsd = { EUR: 0.9, GBP: 0.77, CAD: 1.38, CHF: 0.86, AUD: 1.52, JPY: 149 }
const TARGET_BLOCK_MS = 10 * MINUTE_MS
const EPOCH_BLOCKS = 2016

const difficultyAdjustment = ({ nowMs, world }: Ask): Answer => {
  const { bitcoin } = world
  const epoch = bitcoin.epochAt(nowMs)
  const { height } = bitcoin.tip(nowMs)
  const done = height - epoch.startHeight
  const elapsedMs = nowMs - epoch.startMs
  const timeAvg = done > 0 ? elapsedMs / done : TARGET_BLOCK_MS
  const remainingBlocks = EPOCH_BLOCKS - done
  // Early in an epoch its own pace says little: the source mixes in the epoch before (market-feeds.md 3).
  const blend = Math.min(1, done / 503)
  const before = bitcoin.epoch(epoch.number - 1)
  const pace = blend * timeAvg + (1 - blend) * ((before.endMs - before.startMs) / EPOCH_BLOCKS)
  const expected = elapsedMs / TARGET_BLOCK_MS
  return json({
    progressPercent: (100 * done) / EPOCH_BLOCKS,
    difficultyChange: Math.min(300, Math.max(-75, 100 * (TARGET_BLOCK_MS / pace - 1))),
    estimatedRetargetDate: Math.round(nowMs + remainingBlocks * pace),
    remainingBlocks,
    remainingTime: Math.round(remainingBlocks * pace),
    previousRetarget: 100 * (epoch.change - 1),
    previousTime: seconds(epoch.startMs),
    nextRetargetHeight: epoch.startHeight + EPOCH_BLOCKS,
    timeAvg: Math.round(timeAvg),
    adjustedTimeAvg: Math.round(pace),
    timeOffset: 0,
    expectedBlocks: expected,
  })
}

const TWO_32 = 2 ** 32
const hashrateOf = (difficulty: number, spanMs: number, blocks: number) => (difficulty * TWO_32 * blocks) / (spanMs / 1000)

const periods: Readonly<Record<string, number>> = {
  '3d': 3,
  '1w': 7,
  '1m': 30,
  '3m': 90,
  '6m': 182,
  '1y': 365,
  '2y': 730,
  '3y': 1095,
  all: 1460,
}

const epochsBack = ({ nowMs, world }: Ask, days: number) => {
  const last = world.bitcoin.epochAt(nowMs)
  const found = []
  for (let n = last.number; world.bitcoin.epoch(n).startMs >= nowMs - days * DAY_MS; n--) found.push(world.bitcoin.epoch(n))
  return found
}

const mempool: Source = (ask) => {
  const { path, query, nowMs, world } = ask
  const { bitcoin } = world
  if (path === '/api/v1/prices') {
    // One update an hour, whole units (market-feeds.md 2).
    const atMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS
    const usd = Math.round(bitcoin.middle(atMs))
    return json(
      { time: seconds(atMs), USD: usd, ...Object.fromEntries(Object.entries(perUsd).map(([k, r]) => [k, Math.round(usd * r)])) },
      atMs,
    )
  }
  if (path === '/api/v1/difficulty-adjustment') return difficultyAdjustment(ask)
  if (path === '/api/blocks/tip/height') return { type: 'text/plain', body: String(bitcoin.tip(nowMs).height), changedMs: null }
  if (path === '/api/v1/fees/recommended') {
    const { height } = bitcoin.tip(nowMs)
    // A block holds about a million virtual bytes: its fees in satoshi a vB are its fees over that.
    const now = Math.max(1, Math.round(bitcoin.feeSats(height) / 1e6))
    return json({ fastestFee: now + 1, halfHourFee: now, hourFee: Math.max(1, now - 1), economyFee: 1, minimumFee: 1 })
  }
  if (path === '/api/v1/historical-price') {
    const asked = Number(query.get('timestamp') ?? Number.NaN)
    const currency = query.get('currency') ?? 'USD'
    const rate = currency === 'USD' ? 1 : perUsd[currency as keyof typeof perUsd]
    if (!Number.isInteger(asked) || asked <= 0 || rate === undefined || asked * 1000 > nowMs) return json({ prices: [], exchangeRates: {} })
    const atMs = Math.floor((asked * 1000) / HOUR_MS) * HOUR_MS
    const usd = rounded(bitcoin.middle(atMs), 1)
    return json({
      prices: [{ time: seconds(atMs), USD: usd, ...(currency === 'USD' ? {} : { [currency]: Math.round(usd * rate) }) }],
      exchangeRates: Object.fromEntries(Object.entries(perUsd).map(([k, r]) => [`USD${k}`, r])),
    })
  }
  const stats = /^\/api\/v1\/mining\/reward-stats\/(\d{1,4})$/.exec(path)
  if (stats) {
    const count = Number(stats[1])
    if (count < 1) return null
    const endBlock = bitcoin.tip(nowMs).height
    let fees = 0
    let reward = 0
    for (let h = endBlock - count + 1; h <= endBlock; h++) {
      const fee = bitcoin.feeSats(h)
      fees += fee
      reward += fee + subsidySats(h)
    }
    return json({
      startBlock: endBlock - count + 1,
      endBlock,
      totalReward: String(reward),
      totalFee: String(fees),
      totalTx: String(count * 3900),
    })
  }
  const adjustments = /^\/api\/v1\/mining\/difficulty-adjustments(?:\/(\w+))?$/.exec(path)
  if (adjustments) {
    const days = periods[adjustments[1] ?? 'all']
    if (days === undefined) return null
    return json(epochsBack(ask, days).map((e) => [seconds(e.startMs), e.startHeight, e.difficulty, rounded(e.change, 6)]))
  }
  const hashrate = /^\/api\/v1\/mining\/hashrate\/(\w+)$/.exec(path)
  if (hashrate) {
    const days = periods[hashrate[1] ?? '']
    if (days === undefined) return null
    const today = Math.floor(nowMs / DAY_MS) * DAY_MS
    const observed = (fromMs: number, toMs: number) => {
      const blocks = bitcoin.tip(toMs).height - bitcoin.tip(fromMs).height
      return hashrateOf(bitcoin.epochAt(toMs).difficulty, toMs - fromMs, blocks)
    }
    const epoch = bitcoin.epochAt(nowMs)
    return json({
      hashrates: Array.from({ length: days }, (_, i) => {
        const start = today - (days - i) * DAY_MS
        return { timestamp: seconds(start), avgHashrate: observed(start, start + DAY_MS) }
      }),
      difficulty: epochsBack(ask, days)
        .reverse()
        .map((e) => ({ timestamp: seconds(e.startMs), difficulty: e.difficulty, height: e.startHeight })),
      currentHashrate: observed(nowMs - DAY_MS, nowMs),
      currentDifficulty: epoch.difficulty,
    })
  }
  return null
}

// ── ERCOT ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Numbers of documents: real ones are opaque; these hold the interval or the day, so that any can be made again. */
const REAL_TIME_DOC = 1_200_000_000
const DAY_AHEAD_DOC = 1_100_000_000
const QUARTER_MS = 15 * MINUTE_MS
/** Quarters and days are counted from here. */
const EPOCH_MS = Date.UTC(2020, 0, 1)
const EPOCH_DAY = EPOCH_MS / DAY_MS

type ErcotDocument = { readonly id: number; readonly publishedMs: number; readonly name: string; readonly csv: () => string }

const realTimeDocument = (p: PowerWorld, startMs: number): ErcotDocument => {
  // The name carries the end of the interval, local; the repeated hour is marked xhr.
  const end = localTime(startMs + QUARTER_MS, p.zone)
  const start = localTime(startMs, p.zone)
  return {
    id: REAL_TIME_DOC + (startMs - EPOCH_MS) / QUARTER_MS,
    publishedMs: p.realTimePublishedMs(startMs),
    name: `SPPHLZNP6905_${compactDate(end)}_${two(end.hour)}${two(end.minute)}${start.repeated ? 'xhr' : ''}`,
    csv: () => {
      const rows = Object.entries(p.points).map(
        ([point, { type }]) =>
          `${usDate(start)},${start.hour + 1},${Math.floor(start.minute / 15) + 1},${point},${type},${p.realTime(point, startMs)},${start.repeated ? 'Y' : 'N'}`,
      )
      return `DeliveryDate,DeliveryHour,DeliveryInterval,SettlementPointName,SettlementPointType,SettlementPointPrice,DSTFlag\n${rows.join('\n')}\n`
    },
  }
}

const hoursOf = (p: PowerWorld, day: number): number[] => {
  const hours = []
  for (let t = dayStartMs(day, p.zone); t < dayStartMs(day + 1, p.zone); t += HOUR_MS) hours.push(t)
  return hours
}

const dayAheadDocument = (p: PowerWorld, day: number): ErcotDocument => {
  const publishedMs = p.dayAheadPublishedMs(day)
  const published = localTime(publishedMs, p.zone)
  return {
    id: DAY_AHEAD_DOC + day - EPOCH_DAY,
    publishedMs,
    name: `DAMSPNP4190_${compactDate(published)}_${two(published.hour)}${two(published.minute)}`,
    csv: () => {
      const rows = hoursOf(p, day).flatMap((ms) => {
        const t = localTime(ms, p.zone)
        return Object.keys(p.points).map(
          (point) => `${usDate(t)},${two(t.hour + 1)}:00,${point},${p.dayAhead(point, ms)},${t.repeated ? 'Y' : 'N'}`,
        )
      })
      return `DeliveryDate,HourEnding,SettlementPoint,SettlementPointPrice,DSTFlag\n${rows.join('\n')}\n`
    },
  }
}

/** Documents of a report that exist at this moment, newest first. */
const ercotDocuments = (p: PowerWorld, reportTypeId: string, nowMs: number): ErcotDocument[] | null => {
  const found: ErcotDocument[] = []
  if (reportTypeId === '12301') {
    const newest = Math.floor(nowMs / QUARTER_MS) * QUARTER_MS - QUARTER_MS
    for (let t = newest; t > newest - publication.realTimeListDays * DAY_MS; t -= QUARTER_MS)
      if (p.realTimePublishedMs(t) <= nowMs) found.push(realTimeDocument(p, t))
    return found
  }
  if (reportTypeId === '12331') {
    const today = localDay(nowMs, p.zone)
    for (let day = today + 1; day > today - publication.dayAheadListDays; day--)
      if (p.dayAheadPublishedMs(day) <= nowMs) found.push(dayAheadDocument(p, day))
    return found
  }
  return null
}

/** One entry for CSV and one for XML, as the real list has: the reader has to choose. */
const listEntries = (p: PowerWorld, reportTypeId: string, report: string, d: ErcotDocument, retentionDays: number) => {
  const t = localTime(d.publishedMs, p.zone)
  const stamp = `${compactDate(t)}.${two(t.hour)}${two(t.minute)}${two(t.second)}`
  return (['csv', 'xml'] as const).map((form) => ({
    Document: {
      ExpiredDate: isoLocal(d.publishedMs + retentionDays * DAY_MS, p.zone),
      ILMStatus: 'EXT',
      SecurityStatus: 'P',
      ContentSize: '1200',
      Extension: 'zip',
      ReportTypeID: reportTypeId,
      Prefix: 'cdr',
      FriendlyName: `${d.name}_${form}`,
      ConstructedName: `cdr.000${reportTypeId}.0000000000000000.${stamp}${form === 'csv' ? '127' : '093'}.${d.name}_${form}.zip`,
      // The XML twin has a number of its own.
      DocID: form === 'csv' ? String(d.id) : `9${d.id}`,
      PublishDate: isoLocal(d.publishedMs, p.zone),
      ReportName: report,
      DUNS: '0000000000000000',
      DocCount: '0',
    },
  }))
}

const xmlOf = (csv: string): string => {
  const [head = '', ...rows] = csv.trim().split('\n')
  const names = head.split(',')
  const items = rows.map(
    (row) =>
      `<Row>${row
        .split(',')
        .map((v, i) => `<${names[i]}>${v}</${names[i]}>`)
        .join('')}</Row>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?><Report>${items.join('')}</Report>`
}

const ercot: Source = ({ path, query, nowMs, world }) => {
  const p = world.ercot
  if (path === '/misapp/servlets/IceDocListJsonWS') {
    const id = query.get('reportTypeId') ?? ''
    const documents = ercotDocuments(p, id, nowMs)
    if (!documents) return json({ ListDocsByRptTypeRes: { DocumentList: [] } })
    const report = id === '12301' ? 'Settlement Point Prices at Resource Nodes, Hubs and Load Zones' : 'DAM Settlement Point Prices'
    const days = id === '12301' ? publication.realTimeListDays : publication.dayAheadListDays
    return json(
      { ListDocsByRptTypeRes: { DocumentList: documents.flatMap((d) => listEntries(p, id, report, d, days)) } },
      documents[0]?.publishedMs ?? null,
    )
  }
  if (path === '/misdownload/servlets/mirDownload') {
    const asked = query.get('doclookupId') ?? ''
    if (!/^\d{10,11}$/.test(asked)) return null
    const xml = asked.length === 11
    const id = Number(xml ? asked.slice(1) : asked)
    const d =
      id >= REAL_TIME_DOC
        ? realTimeDocument(p, EPOCH_MS + (id - REAL_TIME_DOC) * QUARTER_MS)
        : dayAheadDocument(p, EPOCH_DAY + id - DAY_AHEAD_DOC)
    const oldest = nowMs - publication.historyDays * DAY_MS
    if (d.publishedMs > nowMs || d.publishedMs < oldest) return null
    const csv = d.csv()
    return {
      type: 'application/zip',
      body: zipSync(
        { [`${d.name}.${xml ? 'xml' : 'csv'}`]: [strToU8(xml ? xmlOf(csv) : csv), { mtime: new Date(2020, 0, 1) }] },
        { level: 6 },
      ),
      changedMs: d.publishedMs,
    }
  }
  return null
}

// ── NYISO ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const NYISO_HEADER = '"Time Stamp","Name","PTID","LBMP ($/MWHr)","Marginal Cost Losses ($/MWHr)","Marginal Cost Congestion ($/MWHr)"'
/** Marginal losses as a share of the energy price: the far north sends power, the south receives it. */
const lossShare = (multiple: number) => 0.12 * (multiple - 1.08)

const nyisoRow = (stamp: string, name: string, own: PowerWorld['points'][string], price: number, energy: number): string => {
  const loss = rounded(energy * lossShare(own.multiple), 2)
  // NYISO's congestion carries the opposite sign of other markets: LBMP = energy + loss - congestion.
  const congestion = rounded(energy + loss - price, 2)
  return `"${stamp}","${name}",${own.id},${price.toFixed(2)},${loss.toFixed(2)},${congestion.toFixed(2)}`
}
/** The reference bus: what energy costs before losses and congestion. */
const energyOf = (north: number): number => rounded(north > 0 ? north * 1.05 : north, 2)

/** 5-minute prices of a local day, stamped with the END of the interval; the day ends with 00:00:00 of the next. */
const nyisoRealTime = (p: PowerWorld, startsMs: readonly number[]): string => {
  const rows = startsMs.flatMap((ms) => {
    const t = localTime(ms + p.realTimeMs, p.zone)
    const stamp = `${usDate(t)} ${two(t.hour)}:${two(t.minute)}:${two(t.second)}`
    const energy = energyOf(p.realTime('NORTH', ms))
    return Object.entries(p.points).map(([name, own]) => nyisoRow(stamp, name, own, p.realTime(name, ms), energy))
  })
  return `${NYISO_HEADER}\n${rows.join('\n')}\n`
}

/** Day-ahead prices, stamped with the START of the hour, the repeated hour of autumn twice. */
const nyisoDayAhead = (p: PowerWorld, day: number): string => {
  const rows = hoursOf(p, day).flatMap((ms) => {
    const t = localTime(ms, p.zone)
    const energy = energyOf(p.dayAhead('NORTH', ms))
    return Object.entries(p.points).map(([name, own]) =>
      nyisoRow(`${usDate(t)} ${two(t.hour)}:${two(t.minute)}`, name, own, p.dayAhead(name, ms), energy),
    )
  })
  return `${NYISO_HEADER}\n${rows.join('\n')}\n`
}

const csv = (body: string, changedMs: number | null): Answer => ({ type: 'text/csv', body, changedMs })

/** Days since 1970 of "20261101"; null where that is no date. */
const dayOf = (compact: string): number | null => {
  const ms = Date.UTC(Number(compact.slice(0, 4)), Number(compact.slice(4, 6)) - 1, Number(compact.slice(6, 8)))
  return new Date(ms).toISOString().slice(0, 10).replaceAll('-', '') === compact ? ms / DAY_MS : null
}

const nyiso: Source = ({ path, nowMs, world }) => {
  const p = world.nyiso
  const published = (ms: number) => p.realTimePublishedMs(ms) <= nowMs
  const oldestDay = localDay(nowMs, p.zone) - publication.historyDays
  if (path === '/public/realtime/realtime_zone_lbmp.csv') {
    let ms = Math.floor(nowMs / p.realTimeMs) * p.realTimeMs - p.realTimeMs
    while (!published(ms)) ms -= p.realTimeMs
    return csv(nyisoRealTime(p, [ms]), p.realTimePublishedMs(ms))
  }
  const file = /^\/public\/csv\/(realtime\/(\d{8})realtime_zone|damlbmp\/(\d{8})damlbmp_zone)\.csv$/.exec(path)
  if (!file) return null
  const day = dayOf(file[2] ?? file[3] ?? '')
  if (day === null || day < oldestDay) return null
  if (file[3]) {
    const at = p.dayAheadPublishedMs(day)
    return at <= nowMs ? csv(nyisoDayAhead(p, day), at) : null
  }
  const starts = []
  for (let ms = dayStartMs(day, p.zone); ms < dayStartMs(day + 1, p.zone) && published(ms); ms += p.realTimeMs) starts.push(ms)
  const last = starts.at(-1)
  return last === undefined ? null : csv(nyisoRealTime(p, starts), p.realTimePublishedMs(last))
}

// ── Server ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const sources: Readonly<Record<string, Source>> = {
  'api.coinbase.com': coinbase,
  'api.kraken.com': kraken,
  'www.bitstamp.net': bitstamp,
  'mempool.space': mempool,
  'www.ercot.com': ercot,
  'mis.nyiso.com': nyiso,
}

const GZIP_FROM_BYTES = 4096

const answerTo = (request: http.IncomingMessage, response: http.ServerResponse, world: MarketWorld, nowMs: number): void => {
  const url = new URL(request.url ?? '/', 'http://market')
  const [, host = '', ...rest] = url.pathname.split('/')
  const source = sources[host]
  const found = request.method === 'GET' && source ? source({ path: `/${rest.join('/')}`, query: url.searchParams, nowMs, world }) : null
  if (!found) {
    response.writeHead(404, { 'Content-Type': 'text/html' })
    response.end('<!DOCTYPE html><html><head><title>404 Not Found</title></head><body>Not Found</body></html>')
    return
  }
  const headers: http.OutgoingHttpHeaders = { 'Content-Type': found.type, Date: new Date(nowMs).toUTCString() }
  if (found.changedMs !== null) {
    headers['Last-Modified'] = new Date(found.changedMs).toUTCString()
    headers.ETag = `"${host}-${found.changedMs.toString(36)}"`
    const since = Date.parse(request.headers['if-modified-since'] ?? '')
    const same = request.headers['if-none-match']
      ? request.headers['if-none-match'] === headers.ETag
      : since >= Math.floor(found.changedMs / 1000) * 1000
    if (same) {
      response.writeHead(304, headers)
      response.end()
      return
    }
  }
  let body: Uint8Array | string = found.body
  if (/\bgzip\b/.test(request.headers['accept-encoding'] ?? '') && typeof body === 'string' && body.length > GZIP_FROM_BYTES) {
    body = gzipSync(body, { level: 1 })
    headers['Content-Encoding'] = 'gzip'
  }
  headers['Content-Length'] = Buffer.byteLength(body)
  response.writeHead(200, headers)
  response.end(body)
}

export const marketServer = (world: MarketWorld, nowMs: () => number, track: (socket: Socket) => void): Server => {
  const server = http.createServer((request, response) => {
    request.resume()
    try {
      answerTo(request, response, world, nowMs())
    } catch (error) {
      // A query that makes no URL, a date out of range: the sources answer with an error page, so does this one.
      response.writeHead(500, { 'Content-Type': 'text/html' })
      response.end(`<!DOCTYPE html><html><body>${error instanceof Error ? error.name : 'error'}</body></html>`)
    }
  })
  server.on('connection', track)
  return server
}
