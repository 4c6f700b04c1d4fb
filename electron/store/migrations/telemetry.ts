import type { Migration } from '../database.ts'
import { sweepsReadingsMarket } from './telemetry-0001-sweeps-readings-market.ts'

/** Steps of telemetry.db, in order. */
export const telemetryMigrations: readonly Migration[] = [sweepsReadingsMarket]
