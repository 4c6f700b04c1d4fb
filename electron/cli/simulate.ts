/** `simulate`: the demo's devices, meters and market on loopback for whoever wants to point a poller at them, until stopped. */
import { readNumber } from '#shared/read-number.ts'
import { failed, ok, type Result } from '#shared/result.ts'
import { DEMO_MACHINES, type DeviceFamily, demoGroups } from '../simulator/demo-farm.ts'
import { type OpenFarm, openFarm } from '../simulator/farm.ts'
import { FAULTS_USAGE, readFaults } from '../simulator/faults.ts'
import { type Command, DONE, type Flags, printJson, reportFailure, WRONG_USAGE, wrongUsage } from './command.ts'

const FAMILIES: readonly DeviceFamily[] = [...new Set(demoGroups.map((g) => g.family))]
/** Two sockets a machine at most; more than this and ports run out before machines do. */
const MOST_MACHINES = 20_000

type Wanted = {
  readonly machines: number
  readonly families: readonly DeviceFamily[] | null
  readonly basePort: number | null
  readonly faults: string
}

const readWanted = (flags: Flags): Result<Wanted> => {
  const whole = (name: string, most: number): Result<number | null> => {
    if (flags[name] === undefined) return ok(null)
    const n = readNumber(flags[name], { min: 1, max: most })
    return n !== null && Number.isInteger(n)
      ? ok(n)
      : failed('invalid-input', `--${name} wants a whole number from 1 to ${most}`, { field: name })
  }
  const machines = whole('miners', MOST_MACHINES)
  if (!machines.ok) return machines
  const basePort = whole('base-port', 65_535)
  if (!basePort.ok) return basePort
  const named = typeof flags.families === 'string' ? flags.families.split(',').map((f) => f.trim()) : null
  const families = named?.flatMap((name) => FAMILIES.filter((f) => f === name)) ?? null
  const unknown = named?.find((name) => !FAMILIES.some((f) => f === name))
  if (unknown !== undefined)
    return failed('invalid-input', `No simulated family "${unknown}". There are: ${FAMILIES.join(', ')}`, { field: 'families' })
  return ok({
    machines: machines.value ?? DEMO_MACHINES,
    families,
    basePort: basePort.value,
    faults: typeof flags.faults === 'string' ? flags.faults : 'none',
  })
}

/** The map of addresses, as `cli.md` names its fields. */
export const addressMap = (farm: OpenFarm) => ({
  devices: farm.machines.flatMap(({ id, group }) => {
    const place = farm.places.machines[id]
    return place
      ? [{ id, family: group.family, model: group.model, host: place.host, api_port: place.apiPort, web_port: place.webPort }]
      : []
  }),
  meters: Object.entries(farm.places.meters).map(([id, place]) => ({
    id,
    type: 'schneider-pm5xxx',
    host: place.host,
    port: place.port,
    unit_id: 1,
  })),
  market: `http://127.0.0.1:${farm.marketPort}`,
})

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

export const command: Command = {
  name: 'simulate',
  usage: [
    'simulate [--miners N] [--families a,b] [--base-port P] [--faults F]',
    `  families: ${FAMILIES.join(', ')} (default all); N defaults to ${DEMO_MACHINES}`,
    '  base-port: devices, meters and market take ports from P on (default any free port)',
    `  faults: ${FAULTS_USAGE} (default none)`,
    '  Prints one JSON map of addresses and serves until stopped. Antminer pages ask for root/root.',
  ].join('\n'),
  options: {
    miners: { type: 'string' },
    families: { type: 'string' },
    'base-port': { type: 'string' },
    faults: { type: 'string' },
  },
  run: async (c) => {
    if (c.args[0] !== undefined) return wrongUsage(failed('invalid-input', `simulate takes no "${c.args[0]}"`).failure, c, command.usage)
    const wanted = readWanted(c.flags)
    const faults = wanted.ok ? readFaults(wanted.value.faults) : wanted
    if (!wanted.ok || !faults.ok) {
      if (!faults.ok) reportFailure(faults.failure, c)
      return WRONG_USAGE
    }
    const farm = await openFarm({
      seed: c.seed,
      machines: wanted.value.machines,
      families: wanted.value.families,
      basePort: wanted.value.basePort,
      faults: faults.value,
      now: c.now,
    })
    if (!farm.ok) return farm
    printJson(c.out, addressMap(farm.value))
    c.err(`${farm.value.machines.length} simulated machines on 127.0.0.1 until stopped\n`)
    await aborted(c.signal)
    await farm.value.close()
    return DONE
  },
}
