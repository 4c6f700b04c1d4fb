/**
 * Recorded devices, each against what the capture expects of it. The captures lie beside the repository and are not
 * part of it; where they are missing these tests are not run. `derived` names were read off the payload by arithmetic
 * and are weaker than what the source projects assert; they are compared all the same.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { readingJson } from '#electron/cli/reading-json.ts'
import { driverFor } from '#electron/drivers/registry.ts'

const folder = new URL('../../../../shared/captures/', import.meta.url)
const here = existsSync(folder)
const files = here
  ? readdirSync(folder).filter((name) =>
      /^(antminer|whatsminer|avalon|luxos|braiins|vnish|mskminer|epic|auradine|elphapex|hammer|volcminer|blackminer|sealminer|innosilicon|goldshell|bitaxe|proto|ebang|strongu)-.*\.json$/.test(
        name,
      ),
    )
  : []
const Capture = z.object({
  family: z.string(),
  algo: z.string(),
  responses: z.record(z.string(), z.unknown()),
  expected: z.record(z.string(), z.unknown()),
})

const AVERAGE = 'upstream expects the lifetime average, which never stands in while the payload holds something more current'
const PSU_FAN = 'upstream counts the fan of the power supply; the machine has two'
/** Where we disagree with a capture: file, key, and why. */
const disagreements: Record<string, Record<string, string>> = {
  'avalon-10xx-1.json': {
    hashrate_ths: AVERAGE,
    hashrate_hs: AVERAGE,
    fan_count: 'upstream counts the one percentage for both fans; the payload has Fan1 and Fan2',
  },
  'avalon-7xx-1.json': { hashrate_ths: AVERAGE, hashrate_hs: AVERAGE },
  'avalon-9xx-1.json': { hashrate_ths: AVERAGE, hashrate_hs: AVERAGE },
  'blackminer-f2-1.json': { hashrate_hs: AVERAGE },
  'elphapex-dg1plus-1.json': {
    hashrate_mhs_rounded: 'upstream sums rate_real of the boards, which is rate_avg of the machine; rate_5s is 11,532 MH/s',
  },
  'hammer-d10-1.json': { fans_rpm: 'upstream reads as many fans as its model table has; the payload has four turning ones' },
  'epic-s19xp-1.json': {
    hashrate_ths: 'derived from the session’s average; each board says its present rate, 99.4 TH/s together',
  },
  'vnish-s9-nicehash-1.json': {
    model: 'the firmware in brackets is not part of the hardware’s name (cli.md)',
    pools: 'upstream writes the fee’s pool in small letters; the device sends DevFee',
  },
  'ebang-ebit-1.json': { all_temps_c: 'upstream reads one of the two boards’ lists; the payload has device2temp, too' },
  'innosilicon-a9-old-1.json': { hashrate_hs: AVERAGE },
  'proto-rig-1.json': { pool_urls: 'the payload has two pools, both enabled' },
  'sealminer-a2-1.json': { hashrate_ths: AVERAGE },
  'whatsminer-m3-1.json': { hashrate_ths: AVERAGE, hashrate_hs: AVERAGE },
  'whatsminer-m20s-new-firmware-1.json': { hashrate_ths: AVERAGE, hashrate_hs: AVERAGE, fans_rpm: PSU_FAN, fan_count: PSU_FAN },
  'whatsminer-m31s-new-firmware-1.json': {
    hashrate_ths: AVERAGE,
    hashrate_hs: AVERAGE,
    fans_rpm: PSU_FAN,
    fan_count: PSU_FAN,
    has_errors: 'the payload counts two error codes (206 and 2320)',
  },
  'whatsminer-mock-m63-1.json': { is_mining: 'every rate and the power are 0 and the power supply is off (get_psu enable 0)' },
}

/** The machine's page that names its model, and with it what it hashes, is not part of these recordings. */
const NO_MODEL = 'nothing in the payload names the model'
const unnamedAlgorithm: Record<string, string> = { 'goldshell-ck5-1.json': NO_MODEL, 'goldshell-hs5-1.json': NO_MODEL }

/** Pool addresses are compared without their scheme: some sources strip it, the device sends it. */
const bare = (url: unknown) => (typeof url === 'string' ? url.replace(/^stratum\+\w+:\/\//, '') : url)
const sorted = (list: readonly number[]) => [...list].sort((a, b) => a - b)
const Pools = z.array(
  z.object({ url: z.string(), user: z.string().optional(), alive: z.boolean(), accepted: z.number(), rejected: z.number() }),
)

const compare = (key: string, expected: unknown, got: Record<string, unknown>) => {
  const numbers = (value: unknown) => z.array(z.number()).parse(value)
  switch (key) {
    case 'all_temps_c': {
      // Some sources cut their temperatures to whole degrees.
      const whole = numbers(expected).every(Number.isInteger)
      return expect(sorted(numbers(got.all_temps_c).map((t) => (whole ? Math.trunc(t) : t)))).toEqual(sorted(numbers(expected)))
    }
    case 'pools':
      return expect(
        z
          .array(z.record(z.string(), z.unknown()))
          .parse(got.pools)
          .map((p) => ({ ...p, url: bare(p.url) })),
      ).toEqual(
        Pools.parse(expected).map(({ url, user, alive, accepted, rejected }) => ({
          url: bare(url),
          user: user ?? null,
          alive,
          accepted,
          rejected,
        })),
      )
    case 'pool_urls':
      return expect(
        z
          .array(z.object({ url: z.string() }))
          .parse(got.pools)
          .map((p) => p.url),
      ).toEqual(expected)
    case 'hashrate_hs':
      // SHA-256d machines report TH/s; the capture's H/s is the same figure.
      return 'algo' in got
        ? expect(got.hashrate_hs).toBeCloseTo(z.number().parse(expected), 3)
        : expect(z.number().parse(got.hashrate_ths) * 1e12).toBeCloseTo(z.number().parse(expected), -3)
    case 'hashrate_mhs_rounded':
      return expect(Math.round(z.number().parse(got.hashrate_hs) / 1e6)).toBe(expected)
    case 'hashrate_mhs':
      return expect(z.number().parse(got.hashrate_hs) / 1e6).toBeCloseTo(z.number().parse(expected), 6)
    case 'hashrate_ths_rounded':
      return expect(Math.round(z.number().parse(got.hashrate_ths))).toBe(expected)
    case 'board_temps_c':
      // A board that is switched off has no temperature; some captures write null in its place.
      return expect(got.board_temps_c).toEqual(
        numbers(
          z
            .array(z.unknown())
            .parse(expected)
            .filter((t) => t !== null),
        ),
      )
    case 'chip_count':
      return expect(numbers(got.board_chips).reduce((a, b) => a + b, 0)).toBe(expected)
    case 'hashrate_ths':
    case 'hashrate_avg_ths':
    case 'expected_hashrate_ths':
      return expect(got[key]).toBeCloseTo(z.number().parse(expected), 6)
    case 'nameplate_ths':
      // The label's rate; the profile that was chosen aims lower.
      return expect(z.number().parse(got.expected_hashrate_ths)).toBeLessThanOrEqual(z.number().parse(expected))
    case 'board_temps_max_c':
      return expect(got.board_temps_c).toEqual(expected)
    case 'event_count':
      return expect(z.array(z.unknown()).parse(got.errors)).toHaveLength(z.number().parse(expected))
    case 'power_state':
      // Ours are the fleet's states; "idle" is a machine that neither hashes nor was put to sleep.
      if (expected === 'sleeping') return expect(got.state).toBe('sleeping')
      if (expected === 'idle') return expect(['off', 'overheated']).toContain(got.state)
      return expect(['hashing', 'degraded']).toContain(got.state)
    case 'error_codes':
      return expect(
        z
          .array(z.object({ code: z.string() }))
          .parse(got.errors)
          .map((e) => Number(e.code)),
      ).toEqual(expected)
    case 'chip_temp_max_c':
      return expect(Math.max(...numbers(got.chip_temps_c))).toBe(expected)
    case 'avg_temp_c':
      // The controller's average, rounded, over the boards' averages.
      return expect(Math.round(numbers(got.board_temps_c).reduce((a, b) => a + b, 0) / numbers(got.board_temps_c).length)).toBe(expected)
    case 'board0_chip_temp_max_c':
      return expect(numbers(got.chip_temps_c)[0]).toBe(expected)
    default:
      expect(got).toHaveProperty(key)
      return expect(got[key]).toEqual(expected)
  }
}
/** Named by captures, not part of a reading. */
const notInReading = new Set([
  'psu_fan_rpm',
  'board_hashrates_ths',
  'power_mode',
  'soft_off',
  'ps',
  'pool_group_count',
  'light_on',
  'scaled_power_target_w',
  'psu_fan_count',
  'board_active',
  'throttle_min_pct',
  'throttle_step_pct',
  'fan_target_temp_c',
])

describe.skipIf(!here)('recorded devices', () => {
  test('there are captures of all three families', () => {
    expect(files.length).toBeGreaterThanOrEqual(30)
  })
  describe.each(files)('%s', (file) => {
    const capture = Capture.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
    const parsed = driverFor(capture.family)?.parse(capture.responses, Date.UTC(2026, 10, 22))
    const got: Record<string, unknown> = parsed?.ok ? readingJson(parsed.value) : {}
    test('is read', () => {
      expect(parsed).toMatchObject({ ok: true })
    })
    const unnamed = unnamedAlgorithm[file]
    if (unnamed !== undefined)
      test(`has another algorithm than SHA-256d, unknown: ${unnamed}`, () => {
        expect(got).toMatchObject({ algo: 'unknown' })
        expect(got).not.toHaveProperty('hashrate_ths')
      })
    else
      test(capture.algo === 'sha256' ? 'has no other algorithm' : `is a ${capture.algo} machine and has no TH/s`, () => {
        expect(got.algo).toBe(capture.algo === 'sha256' ? undefined : capture.algo)
        expect('hashrate_ths' in got).toBe(capture.algo === 'sha256')
      })
    for (const [key, expected] of Object.entries(capture.expected)) {
      if (notInReading.has(key)) continue
      const why = disagreements[file]?.[key]
      if (why === undefined) test(`${key} is as expected`, () => compare(key, expected, got))
      else test(`${key} differs: ${why}`, () => expect(() => compare(key, expected, got)).toThrow())
    }
  })
})
