import { expect, test } from 'vitest'
import { compute } from '#electron/compute/compute.ts'
import { conversionDraws } from '#shared/economics/ai/conversion-draws.ts'
import { project } from '../../shared/economics/example-inputs.ts'
import { value } from '../../shared/economics/value.ts'

const given = { project, variableCostPerMWh: 50, draws: 1100, seed: 11 }

test('a conversion drawn on one thread, on three, or here is the same to the last bit, and is told as it grows', async () => {
  const here = value(conversionDraws(given))
  const shares: number[] = []
  const seen: number[] = []
  const three = await compute('conversionDraws', given, {
    threads: 3,
    onProgress: (share, running) => {
      shares.push(share)
      if (running !== null) seen.push(running.draws)
    },
  })
  expect(value(three)).toEqual(here)
  expect(value(await compute('conversionDraws', given, { threads: 1 }))).toEqual(here)
  expect(shares.at(-1)).toBe(1)
  // Each part tells of itself and of what was done when it began.
  expect(seen.every((draws) => draws >= 100 && draws <= 1100)).toBe(true)
  expect(seen).toHaveLength(5)
})
test('bad input is refused by its field before any draw is made', async () =>
  expect(await compute('conversionDraws', { ...given, draws: 0 })).toMatchObject({ ok: false, failure: { field: 'draws' } }))
