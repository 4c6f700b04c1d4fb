/** The shipped scenarios (`economics.md` 7), one data file each; what is changed or added there needs a line here. */
import aiBust from './library/ai-bust.json' with { type: 'json' }
import aiCrowdOut15 from './library/ai-crowd-out-15.json' with { type: 'json' }
import aiCrowdOut25 from './library/ai-crowd-out-25.json' with { type: 'json' }
import aiCrowdOut40 from './library/ai-crowd-out-40.json' with { type: 'json' }
import china2021 from './library/china-2021.json' with { type: 'json' }
import cost88k from './library/cost-88k.json' with { type: 'json' }
import halving2028Flat from './library/halving-2028-flat.json' with { type: 'json' }
import halving2028Plus50 from './library/halving-2028-plus-50.json' with { type: 'json' }
import oil100 from './library/oil-100.json' with { type: 'json' }
import recovery from './library/recovery.json' with { type: 'json' }
import retarget776Flat from './library/retarget-7.76-flat.json' with { type: 'json' }
import retarget776Rebound from './library/retarget-7.76-rebound.json' with { type: 'json' }
import seed2026 from './library/seed-2026.json' with { type: 'json' }
import winterStorm from './library/winter-storm.json' with { type: 'json' }
import { readScenario, type Scenario } from './scenario.ts'

const files: readonly unknown[] = [
  seed2026,
  cost88k,
  oil100,
  retarget776Flat,
  retarget776Rebound,
  recovery,
  china2021,
  aiCrowdOut15,
  aiCrowdOut25,
  aiCrowdOut40,
  aiBust,
  halving2028Flat,
  halving2028Plus50,
  winterStorm,
]

/** In the order of the specification's table. A shipped file that is no scenario is our own mistake. */
export const shippedScenarios: readonly Scenario[] = files.map((file) => {
  const read = readScenario(file)
  if (!read.ok) throw new Error(`a shipped scenario: ${read.failure.message}`)
  return read.value
})
