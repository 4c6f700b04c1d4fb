import { describe, expect, test } from 'vitest'
import { CENTRAL, dayStartMs, EASTERN, isoLocal, localDay, localTime } from '#electron/simulator/us-clock.ts'

const HOUR = 3_600_000

describe.each([CENTRAL, EASTERN])('$name', (zone) => {
  test('agrees with the time zone database every hour of 2025 to 2028', () => {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone.name,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
    })
    for (let ms = Date.UTC(2025, 0, 1); ms < Date.UTC(2028, 0, 1); ms += HOUR) {
      const t = localTime(ms, zone)
      const two = (n: number) => String(n).padStart(2, '0')
      const ours = `${t.year}-${two(t.month)}-${two(t.day)}, ${two(t.hour)}`
      if (ours !== format.format(ms)) expect(`${new Date(ms).toISOString()} ${ours}`).toBe(format.format(ms))
    }
  })

  test('a day in March has 23 hours, one in November 25, all others 24', () => {
    const lengths = new Map<string, number>()
    for (let day = localDay(Date.UTC(2026, 0, 1, 12), zone); day < localDay(Date.UTC(2027, 0, 1, 12), zone); day++) {
      const hours = (dayStartMs(day + 1, zone) - dayStartMs(day, zone)) / HOUR
      if (hours !== 24) lengths.set(new Date(day * 24 * HOUR).toISOString().slice(0, 10), hours)
    }
    expect([...lengths]).toEqual([
      ['2026-03-08', 23],
      ['2026-11-01', 25],
    ])
  })

  test('01:30 on 1 November 2026 comes twice; only the second is the repeated one', () => {
    const standard = -zone.standardOffsetHours
    const once = Date.UTC(2026, 10, 1, standard - 1 + 1, 30)
    expect(localTime(once, zone)).toMatchObject({ day: 1, hour: 1, minute: 30, repeated: false })
    expect(localTime(once + HOUR, zone)).toMatchObject({ day: 1, hour: 1, minute: 30, repeated: true })
    expect(localTime(once + 2 * HOUR, zone)).toMatchObject({ day: 1, hour: 2, minute: 30, repeated: false })
  })
})

test('local time with its offset is written as ERCOT writes it', () => {
  expect(isoLocal(Date.UTC(2026, 6, 1, 17, 47, 2), CENTRAL)).toBe('2026-07-01T12:47:02-05:00')
  expect(isoLocal(Date.UTC(2026, 10, 24, 17, 47, 2), CENTRAL)).toBe('2026-11-24T11:47:02-06:00')
})
