/** The Avalon Q nests its telemetry under a key of its own and knows cgminer's JSON form only. */
import { afterEach, expect, test } from 'vitest'
import { readDevice } from '#electron/drivers/read-device.ts'
import { deviceEgress } from '#electron/net/egress.ts'
import { cgminerDevice } from '../../fakes/device.ts'
import { recording } from '../../fakes/recording.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})
const q = async (path: string) => {
  const fake = await cgminerDevice({ answers: recording(path).responses, mode: 'json' })
  closing.push(fake.close)
  const result = await readDevice({
    address: { host: '127.0.0.1', apiPort: fake.port, webPort: null },
    family: null,
    egress: deviceEgress({ allows: () => true, allowLoopback: true }),
    deadlineMs: 3_000,
    now: () => 0,
  })
  return { result, asked: fake.requests }
}

test('hashing: power from the fifth figure of PS, the target apart from it', async () => {
  const { result, asked } = await q('avalon/q/hashing.json')
  expect(result).toMatchObject({
    ok: true,
    value: {
      family: 'avalon',
      model: 'Avalon Q',
      firmwareVersion: '25052801_14a19a2',
      mac: '025a10204010',
      state: 'hashing',
      hashrateThs: 52.1005,
      expectedHashrateThs: 55.03279,
      wattageW: 781,
      powerTargetW: 800,
      envTempC: 27,
      chipTempsC: [72],
      boardChips: [160],
      fansRpm: [1200, 1210],
      fansPct: [35],
    },
  })
  expect(asked).toEqual(['version', 'estats', 'stats', 'pools'])
})

test('soft-off: asleep, 0 TH/s and 0 W, whatever its average, its target and its chips’ old temperatures say', async () => {
  const { result } = await q('avalon/q/soft-off.json')
  expect(result).toMatchObject({
    ok: true,
    value: {
      state: 'sleeping',
      isMining: false,
      hashrateThs: 0,
      hashrateAvgThs: expect.closeTo(44.49941, 9),
      wattageW: 0,
      powerTargetW: 800,
      chipTempsC: [],
    },
  })
})
