import { jobs } from './jobs.ts'
import { serveJobs } from './serve-jobs.ts'

/** Entry of a worker thread of the engine that runs one heavy model. */
serveJobs(jobs)
