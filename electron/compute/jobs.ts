import type { JobRegistry } from './job.ts'

/** Every heavy model that runs on threads: one line each, loaded by the thread that runs it. */
export const jobs = {
  backtest: async () => (await import('./backtest-job.ts')).backtestJob,
  conversionDraws: async () => (await import('#shared/economics/ai/conversion-draws.ts')).conversionDrawsJob,
  miningPaths: async () => (await import('#shared/economics/chance/mining-paths.ts')).miningPaths,
  pricePaths: async () => (await import('#shared/economics/chance/price-paths.ts')).pricePathsJob,
  plan: async () => (await import('./plan-job.ts')).planJob,
  scenarioTable: async () => (await import('#shared/economics/scenario/scenario-table.ts')).scenarioTable,
} satisfies JobRegistry
