import { parentPort, workerData } from 'node:worker_threads'
import type { ChunkedJob } from '#shared/economics/chance/in-chunks.ts'
import { tallied } from '#shared/economics/chance/in-chunks.ts'
import { failed } from '#shared/result.ts'
import { type Ask, buffersOf, type JobRegistry, type Order, type Reply, type WholeJob } from './job.ts'

/** A job may report as often as it likes; the caller hears of it this often. */
const PROGRESS_EVERY_MS = 50

/** The thread's side: does what `compute` asks of the one job it was started for. The caller ends it. */
export const serveJobs = (jobs: JobRegistry): void => {
  const port = parentPort
  if (!port) throw new Error('jobs are served on a worker thread')
  const { job: name, input }: Order = workerData
  let loading: ReturnType<JobRegistry[string]> | undefined
  const tell = (reply: Reply) => port.postMessage(reply, buffersOf(reply))

  let toldMs = Number.NEGATIVE_INFINITY
  const progress = (share: number, running?: unknown) => {
    const nowMs = performance.now()
    if (nowMs - toldMs < PROGRESS_EVERY_MS) return
    toldMs = nowMs
    tell({ reply: 'progress', share, running: running ?? null })
  }

  const answer = async (asked: Ask): Promise<Reply> => {
    loading ??= jobs[name]?.()
    const job: WholeJob<unknown, unknown, unknown> | ChunkedJob<unknown, unknown, unknown, unknown> | undefined = await loading
    if (job === undefined) return { reply: 'done', result: failed('not-supported', `there is no job "${name}"`) }
    if (typeof job === 'function') return { reply: 'done', result: await job(input, { progress }) }
    switch (asked.ask) {
      case 'begin': {
        const chunks = job.chunks(input)
        return chunks.ok ? { reply: 'chunks', count: chunks.value } : { reply: 'done', result: chunks }
      }
      case 'part': {
        const part = job.part(input, asked.index)
        const tally = job.tally?.(part) ?? []
        return { reply: 'part', index: asked.index, part, tally, running: job.running?.(input, tallied(asked.tally, tally)) ?? null }
      }
      case 'combine':
        return { reply: 'done', result: job.combine(input, asked.parts) }
    }
  }
  port.on('message', (asked: Ask) => {
    answer(asked).then(tell, (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error)
      tell({ reply: 'done', result: failed('internal', `${name} stopped: ${why}`) })
    })
  })
}
