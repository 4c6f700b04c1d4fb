/** `hashyard scenario`: what a scenario means by month, and for the fleet of a site file what it leads to. */
import { join } from 'node:path'
import { failed, ok } from '#shared/result.ts'
import { readScenarios } from '../planner/scenario-files.ts'
import { farmFolder } from '../store/data-folder.ts'
import { type Command, printJson, wrongUsage } from './command.ts'
import { scenarioAnswer } from './scenario-answer.ts'
import { baseOptions } from './scenario-base.ts'
import { scenarioJson, shelfJson } from './scenario-json.ts'
import { listText, scenarioText } from './scenario-text.ts'

export const command: Command = {
  name: 'scenario',
  usage:
    'scenario --list | scenario ID [--site-file FILE.json] [--price USD] [--difficulty D] [--network-ehs N] [--height N] [--fees BTC] [--power-price USD] [--lease USD]',
  options: { list: { type: 'boolean' }, 'site-file': { type: 'string' }, ...baseOptions },
  run: async (c) => {
    const [id, ...rest] = c.args
    const wantsList = c.flags.list === true
    if (rest.length > 0 || (id === undefined) !== wantsList)
      return wrongUsage(failed('invalid-input', 'scenario takes one id, or --list').failure, c, command.usage)
    const shelf = await readScenarios(join(farmFolder(c.dataDir, c.demo), 'scenarios'), c.signal)
    if (!shelf.ok) return shelf
    const { known, bad } = shelf.value
    if (wantsList) {
      if (c.json) printJson(c.out, shelfJson(shelf.value))
      else c.out(listText(known))
      for (const b of bad) c.err(`hashyard: ${b.failure.message}\n`)
      return ok(undefined)
    }
    const mistaken = bad.find((b) => b.ids.includes(id ?? ''))
    if (mistaken !== undefined) return { ok: false, failure: mistaken.failure }
    const wanted = known.find((k) => k.scenario.id === id)
    if (wanted === undefined)
      return failed('not-found', `no scenario "${id}"; there are ${known.map((k) => k.scenario.id).join(', ')}`, { field: 'id' })
    const answer = await scenarioAnswer(c, wanted)
    if (!answer.ok) return answer
    if (c.json) printJson(c.out, scenarioJson(answer.value, shelf.value))
    else c.out(scenarioText(answer.value))
    for (const b of bad) c.err(`hashyard: ${b.failure.message}\n`)
    return ok(undefined)
  },
}
