import type { JobRegistry } from './job.ts'

/** Every heavy model that runs on threads: one line each, loaded by the thread that runs it. */
export const jobs = {} satisfies JobRegistry
