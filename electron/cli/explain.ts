import { FigureId } from '#shared/decision/figure.ts'
import { failed, ok } from '#shared/result.ts'
import { openRecordedFarm } from '../planner/from-store.ts'
import { type Command, printJson, wrongUsage } from './command.ts'
import { explainText } from './explain-text.ts'

/** How a figure of `report` came about: from the data folder, as the report itself is. */
export const command: Command = {
  name: 'explain',
  usage: 'explain FIGURE [--site ID] [--demo] | explain --list',
  options: { site: { type: 'string' }, list: { type: 'boolean' } },
  run: async (c) => {
    if (c.flags.list === true) {
      if (c.json) printJson(c.out, FigureId.options)
      else c.out(`${FigureId.options.join('\n')}\n`)
      return ok(undefined)
    }
    const [name, more] = c.args
    const figure = FigureId.safeParse(name)
    if (more !== undefined)
      return wrongUsage(failed('invalid-input', `explain takes one figure, not "${more}" too`).failure, c, command.usage)
    if (!figure.success)
      return wrongUsage(
        failed('invalid-input', `${name === undefined ? 'which figure?' : `no figure "${name}"`} explain --list names them`, {
          field: 'figure',
        }).failure,
        c,
        command.usage,
      )
    const opened = await openRecordedFarm({ dataDir: c.dataDir, demo: c.demo, now: c.now })
    if (!opened.ok) return opened
    const farm = opened.value
    try {
      const { sites } = farm.planner.reports()
      const wanted = c.flags.site === undefined ? sites : sites.filter((s) => s.id === c.flags.site)
      if (wanted.length === 0)
        return failed('not-found', `no site "${String(c.flags.site)}"; there are ${sites.map((s) => s.id).join(', ')}`, { field: 'site' })
      const explained = wanted.flatMap((s) => farm.planner.explain(s.id, [figure.data], {}) ?? [])
      if (!c.json) for (const e of explained) c.out(explainText(e, sites.find((s) => s.id === e.siteId)?.name ?? e.siteId))
      // One site asked for is one document; without, a list of all.
      else if (c.flags.site === undefined) printJson(c.out, explained)
      else for (const e of explained) printJson(c.out, e)
      return ok(undefined)
    } finally {
      farm.close()
    }
  },
}
