/**
 * Which family a device belongs to, from what it says of itself. One question (`version`) settles it on most machines
 * and its answer is not asked for again by the driver; the rest costs at most three more (hardware protocols 13).
 */
import { failed, ok, type Result } from '#shared/result.ts'
import { type Driver, isGone, type Link, type Probe, type Responses } from './driver.ts'
import { V3_PORT } from './protocol/btminer-v3.ts'
import { registry } from './registry.ts'
import { unknownCgminer } from './unknown-cgminer.ts'

/** So much of each answer is searched; a signature stands near its beginning. */
const SEARCHED = 100_000

/** Answers that were kept as text count as they are, not with their quotes escaped. */
export const probeOf = (responses: Responses, realm: string | null = null): Probe => ({
  text: Object.entries(responses)
    .map(([key, value]) => `${key} ${(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, SEARCHED)}`)
    .join('\n')
    .toUpperCase(),
  realm,
})

export const recognise = (probe: Probe): Driver | null => registry.find((d) => d.recognises(probe)) ?? null

/** Hammer, VolcMiner and Blackminer share a realm, not the login they leave the factory with; inside they name themselves. */
const byBlackMinerLogin = async (link: Link, known: () => Driver | null): Promise<Driver | null> => {
  const logins = ['root', 'ltc@dog'].map((password) => link.login({ user: 'root', password }))
  const tried = new Set<string>()
  for (const login of logins) {
    // A login that somebody entered is the only one, and one that was refused is not tried again.
    const same = `${login.user}\n${login.password}`
    if (tried.has(same)) continue
    tried.add(same)
    if ((await link.web('/cgi-bin/get_system_info.cgi', login)).ok) break
  }
  return known()
}

export const identify = async (link: Link): Promise<Result<Driver>> => {
  const known = () => recognise(probeOf(link.responses(), link.realm()))
  // The one port whose protocol is known by its number: a JSON question would be taken for a length there.
  const onV3 = async (): Promise<Driver | null> => ((await link.framed('get.device.info')).ok ? known() : null)
  if (link.address.apiPort === V3_PORT) {
    const info = await link.framed('get.device.info')
    const found = info.ok ? known() : null
    return found ? ok(found) : info.ok ? failed('not-supported', `${link.address.host}: no known family answers on port ${V3_PORT}`) : info
  }
  const version = await link.rpc('version')
  const byVersion = version.ok ? known() : null
  if (byVersion) return ok(byVersion)

  // Nothing listens there, or the miner process is down: the start page names its firmware, stock Antminers by their realm.
  const onWeb = async (): Promise<Driver | null> => {
    if (link.address.webPort === null) return null
    const start = await link.web('/', undefined, { page: true })
    if (/^blackminer/i.test(link.realm() ?? '')) return await byBlackMinerLogin(link, known)
    const found = known()
    if (found || (isGone(start) && start.failure.kind !== 'refused')) return found
    // Start pages that are packed, or name nobody: the page of its figures does. A digest realm is none of theirs.
    for (const path of link.realm() === null ? ['/api/system/info', '/mcb/status'] : []) {
      const said = (await link.web(path)).ok ? known() : null
      if (said) return said
    }
    return known()
  }
  if (!version.ok && version.failure.kind === 'unreachable') {
    const found = (await onWeb()) ?? (await onV3())
    return found ? ok(found) : version
  }
  const servesHttp = !version.ok && version.failure.message.includes('a web server answers here')
  if (isGone(version)) return version
  // ePIC serves HTTP on this very port.
  const onApiPort = async (): Promise<Driver | null> => {
    await link.web('/summary', undefined, { port: 4028 })
    return known()
  }
  const byHttp = servesHttp ? await onApiPort() : null
  if (byHttp) return ok(byHttp)
  // It answers, but not as JSON does or without a name: Avalon in text form, btminer by its drivers or its own command.
  const askers = [() => link.text('version'), () => link.rpc('devdetails'), () => link.rpc('get_version')]
  for (const asker of servesHttp ? [] : version.ok ? askers.slice(1) : askers) {
    const answer = await asker()
    if (isGone(answer)) return version.ok ? ok(unknownCgminer) : version
    const found = answer.ok ? known() : null
    if (found) return ok(found)
  }
  // A machine whose cgminer names nobody may do so on its start page.
  const found = (await onWeb()) ?? (version.ok || servesHttp ? null : await onApiPort())
  if (found) return ok(found)
  return version.ok || link.spoken() !== null ? ok(unknownCgminer) : version
}
