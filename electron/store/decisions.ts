/** What the operator did with an advice, with the inputs as they were. Append-only, kept so by triggers of the file itself. */
import type Database from 'better-sqlite3'
import type { DecisionRecord } from '#shared/contract.ts'
import { queriesOver, runnerOf } from './query.ts'
import type { FarmTables } from './tables.ts'

const q = queriesOver<FarmTables>()

export const decisionStore = (db: Database.Database) => {
  const run = runnerOf(db)
  return {
    record: async (record: Omit<DecisionRecord, 'id'>, inputs: unknown): Promise<DecisionRecord> => {
      const { lastInsertRowid } = run.run(
        q.insertInto('decision_record').values({
          site_id: record.siteId,
          at_ms: record.atMs,
          action: record.action,
          mw: record.mw,
          reason: record.reason,
          advice: record.advice,
          margin_per_mwh: record.marginPerMwh,
          price_per_mwh: record.pricePerMwh,
          inputs: JSON.stringify(inputs),
        }),
      )
      return { id: lastInsertRowid, ...record }
    },

    /** Newest first. */
    list: async (limit: number): Promise<DecisionRecord[]> =>
      run.all(q.selectFrom('decision_record').selectAll().orderBy('id', 'desc').limit(limit)).map((row) => ({
        id: row.id,
        siteId: row.site_id,
        atMs: row.at_ms,
        action: row.action,
        mw: row.mw,
        reason: row.reason,
        advice: row.advice,
        marginPerMwh: row.margin_per_mwh,
        pricePerMwh: row.price_per_mwh,
      })),
  }
}
