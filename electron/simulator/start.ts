import { Worker } from 'node:worker_threads'
import type { PlacedFarm } from './demo-farm.ts'
import type { FarmNews, FarmOrder } from './farm-thread.ts'

/**
 * Starts the simulated farm on a worker thread of the caller's process. `machines`: how many (default the whole demo of
 * 1,840); `faults`: as in `faults.ts` (default `demo`); `clock`: null for the real one, or the instant from which the
 * world's clock runs on.
 * Rejects with the reason where the farm cannot start; that is a defect of the installation, not of the field.
 */
export const startSimulatedFarm = (o: {
  threadUrl: URL
  seed: number
  machines?: number
  faults?: string
  clock: { nowMs: number } | null
}): Promise<{ places: PlacedFarm; marketBase: URL; stop(): Promise<void> }> => {
  const order: FarmOrder = {
    seed: o.seed,
    machines: o.machines ?? null,
    faults: o.faults ?? 'demo',
    clock: o.clock && { nowMs: o.clock.nowMs, setAtMs: performance.timeOrigin + performance.now() },
  }
  // A farm of its own: it needs none of the caller's loaders or inspector flags.
  const worker = new Worker(o.threadUrl, { name: 'simulated farm', workerData: order })
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))

  const stop = async () => {
    worker.postMessage('stop')
    const late = setTimeout(() => void worker.terminate(), 3_000)
    await exited
    clearTimeout(late)
  }

  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the simulated farm ended before it was ready (code ${code})`)))
    worker.once('message', (news: FarmNews) => {
      if ('failed' in news) {
        reject(new Error(news.failed.message))
        return
      }
      // From here on an error of the thread is ours and nobody's answer: let it be as loud as one of the main thread.
      worker.removeListener('error', reject)
      resolve({ places: news.placed, marketBase: new URL(`http://127.0.0.1:${news.marketPort}`), stop })
    })
  })
}
