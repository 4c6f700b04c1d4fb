import { serveJobs } from '#electron/compute/serve-jobs.ts'
import { testJobs } from './compute-jobs.ts'

serveJobs(testJobs)
