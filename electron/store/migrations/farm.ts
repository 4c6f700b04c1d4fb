import type { Migration } from '../database.ts'
import { sitesMachinesDecisions } from './farm-0001-sites-machines-decisions.ts'

/** Steps of farm.db, in order. */
export const farmMigrations: readonly Migration[] = [sitesMachinesDecisions]
