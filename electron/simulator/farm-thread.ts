import { parentPort, workerData } from 'node:worker_threads'
import * as z from 'zod'
import type { Failure } from '#shared/result.ts'
import type { PlacedFarm } from './demo-farm.ts'
import { openFarm } from './farm.ts'
import { readFaults } from './faults.ts'

/** Entry of the worker thread that is the simulated farm. Says once where everything listens, then serves until told to stop. */
export const FarmOrder = z.strictObject({
  seed: z.int(),
  machines: z.int().min(0).nullable(),
  faults: z.string(),
  /** It was `nowMs` in the world when it was `setAtMs` here (both threads' `performance` clock); it runs on from there. */
  clock: z.strictObject({ nowMs: z.number(), setAtMs: z.number() }).nullable(),
})
export type FarmOrder = z.infer<typeof FarmOrder>
export type FarmNews = { readonly placed: PlacedFarm; readonly marketPort: number } | { readonly failed: Failure }

/** Milliseconds that no change of the computer's clock disturbs, the same in every thread of the process to within its start. */
const monotonicMs = (): number => performance.timeOrigin + performance.now()

const run = async (): Promise<void> => {
  const port = parentPort
  if (!port) throw new Error('farm-thread is a worker thread')
  const tell = (news: FarmNews) => port.postMessage(news)
  const order = FarmOrder.parse(workerData)
  const faults = readFaults(order.faults)
  if (!faults.ok) {
    tell({ failed: faults.failure })
    return
  }
  const { clock } = order
  const farm = await openFarm({
    seed: order.seed,
    ...(order.machines === null ? {} : { machines: order.machines }),
    faults: faults.value,
    now: clock === null ? Date.now : () => clock.nowMs + Math.round(monotonicMs() - clock.setAtMs),
  })
  if (!farm.ok) {
    tell({ failed: farm.failure })
    return
  }
  port.once('message', () => {
    // The port is what keeps this thread alive once its servers are closed.
    void farm.value.close().finally(() => port.close())
  })
  tell({ placed: farm.value.places, marketPort: farm.value.marketPort })
}

void run()
