import { failed, ok } from '#shared/result.ts'
import { readVersion } from '../installation.ts'
import { openRecordedFarm } from '../planner/from-store.ts'
import { type Command, printJson, wrongUsage } from './command.ts'
import { reportJson } from './report-json.ts'
import { reportText } from './report-text.ts'

/** Reads the data folder only: works while another process polls into it. */
export const command: Command = {
  name: 'report',
  usage: 'report [--site ID] [--demo]',
  options: { site: { type: 'string' } },
  run: async (c) => {
    if (c.args[0] !== undefined) return wrongUsage(failed('invalid-input', `report takes no "${c.args[0]}"`).failure, c, command.usage)
    const opened = await openRecordedFarm({ dataDir: c.dataDir, demo: c.demo, now: c.now })
    if (!opened.ok) return opened
    const farm = opened.value
    try {
      const { sites, asOfMs } = farm.planner.reports()
      const wanted = c.flags.site === undefined ? sites : sites.filter((s) => s.id === c.flags.site)
      if (wanted.length === 0)
        return failed('not-found', `no site "${String(c.flags.site)}"; there are ${sites.map((s) => s.id).join(', ')}`, { field: 'site' })
      if (c.json) printJson(c.out, reportJson({ sites: wanted, version: readVersion(), demo: farm.demo, asOfMs }))
      else c.out(reportText({ sites: wanted, demo: farm.demo }))
      return ok(undefined)
    } finally {
      farm.close()
    }
  },
}
