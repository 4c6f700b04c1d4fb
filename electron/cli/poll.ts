/** `hashyard poll HOST[:PORT]`: identifies and reads one device now. */
import { readNumber } from '#shared/read-number.ts'
import { failed, ok } from '#shared/result.ts'
import { DEVICE_DEADLINE_MS, readDevice } from '../drivers/read-device.ts'
import { furtherPortsOf } from '../drivers/registry.ts'
import { deviceEgress } from '../net/egress.ts'
import { isIpv6 } from '../net/ip-address.ts'
import { type Command, type ExitCode, printJson, wrongUsage } from './command.ts'
import { readingJson } from './reading-json.ts'
import { readingText } from './reading-text.ts'

const CGMINER_PORT = 4028
const WEB_PORT = 80

const portOf = (text: string): number | null => {
  const port = /^\d{1,5}$/.test(text) ? readNumber(text, { min: 1, max: 65_535 }) : null
  return port
}

/** `10.0.0.5`, `10.0.0.5:4028`, `miner-7.farm:4028`, `[2001:db8::5]:4028`. */
export const parsePlace = (text: string): { host: string; port: number | null } | null => {
  if (isIpv6(text)) return { host: text, port: null }
  const cut = /^(?:\[([0-9a-f:.%\w]+)\]|([^\s:[\]/@]+))(?::(\d+))?$/i.exec(text)
  const host = cut?.[1] ?? cut?.[2]
  if (!host || (cut?.[1] !== undefined && !isIpv6(host))) return null
  if (cut?.[3] === undefined) return { host, port: null }
  const port = portOf(cut[3])
  return port === null ? null : { host, port }
}

export const command: Command = {
  name: 'poll',
  usage: 'poll HOST[:PORT] [--family F] [--user U --password-env VAR] [--web-port P]',
  options: { family: { type: 'string' }, user: { type: 'string' }, 'password-env': { type: 'string' }, 'web-port': { type: 'string' } },
  run: async (c) => {
    const { args, flags, json, allowLoopback, now, out, signal } = c
    const wrong = (message: string, field?: string): ExitCode =>
      wrongUsage(failed('invalid-input', message, field === undefined ? {} : { field }).failure, c, command.usage)
    const [target, ...rest] = args
    if (target === undefined || rest.length > 0) return wrong('poll wants one address, such as 10.0.0.5 or 10.0.0.5:4028')
    const place = parsePlace(target)
    if (!place) return wrong(`"${target}" is not an address with an optional port`)
    const webPort = typeof flags['web-port'] === 'string' ? portOf(flags['web-port']) : WEB_PORT
    if (webPort === null) return wrong('--web-port wants a port from 1 to 65535', 'web-port')
    const passwordName = flags['password-env']
    // The password comes by an environment variable: an argument would stand in the process list.
    const password = typeof passwordName === 'string' ? process.env[passwordName] : undefined
    if ((typeof flags.user === 'string') !== (typeof passwordName === 'string'))
      return wrong('--user and --password-env belong together', 'user')
    if (typeof passwordName === 'string' && password === undefined)
      return wrong(`the environment variable ${passwordName} is not set`, 'password-env')

    const address = { host: place.host, apiPort: place.port ?? CGMINER_PORT, webPort }
    const family = typeof flags.family === 'string' ? flags.family : null
    const ports = new Set([address.apiPort, webPort, ...furtherPortsOf(family)])
    const reading = await readDevice({
      address,
      family,
      egress: deviceEgress({
        allows: (host, port) => host === address.host && ports.has(port),
        allowLoopback,
      }),
      deadlineMs: DEVICE_DEADLINE_MS,
      now,
      ...(typeof flags.user === 'string' && password !== undefined ? { credentials: { user: flags.user, password } } : {}),
      signal,
    })
    if (!reading.ok) return reading
    if (json) printJson(out, readingJson(reading.value))
    else out(readingText(reading.value))
    return ok(undefined)
  },
}
