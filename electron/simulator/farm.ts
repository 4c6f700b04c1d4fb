import type { AddressInfo, Server, Socket } from 'node:net'
import { failed, ok, type Result } from '#shared/result.ts'
import { apiServer } from './api-port.ts'
import { chanceKey, drift } from './chance.ts'
import { DEMO_MACHINES, type DeviceFamily, demoSites, METER_UNIT_ID, meterId, type PlacedFarm, planMachines } from './demo-farm.ts'
import { antminer } from './devices/antminer.ts'
import { avalon } from './devices/avalon.ts'
import type { Dialect } from './devices/dialect.ts'
import { whatsminer } from './devices/whatsminer.ts'
import { machineAt, type SimulatedMachine, simulateMachine, siteDraw } from './machine-world.ts'
import { marketServer } from './market-server.ts'
import { marketWorld } from './market-world.ts'
import { meterServer } from './meter-port.ts'
import { type FaultRates, siteParameters } from './parameters.ts'
import { webFarm } from './web-port.ts'

/** The simulated farm at work: every device, meter and market source listening on loopback. */
export type OpenFarm = {
  readonly places: PlacedFarm
  readonly machines: readonly SimulatedMachine[]
  readonly marketPort: number
  close(): Promise<void>
}

const HOST = '127.0.0.1'
const dialects: Readonly<Record<DeviceFamily, Dialect>> = { antminer, whatsminer, avalon }
/** The meter of a thousand machines is read often; its sum is made once a second. */
const METER_FRESH_MS = 1000

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: HOST, port, backlog: 64 }, () => {
      server.removeListener('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })

export const openFarm = async (o: {
  readonly seed: number
  readonly machines?: number
  readonly families?: readonly DeviceFamily[] | null
  readonly faults: FaultRates
  /** The world's clock, UTC milliseconds: `Date.now`, one that was set, or one that stands still for a test. */
  readonly now: () => number
  /** null: any free ports. */
  readonly basePort?: number | null
}): Promise<Result<OpenFarm>> => {
  const count = o.machines ?? DEMO_MACHINES
  const machines = planMachines(count, o.families ?? null).map((m) => simulateMachine(o.seed, m))

  const servers: Server[] = []
  const sockets = new Set<Socket>()
  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  const momentOf = (m: SimulatedMachine) => {
    const ms = o.now()
    return { now: machineAt(o.seed, m, o.faults, ms), ms }
  }
  const web = webFarm(o.seed, momentOf, track)

  const close = async () => {
    web.close()
    const closed = servers.map((s) => new Promise<void>((resolve) => s.close(() => resolve())))
    for (const socket of sockets) socket.destroy()
    await Promise.all(closed)
  }

  let nextPort = o.basePort ?? 0
  const open = (server: Server): Promise<number> => {
    servers.push(server)
    return listen(server, o.basePort ? nextPort++ : 0)
  }

  const meterOf = (siteId: string) => {
    const own = machines.filter((m) => m.group.siteId === siteId)
    const site = siteParameters[siteId]
    if (!site) throw new Error(`no parameters for site ${siteId}`)
    const frequency = chanceKey(o.seed, 'frequency', siteId)
    let last: { ms: number; activeW: number } | null = null
    return () => {
      const ms = o.now()
      if (!last || Math.abs(ms - last.ms) >= METER_FRESH_MS) last = { ms, activeW: siteDraw(o.seed, siteId, own, o.faults, ms).meterW }
      return {
        activeW: last.activeW,
        voltageLl: site.meter.voltageLl,
        powerFactor: site.meter.powerFactor,
        frequencyHz: 60 + drift(frequency, { overMs: 30_000, sd: 0.012 }, ms),
      }
    }
  }

  try {
    const placed = await Promise.all(
      machines.map(async (m) => {
        const api = open(apiServer(m, dialects[m.group.family], momentOf, track))
        const page = m.group.family === 'antminer' ? open(web.server(m)) : null
        return [m.id, { host: HOST, apiPort: await api, webPort: page === null ? null : await page }] as const
      }),
    )
    const sites = demoSites.filter((site) => machines.some((m) => m.group.siteId === site.id))
    const meters = await Promise.all(
      sites.map(
        async (site) => [meterId(site.id), { host: HOST, port: await open(meterServer(METER_UNIT_ID, meterOf(site.id), track)) }] as const,
      ),
    )
    const marketPort = await open(marketServer(marketWorld(o.seed), o.now, track))
    return ok({
      places: {
        machineCount: count,
        families: o.families ?? null,
        machines: Object.fromEntries(placed),
        meters: Object.fromEntries(meters),
      },
      machines,
      marketPort,
      close,
    })
  } catch (error) {
    await close()
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EADDRINUSE')
      return failed('in-use', `The simulated farm needs ports from ${o.basePort} on and one of them is taken. Choose another --base-port.`)
    if (code === 'EMFILE' || code === 'ENFILE')
      return failed(
        'not-supported',
        `This system allows too few open sockets for ${count} simulated machines. Ask for fewer, or raise the limit.`,
      )
    return failed('not-supported', `The simulated farm could not start: ${error instanceof Error ? error.message : String(error)}`)
  }
}
