import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readPriceCsv } from '#electron/cli/price-csv.ts'
import { readText } from '#electron/cli/read-json-file.ts'
import { isoInstant } from '#shared/time.ts'
import { value } from '../../shared/economics/value.ts'

const read = (text: string) => value(readPriceCsv(text, 'prices.csv', 'America/Chicago'))
const times = (text: string) => read(text).rows.map((r) => isoInstant(r.startMs).slice(0, 16))
const central = (rows: readonly (readonly [string, number | string])[]) =>
  `delivery_date,hour_ending,dam_spp_usd_mwh,rtm_spp_hourly_mean_usd_mwh\n${rows.map(([date, hour], k) => `${date},${hour},${20 + k},${30 + k}`).join('\n')}\n`
const hours = (date: string, list: readonly number[]) => central(list.map((hour) => [date, hour] as const))
const upTo = (n: number) => Array.from({ length: n }, (_, k) => k + 1)

describe('instants with a price', () => {
  test('an offset is kept, an empty cell is missing, a price above every cap is a problem with its line', () => {
    const { rows, problems } = read(
      'timestamp,price_usd_per_mwh,day_ahead_usd_per_mwh\n2025-01-01T00:00:00-06:00,20.5,18\n2025-01-01T07:00:00Z,,-4\n2025-01-01T08:00:00Z,1e6,abc\n',
    )
    expect(rows.map((r) => [isoInstant(r.startMs), r.price, r.dayAhead])).toEqual([
      ['2025-01-01T06:00:00.000Z', 20.5, 18],
      ['2025-01-01T07:00:00.000Z', null, -4],
      ['2025-01-01T08:00:00.000Z', null, null],
    ])
    expect(problems.map((p) => [p.line, p.column, p.raw])).toEqual([
      [4, 'price_usd_per_mwh', '1e6'],
      [4, 'day_ahead_usd_per_mwh', 'abc'],
    ])
  })
  test('a time without an offset is the site’s: the hour that autumn repeats is two hours, and the file says how it was read', () => {
    const text = 'timestamp,price_usd_per_mwh\n2025-11-02T00:00,1\n2025-11-02T01:00,2\n2025-11-02T01:00,3\n2025-11-02T02:00,4\n'
    expect(times(text)).toEqual(['2025-11-02T05:00', '2025-11-02T06:00', '2025-11-02T07:00', '2025-11-02T08:00'])
    expect(read(text).notes).toHaveLength(1)
  })
  test('the second of two rows of one instant is a problem', () =>
    expect(read('timestamp,price_usd_per_mwh\n2025-01-01T00:00Z,1\n2025-01-01T00:00Z,2\n')).toMatchObject({
      rows: [{ price: 1 }],
      problems: [{ line: 3 }],
    }))
})

describe('hours of ERCOT, counted by their end in Central time', () => {
  test('hour 24 of New Year’s Eve begins at 05:00 UTC', () => expect(times(hours('2023-12-31', [24]))).toEqual(['2024-01-01T05:00']))
  test('the spring day has no hour 3: 2 and 4 follow each other', () =>
    expect(times(hours('2025-03-09', [1, 2, 4, 24]))).toEqual([
      '2025-03-09T06:00',
      '2025-03-09T07:00',
      '2025-03-09T08:00',
      '2025-03-10T04:00',
    ]))
  test('an hour 3 beside an hour 24 on that day is a problem, not a price', () =>
    expect(read(hours('2025-03-09', [2, 3, 4, 24])).problems).toMatchObject([{ line: 3, column: 'hour_ending' }]))
  test('a day counted 1 to 23 is the same 23 hours', () => {
    const list = times(hours('2025-03-09', upTo(23)))
    expect([list.length, list[0], list[22]]).toEqual([23, '2025-03-09T06:00', '2025-03-10T04:00'])
  })
  test('in autumn hour 2 stands twice, or the day is counted to 25', () => {
    const twice = times(hours('2025-11-02', [1, 2, 2, 3]))
    expect(twice).toEqual(['2025-11-02T05:00', '2025-11-02T06:00', '2025-11-02T07:00', '2025-11-02T08:00'])
    const counted = times(hours('2025-11-02', upTo(25)))
    expect([counted.length, counted[2], counted[24]]).toEqual([25, '2025-11-02T07:00', '2025-11-03T05:00'])
  })
  test('a day that does not exist and an hour that is none are problems with their lines', () =>
    expect(
      read(
        central([
          ['2025-01-01', 1],
          ['2025-02-30', 1],
          ['2025-01-01', 26],
        ]),
      ).problems.map((p) => [p.line, p.column]),
    ).toEqual([
      [3, 'delivery_date'],
      [4, 'hour_ending'],
    ]))
})

test('a file of other columns, or without one time that can be read, is refused', () => {
  expect(readPriceCsv('date,usd\n1,2\n', 'p.csv', 'UTC')).toMatchObject({ ok: false, failure: { kind: 'invalid-input', line: 1 } })
  expect(readPriceCsv('timestamp,usd\n2025-01-01T00:00Z,2\n', 'p.csv', 'UTC')).toMatchObject({ failure: { field: 'price_usd_per_mwh' } })
  expect(readPriceCsv('timestamp,price_usd_per_mwh\nyesterday,2\n', 'p.csv', 'UTC')).toMatchObject({ ok: false })
  expect(readPriceCsv('', 'p.csv', 'UTC')).toMatchObject({ ok: false, failure: { kind: 'invalid-input' } })
})

test.each([
  [
    'semicolons',
    'timestamp;price_usd_per_mwh\n2025-01-01T00:00Z;30,5\n',
    /first line is "timestamp;price_usd_per_mwh", separated by semicolons/,
  ],
  ['no rows', 'timestamp,price_usd_per_mwh\n', /a header and nothing below it/],
  ['nothing at all', '', /the file is empty/],
  ['decimal commas', 'timestamp,price_usd_per_mwh\n2025-01-01T00:00Z,"30,5"\n', /line 2, price_usd_per_mwh: "30,5" is not a price/],
  ['days for times', 'timestamp,price_usd_per_mwh\n2025-01-01,30\n', /line 2, timestamp: "2025-01-01" is not an ISO-8601 instant/],
])('a file that cannot be used says what it has instead: %s', (_, text, message) =>
  expect(readPriceCsv(text, 'p.csv', 'UTC')).toMatchObject({ ok: false, failure: { message: expect.stringMatching(message) } }),
)

test('a spreadsheet’s UTF-16 is read by its mark, UTF-8 with and without one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hashyard-text-'))
  const text = 'timestamp,price_usd_per_mwh\n2025-01-01T00:00Z,30.5\n'
  const files = { utf16: Buffer.from(`\uFEFF${text}`, 'utf16le'), marked: Buffer.from(`\uFEFF${text}`), plain: Buffer.from(text) }
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(folder, name), bytes)
    const prices = readPriceCsv(value(await readText(join(folder, name), new AbortController().signal)), name, 'UTC')
    expect(value(prices).rows.map((r) => r.price)).toEqual([30.5])
  }
  await rm(folder, { recursive: true })
})
