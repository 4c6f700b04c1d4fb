import { failed, ok } from '#shared/result.ts'
import type { Planner } from '../planner/reports.ts'
import type { Store } from '../store/open.ts'
import type { HeardMachine } from '../store/sweeps.ts'
import type { Handlers } from './serve.ts'

/** Two hours of a demo, half a day of a farm polled each minute. */
const HISTORY_POINTS = 720

export const serveFleet = (o: {
  planner: Planner
  store: Store
  heard: (machineId: string) => HeardMachine | null
}): Pick<Handlers, 'fleet.machines' | 'fleet.machine'> => ({
  'fleet.machines': async (ask) => ok(o.planner.fleet(ask)),
  'fleet.machine': async ({ id }) => {
    const found = o.planner.machine(id)
    if (!found) return failed('not-found', `no machine "${id}"`, { field: 'id' })
    const r = o.heard(id)?.reading ?? null
    return ok({
      ...found,
      firmwareVersion: r?.firmwareVersion ?? null,
      mac: r?.mac ?? null,
      serial: r?.serial ?? null,
      fansRpm: [...(r?.fansRpm ?? [])],
      boardTempsC: [...(r?.boardTempsC ?? [])],
      chipTempsC: [...(r?.chipTempsC ?? [])],
      uptimeS: r?.uptimeS ?? null,
      pools: (r?.pools ?? []).map(({ url, alive }) => ({ url, alive })),
      problems: (r?.problems ?? []).map(({ field, reason, raw }) => ({ field, reason, raw })),
      history: await o.store.sweeps.history(id, HISTORY_POINTS),
    })
  },
})
