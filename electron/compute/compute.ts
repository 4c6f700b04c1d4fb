import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { tallied } from '#shared/economics/chance/in-chunks.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { computeThread } from '../installation.ts'
import { type AnswerOf, type Ask, buffersOf, type InputOf, type JobRegistry, type Order, type Reply, type RunningOf } from './job.ts'
import type { jobs } from './jobs.ts'
import { turns } from './turns.ts'

export type ComputeOptions<R> = {
  /** Ends the threads at once, inside WebAssembly too; the answer is then a failure `cancelled`. */
  readonly signal?: AbortSignal
  /** Share of the work that is done, 0..1, and the answer so far where the job has one. */
  readonly onProgress?: (share: number, running: R | null) => void
  /** For a job in chunks; by default one thread less than the computer has, so that the engine keeps its own. */
  readonly threads?: number
}

/** Jobs at the same time; each holds some 30 MB and wants a core. The next ones wait. */
const MOST_JOBS = Math.max(4, availableParallelism())
const takeTurn = turns(MOST_JOBS)

/**
 * Runs a heavy model beside the engine, never in its event loop. Input is copied to the threads, typed arrays of the answer
 * are handed over. A thread that crashes is a failure, and when the answer is there no thread is left.
 */
export const computeWith =
  <J extends JobRegistry>(threadUrl: () => URL) =>
  async <N extends keyof J & string>(
    job: N,
    input: InputOf<J, N>,
    o: ComputeOptions<RunningOf<J, N>> = {},
  ): Promise<Result<AnswerOf<J, N>>> => {
    const order: Order = { job, input }
    const most = Math.max(1, Math.floor(o.threads ?? availableParallelism() - 1))
    const workers: Worker[] = []
    const cancelled = () => failed('cancelled', `${job} was cancelled`)
    let stop = () => {}

    const run = (): Promise<Result<unknown>> =>
      new Promise((settle) => {
        stop = () => settle(cancelled())
        const parts: unknown[] = []
        let chunks = 0
        let begun = 0
        let finished = 0
        let tally: number[] = []
        const ask = (worker: Worker, asked: Ask) => worker.postMessage(asked, buffersOf(asked))
        const next = (worker: Worker) => {
          if (begun < chunks) ask(worker, { ask: 'part', index: begun++, tally })
          else if (finished === chunks) ask(worker, { ask: 'combine', parts })
        }
        const start = () => {
          const worker = new Worker(threadUrl(), { name: `compute ${job}`, workerData: order })
          workers.push(worker)
          worker.on('message', (reply: Reply) => hear(worker, reply))
          worker.on('error', (error) => settle(failed('internal', `the thread of ${job} stopped: ${error.message}`)))
          worker.on('messageerror', (error) => settle(failed('internal', `the thread of ${job} was not understood: ${error.message}`)))
          worker.on('exit', (code) => settle(failed('internal', `the thread of ${job} ended without an answer (code ${code})`)))
          return worker
        }
        const hear = (worker: Worker, reply: Reply) => {
          if (o.signal?.aborted) return
          switch (reply.reply) {
            case 'progress':
              o.onProgress?.(reply.share, reply.running as RunningOf<J, N> | null)
              break
            case 'chunks':
              chunks = reply.count
              next(worker)
              while (workers.length < Math.min(most, chunks)) next(start())
              break
            case 'part':
              parts[reply.index] = reply.part
              finished++
              tally = tallied(tally, reply.tally)
              o.onProgress?.(finished / chunks, reply.running as RunningOf<J, N> | null)
              next(worker)
              break
            case 'done':
              settle(reply.result)
          }
        }
        o.signal?.addEventListener('abort', stop, { once: true })
        // Ended while it was given its turn: a listener would wait for ever.
        if (o.signal?.aborted) stop()
        else ask(start(), { ask: 'begin' })
      })

    const giveBack = await takeTurn(o.signal)
    if (giveBack === null) return cancelled()
    try {
      const result = await run()
      return result.ok ? ok(result.value as AnswerOf<J, N>) : result
    } finally {
      // By hand: of many listeners that one signal should remove, Node forgets all but the last.
      o.signal?.removeEventListener('abort', stop)
      await Promise.all(workers.map((worker) => worker.terminate()))
      giveBack()
    }
  }

/** The engine's heavy models, by the name under which `jobs.ts` has them. */
export const compute = computeWith<typeof jobs>(computeThread)
