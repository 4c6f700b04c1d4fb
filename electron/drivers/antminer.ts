/**
 * Bitmain stock firmware, S9 to S21 and their relatives of other algorithms: cgminer JSON on TCP 4028 and CGI pages
 * behind HTTP digest (hardware protocols 3). The API gives rates, temperatures and fans without a login; whether a
 * machine that does not hash was put to sleep is only in `get_miner_conf.cgi`.
 */
import { readNumber } from '#shared/read-number.ts'
import type { Result } from '#shared/result.ts'
import { type Credentials, driver, isFirstContact, isGone, type Link, type Responses } from './driver.ts'
import { asText, own, ownOf } from './own-fields.ts'
import { bmminerReading, CONF, POWER_KEYS, SYSTEM, WEB_POOLS } from './protocol/bmminer-reading.ts'
import { statsOf, WEB_STATS } from './protocol/bmminer-stats.ts'

/** What the machine leaves the factory with; used only where a read needs a login and none was entered. */
const FACTORY_LOGIN: Credentials = { user: 'root', password: 'root' }

const OLD_STATUS = '/cgi-bin/get_miner_status.cgi'
const POWER_PORT = 6060

/** Firmwares of others that also call themselves Antminer; their figures mean other things. */
const OTHER_FIRMWARE =
  /LUXMINER|BOSMINER|BOSER|BRAIINS|VNISH|ANTHILLOS|HIVEON|MARAFW|KAONSU|MSKMINER|RWGLR|XMINER|UNIPLUS|HAMMER|BLACKMINER|VOLCMINER|DAOGE/
/** Where stock firmware names its hardware: VERSION (`Type`), its pages (`minertype`, `miner_type`). */
const SAYS_ANTMINER = /"(TYPE|MINERTYPE|MINER_TYPE)":\s*"ANTMINER/

/** Does the API's own answer leave open whether the machine was put to sleep? Only then is the web page asked. */
const mayBeAsleep = (responses: Responses): boolean => {
  const stats = statsOf(responses)?.stats ?? null
  const rate = ownOf(stats, 'GHS 5s', 'rate_5s')
  return own(stats, 'Mode') !== 254 && (readNumber(rate, { min: 0, max: Number.MAX_VALUE }) ?? 0) === 0
}

/** Only these firmwares have a page of watts beside the API (3.4); on any other the port is closed. */
const HAS_POWER_PAGE = /S19 ?XP\+? ?HYD|S21/i
const askPower = async (link: Link, mayNotHash: boolean): Promise<void> => {
  const sources = statsOf(link.responses())
  const type = asText(ownOf(sources?.block, 'Type', 'type')) ?? ''
  if (!HAS_POWER_PAGE.test(type) || ownOf(sources?.stats, ...POWER_KEYS) !== undefined) return
  const power = await link.web('/miner_power', undefined, { port: POWER_PORT })
  // Why it does not hash is worth a question only while it does not.
  if (power.ok && mayNotHash) await link.web('/warning', undefined, { port: POWER_PORT })
}

/** Two requests for a machine that hashes (`stats`, `pools`), more only where these leave a question open. */
const ask = async (link: Link): Promise<Result<void>> => {
  const isNew = isFirstContact(link)
  const hasWeb = link.address.webPort !== null
  const stats = await link.rpc('stats')
  if (stats.ok) {
    const open = mayBeAsleep(link.responses())
    await link.rpc('pools')
    if (hasWeb && open) await link.web(CONF, FACTORY_LOGIN)
    if (hasWeb && isNew) await link.web(SYSTEM, FACTORY_LOGIN)
    await askPower(link, open)
    return { ok: true, value: undefined }
  }
  // A machine that sleeps, boots or lost its miner process may answer on its web page alone. One that takes a
  // connection and then says nothing has used up its time.
  if (stats.failure.kind === 'timeout' || !hasWeb) return stats
  const web = await link.web(WEB_STATS, FACTORY_LOGIN)
  if (!web.ok && web.failure.kind === 'refused') return web
  if (web.ok) await link.web(WEB_POOLS, FACTORY_LOGIN)
  // Firmware of the S9 and S17 has one page for everything.
  else if (isGone(web) || !(await link.web(OLD_STATUS, FACTORY_LOGIN)).ok) return stats
  await link.web(CONF, FACTORY_LOGIN)
  await link.web(SYSTEM, FACTORY_LOGIN)
  return { ok: true, value: undefined }
}

export const antminer = driver({
  family: 'antminer',
  furtherPorts: [POWER_PORT],
  recognises: ({ text, realm }) => (SAYS_ANTMINER.test(text) && !OTHER_FIRMWARE.test(text)) || /^antminer/i.test(realm ?? ''),
  ask,
  parse: bmminerReading,
})
