/** Thousands of damaged answers, from a fixed seed: whatever a device sends, a parser answers with a value. */
import { expect, test } from 'vitest'
import { probeOf, recognise } from '#electron/drivers/identify.ts'
import { parseAnswer } from '#electron/drivers/protocol/cgminer.ts'
import { driverFor } from '#electron/drivers/registry.ts'
import { schneiderPm5xxx } from '#electron/meters/schneider-pm5xxx.ts'
import { recording } from '../../fakes/recording.ts'

/** mulberry32: small, seeded, good enough to damage things with. */
const seeded = (seed: number) => {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const NASTY: readonly unknown[] = [
  Number.POSITIVE_INFINITY,
  -1e308,
  Number.NaN,
  '1e400',
  '1e308',
  '0x10',
  '95,3',
  '',
  ' ',
  null,
  true,
  false,
  [],
  [5],
  [[]],
  {},
  { a: { b: 1 } },
  '-',
  '--',
  'nan',
  '\u0000',
  '\u202e',
  'x'.repeat(5_000),
  -1,
  2 ** 53,
  '999999999999999999999',
  'constructor',
  JSON.parse('{"__proto__":1,"then":2}'),
]

const mutate = (value: unknown, random: () => number, chance: number): unknown => {
  if (random() < chance) return NASTY[Math.floor(random() * NASTY.length)]
  if (Array.isArray(value)) {
    const list = value.map((item) => mutate(item, random, chance))
    if (random() < chance)
      list.splice(Math.floor(random() * (list.length + 1)), random() < 0.5 ? 1 : 0, NASTY[Math.floor(random() * NASTY.length)])
    return list
  }
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) =>
        random() < chance ? [] : [[random() < chance / 4 ? 'toString' : key, mutate(item, random, chance)]],
      ),
    )
  return value
}

const mutateText = (text: string, random: () => number): string => {
  let out = text
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--) {
    const at = Math.floor(random() * out.length)
    const kind = random()
    if (kind < 0.3) out = out.slice(0, at) + String.fromCharCode(Math.floor(random() * 256)) + out.slice(at + 1)
    else if (kind < 0.5) out = out.slice(0, at) + out.slice(at + 1 + Math.floor(random() * 20))
    else if (kind < 0.7) out = out.slice(0, at) + out.slice(at, at + 30) + out.slice(at)
    else if (kind < 0.85) out = out.slice(0, at)
    else
      out = `${out.slice(0, at)}${['{', '}', '[', ']', '"', ',', '|', '=', '\\', '}{', '-9e99'][Math.floor(random() * 11)]}${out.slice(at)}`
  }
  return out
}

const badNumber = (value: unknown): boolean =>
  typeof value === 'number'
    ? !Number.isFinite(value)
    : Array.isArray(value)
      ? value.some(badNumber)
      : typeof value === 'object' && value !== null && Object.values(value).some(badNumber)

const fixtures = [
  'antminer/stock-2022/hashing.json',
  'antminer/stock-2022/overheated.json',
  'antminer/stock-2022/web-sleeping.json',
  'whatsminer/btminer-2.0/hashing.json',
  'avalon/a12/hashing-text.json',
  'whatsminer/btminer-3.0/hashing.json',
  'hammer/d10/hashing.json',
  'volcminer/d1/hashing.json',
  'blackminer/f2/web.json',
  'elphapex/dg1/short.json',
  'goldshell/ck5/hashing.json',
  'goldshell/kd5/api.json',
  'innosilicon/a9/hashing.json',
  'innosilicon/t3/hashing.json',
  'strongu/u2/hashing.json',
  'ebang/ebit/hashing.json',
  'sealminer/a2/hashing.json',
  'proto/1.8/mining.json',
  'bitaxe/2.9/hashing.json',
  'antminer/s21-power-page/hashing.json',
  'antminer/s9-old-page/web.json',
  'luxos/2025/hashing.json',
  'braiins/25.01/graphql.json',
  'braiins/25.09/hashing.json',
  'braiins/2020/cgminer.json',
  'vnish/1.2.6/mining.json',
  'mskminer/2.6/hashing.json',
  'epic/1.9/mining.json',
  'auradine/2024/hashing.json',
]

test.each(fixtures)('%s, damaged 3,000 times, is read or refused, never with a number that is none', (path) => {
  const { family, responses } = recording(path)
  const drivers = [driverFor(family), driverFor('unknown')]
  const random = seeded(20_261_122)
  let read = 0
  let refused = 0
  for (let i = 0; i < 3_000; i++) {
    const asText = i % 2 === 0
    const damaged = Object.fromEntries(
      Object.entries(responses).map(([key, value]) => {
        const whole = typeof value === 'string' ? value : JSON.stringify(value)
        return [key, asText ? mutateText(whole, random) : mutate(value, random, 0.03)]
      }),
    )
    recognise(probeOf(damaged))
    for (const driver of drivers) {
      const result = driver?.parse(damaged, 0)
      if (result?.ok) {
        read += 1
        expect(badNumber(result.value)).toBe(false)
        const { hashrateThs, wattageW, allTempsC } = result.value
        expect(hashrateThs === null || (hashrateThs >= 0 && hashrateThs <= 2_000)).toBe(true)
        expect(wattageW === null || (wattageW >= 0 && wattageW <= 100_000)).toBe(true)
        expect(allTempsC.every((t) => t >= -40 && t <= 150)).toBe(true)
      } else refused += 1
    }
  }
  // The damage is neither harmless nor total.
  expect(read).toBeGreaterThan(300)
  expect(refused).toBeGreaterThan(100)
})

test('a power meter’s words, damaged 3,000 times, never make a number that is none', () => {
  const random = seeded(7)
  let implausible = 0
  for (let i = 0; i < 3_000; i++) {
    const words = Object.fromEntries(
      schneiderPm5xxx.blocks.map((b) => [
        `FC3 ${b.address} x${b.count}`,
        Array.from({ length: b.count }, () =>
          random() < 0.02 ? NASTY[Math.floor(random() * NASTY.length)] : Math.floor(random() * 65_536),
        ),
      ]),
    )
    const result = schneiderPm5xxx.parse(words, 0)
    if (result.ok) {
      expect(badNumber(result.value)).toBe(false)
      implausible += result.value.problems.length
    }
  }
  expect(implausible).toBeGreaterThan(1_000)
})

test('random bytes are never taken for an answer', () => {
  const random = seeded(11)
  for (let i = 0; i < 2_000; i++) {
    const noise = Array.from({ length: Math.floor(random() * 200) }, () => String.fromCharCode(Math.floor(random() * 256))).join('')
    expect(parseAnswer('192.0.2.7:4028', noise).ok).toBe(false)
  }
})
