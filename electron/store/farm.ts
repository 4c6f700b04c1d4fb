/** Sites, machines and meters: what a person entered. Nothing is deleted, since readings and decisions point here. */
import type Database from 'better-sqlite3'
import { Machine } from '#shared/fleet/machine.ts'
import { Site } from '#shared/fleet/site.ts'
import { queriesOver, runnerOf } from './query.ts'
import type { FarmTables } from './tables.ts'

export type MeterConfig = {
  readonly id: string
  readonly siteId: string
  /** Register map: 'schneider-pm5xxx' … */
  readonly type: string
  readonly host: string
  readonly port: number
  readonly unitId: number
}
export type FarmDefinition = {
  readonly sites: readonly Site[]
  readonly machines: readonly Machine[]
  readonly meters: readonly MeterConfig[]
}

const q = queriesOver<FarmTables>()

export const farmStore = (db: Database.Database) => {
  const run = runnerOf(db)
  return {
    definition: async (): Promise<FarmDefinition> => ({
      sites: run
        .all(q.selectFrom('site').select('document').orderBy('position').orderBy('id'))
        .map((row) => Site.parse(JSON.parse(row.document))),
      machines: run.all(q.selectFrom('machine').selectAll().where('removed_at_ms', 'is', null).orderBy('id')).map((row) =>
        Machine.parse({
          id: row.id,
          siteId: row.site_id,
          name: row.name,
          rack: row.rack,
          position: row.position,
          address: row.address,
          apiPort: row.api_port,
          webPort: row.web_port,
          family: row.family,
          model: row.model,
          nameplateThs: row.nameplate_ths,
          nameplateW: row.nameplate_w,
          curtailment: row.curtailment,
        }),
      ),
      meters: run
        .all(q.selectFrom('meter').selectAll().where('removed_at_ms', 'is', null).orderBy('id'))
        .map((row) => ({ id: row.id, siteId: row.site_id, type: row.type, host: row.host, port: row.port, unitId: row.unit_id })),
    }),

    /** The farm as a whole, in one transaction: ids that are known keep their history, ids that are gone are marked removed. */
    define: async (farm: FarmDefinition, nowMs: number): Promise<void> => {
      db.transaction(() => {
        farm.sites.forEach((site, position) => {
          const row = { position, document: JSON.stringify(Site.parse(site)), updated_at_ms: nowMs }
          run.run(
            q
              .insertInto('site')
              .values({ id: site.id, ...row })
              .onConflict((c) => c.column('id').doUpdateSet(row)),
          )
        })
        run.run(q.updateTable('machine').set({ removed_at_ms: nowMs }).where('removed_at_ms', 'is', null))
        run.run(q.updateTable('meter').set({ removed_at_ms: nowMs }).where('removed_at_ms', 'is', null))
        for (const m of farm.machines) {
          const row = {
            site_id: m.siteId,
            name: m.name,
            rack: m.rack,
            position: m.position,
            address: m.address,
            api_port: m.apiPort,
            web_port: m.webPort,
            family: m.family,
            model: m.model,
            nameplate_ths: m.nameplateThs,
            nameplate_w: m.nameplateW,
            curtailment: m.curtailment,
            removed_at_ms: null,
          }
          run.run(
            q
              .insertInto('machine')
              .values({ id: m.id, ...row })
              .onConflict((c) => c.column('id').doUpdateSet(row)),
          )
        }
        for (const m of farm.meters) {
          const row = { site_id: m.siteId, type: m.type, host: m.host, port: m.port, unit_id: m.unitId, removed_at_ms: null }
          run.run(
            q
              .insertInto('meter')
              .values({ id: m.id, ...row })
              .onConflict((c) => c.column('id').doUpdateSet(row)),
          )
        }
      }).immediate()
    },
  }
}
