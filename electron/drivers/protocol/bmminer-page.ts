/**
 * The old status page of Bitmain's web interface, `get_miner_status.cgi`, as VolcMiner and Blackminer kept it: all
 * figures as text, some with thousands separators, the numbered keys of `stats` partly behind the first board's
 * frequency (`"freq":"560,fan_num=2,fan1=4730,…"`). Here it is laid out as `stats` is.
 */

import type { Responses } from '../driver.ts'
import { asFields, asLabel, asList, type Fields, own } from '../own-fields.ts'
import { page } from './bmminer-stats.ts'
import { splitOutside } from './cgminer-text.ts'
import { parseDeviceJson } from './malformed-json.ts'

const PATH = '/cgi-bin/get_miner_status.cgi'
/** More than 16 boards no firmware numbers; what a page may hold beside them is a few hundred keys. */
const MAX_DEVS = 16
const MAX_KEYS = 500
const MAX_PAIRS_TEXT = 8_192

/** `18,500.5` is 18500.5; `95,3` stays what it is, no number. */
export const ungrouped = (raw: unknown): unknown =>
  typeof raw === 'string' && /^\s*\d{1,3}(,\d{3})+(\.\d+)?\s*$/.test(raw)
    ? raw.replaceAll(',', '')
    : typeof raw === 'string'
      ? raw.trim()
      : raw

/** Pairs behind a frequency, commas inside brackets kept: `560,fan1=4730,chipTemp1=[92.77, 89.82],temp1=72|`. */
const pairs = (raw: unknown): [string, string][] =>
  splitOutside(typeof raw === 'string' ? raw.slice(0, MAX_PAIRS_TEXT).replace(/\|$/, '') : '')
    .slice(0, MAX_KEYS)
    .flatMap((part): [string, string][] => {
      const cut = part.indexOf('=')
      return cut > 0 ? [[part.slice(0, cut).trim(), part.slice(cut + 1).trim()]] : []
    })

/** A browser that saved the page puts its date and address above it, as comments. */
const uncommented = (responses: Responses): Responses =>
  Object.fromEntries(
    Object.entries(responses).map(([key, value]) => {
      if (!key.endsWith(PATH) || typeof value !== 'string') return [key, value]
      const parsed = parseDeviceJson(value.replace(/^[ \t]*\/\/[^\n]*$/gm, ''))
      return [key, 'value' in parsed ? parsed.value : value]
    }),
  )

/** Share counts have thousands separators here, too. */
const poolOf = (raw: unknown): Fields => {
  const pool = asFields(raw)
  return {
    url: own(pool, 'url'),
    user: own(pool, 'user'),
    status: own(pool, 'status'),
    accepted: ungrouped(own(pool, 'accepted')),
    rejected: ungrouped(own(pool, 'rejected')),
  }
}

export type StatusPage = { summary: Fields | null; pools: readonly (Fields | null)[] | null; stats: Fields; boardTemps: readonly unknown[] }
export const statusPage = (responses: Responses): StatusPage | null => {
  const found = page(responses, PATH) ?? page(uncommented(responses), PATH)
  if (!found) return null
  const devs = asList(own(found, 'devs')).slice(0, MAX_DEVS).map(asFields)
  const stats = new Map<string, unknown>()
  for (const key of Object.keys(found).slice(0, MAX_KEYS))
    if (/^[a-z]+(_[a-z]+)?\d{0,2}$/.test(key)) stats.set(key, ungrouped(own(found, key)))
  for (const dev of devs) {
    const index = asLabel(own(dev, 'index'))
    if (dev === null || index === null || !/^\d{1,2}$/.test(index)) continue
    for (const key of ['chain_acn', 'chain_acs', 'chain_rate'])
      if (own(dev, key) !== undefined) stats.set(`${key}${index}`, ungrouped(own(dev, key)))
  }
  for (const dev of devs) for (const [key, value] of pairs(own(dev, 'freq'))) if (!stats.has(key)) stats.set(key, ungrouped(value))
  const pools = own(found, 'pools')
  return {
    summary: asFields(own(found, 'summary')),
    pools: Array.isArray(pools) ? pools.map(poolOf) : null,
    stats: Object.fromEntries(stats),
    // One figure or a list of sensors; behind the figure of some firmwares stand the chips' (`72,chipTemp1=[…]`).
    boardTemps: devs.flatMap((dev) => {
      const temp = own(dev, 'temp')
      return Array.isArray(temp) ? temp.slice(0, 16).map(ungrouped) : [typeof temp === 'string' ? temp.split(/[,\s/-]/, 1)[0] : temp]
    }),
  }
}
