/**
 * Canaan Avalon, A10 to A15 and Q, and the 7xx–9xx controllers with many modules (hardware protocols 5). cgminer in JSON
 * or text form; the telemetry of each module is one string of `Key[values]` under `MM ID…`.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { readNumber } from '#shared/read-number.ts'
import { failed, type Result } from '#shared/result.ts'
import { thFromGh, thFromMh } from '#shared/units.ts'
import { driver, isGone, type Link, makeReading, type Responses } from './driver.ts'
import { CHIPS, FAN_PCT, FAN_RPM, makeFigures, POWER_W, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { asLabel, asText, type Fields, isMac, own, ownOf } from './own-fields.ts'
import { readPools } from './pools.ts'
import { section } from './protocol/cgminer.ts'

/** MiningOS leaves its Avalons this long between two requests. */
const GAP_MS = 50
const TELEMETRY = ['estats', 'stats', 'litestats'] as const
/** An AUC chain of the 9xx carries 5 modules on each of 10 buses. */
const MAX_MODULES = 256

/** One module's telemetry: key to its values. `SYSTEMSTATU` is free text; the rest are numbers with spaces between. */
type Module = { values: ReadonlyMap<string, readonly string[]>; words: ReadonlyMap<string, string> }

const readModule = (text: string): Module => {
  const values = new Map<string, readonly string[]>()
  const words = new Map<string, string>()
  for (const [, key = '', inside = ''] of text.matchAll(/(\w+)\[([^\]]*)\]/g)) {
    if (words.has(key)) continue
    words.set(key, inside.trim())
    values.set(key, inside.trim() === '' ? [] : inside.trim().split(/\s+/))
  }
  return { values, words }
}

const modulesOf = (members: readonly (Fields | null)[] | null): { modules: Module[]; uptime: unknown } => {
  const modules: Module[] = []
  let uptime: unknown
  for (const member of members ?? []) {
    for (const key of Object.keys(member ?? {})) {
      // `MM ID0` on all but the Q, which nests it under `MM ID0:Summary` (its PVT maps under `HBinfo`).
      const text = /^MM ID\d+(:Summary)?$/.test(key) ? own(member, key) : undefined
      if (typeof text !== 'string' || modules.length >= MAX_MODULES) continue
      modules.push(readModule(text))
      uptime ??= own(member, 'Elapsed')
    }
  }
  return { modules, uptime }
}

/** Telemetry from whichever of the commands the firmware fills: `stats` is empty on some, `estats` unknown to others. */
const telemetryOf = (responses: Responses) => {
  for (const command of TELEMETRY) {
    const found = modulesOf(section(responses, command))
    if (found.modules.length > 0) return found
  }
  return null
}

/**
 * `1246-83-21072802_4ec6bb0` is model 1246-83 and its firmware; `Q-25052801_14a19a2` the Q; `7411706-3162860` model 741
 * with firmware 7411706-3162860.
 */
const fromVer = (ver: string | undefined): { model: string | null; firmware: string | null } => {
  const named = /^(.+?)-(\d{8}_.+)$/.exec(ver ?? '')
  if (named) return { model: /^\d/.test(named[1] ?? '') ? `AvalonMiner ${named[1]}` : `Avalon ${named[1]}`, firmware: named[2] ?? null }
  const old = /^(\d{3})\d{4}-/.exec(ver ?? '')
  return { model: old ? `AvalonMiner ${old[1]}` : null, firmware: asText(ver) }
}

/** 0000… and `<DELETED>` are no serial numbers. */
const serialOf = (raw: unknown): string | null => {
  const text = asText(raw)
  return text !== null && /^[0-9a-f]{8,64}$/i.test(text) && /[^0]/.test(text) ? text : null
}

const anyNumber = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE }

/** Flags that are not 0: hash units, controller, power supply (bit 7 of a hash unit means too hot). */
const flagsOf = (modules: readonly Module[]): { code: string; message: string }[] =>
  modules
    .flatMap(({ values }, m) => {
      const raised = (key: string) =>
        (values.get(key) ?? []).map((raw, i) => ({ i, n: readNumber(raw, anyNumber) ?? 0 })).filter(({ n }) => n !== 0)
      const at = modules.length > 1 ? `module ${m + 1}, ` : ''
      return [
        ...raised('ECHU').map(({ i, n }) => ({
          code: `ECHU${i}:${n}`,
          message: `${at}hash unit ${i + 1} raises flag ${n}${n & 128 ? ' (too hot)' : ''}`,
        })),
        ...raised('ECMM').map(({ n }) => ({ code: `ECMM:${n}`, message: `${at}the controller raises flag ${n}` })),
        ...raised('PS')
          .slice(0, 1)
          .filter(({ i }) => i === 0)
          .map(({ n }) => ({ code: `PS:${n}`, message: `${at}the power supply raises flag ${n}` })),
      ]
    })
    .slice(0, 64)

const parse = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const telemetry = telemetryOf(responses)
  const summary = section(responses, 'summary')?.[0] ?? null
  if (!telemetry && !summary) return failed('unexpected-reply', 'the answers hold no telemetry and no summary of an Avalon')
  const modules = telemetry?.modules ?? []
  const version = section(responses, 'version')?.[0] ?? null

  const lists = (key: string): readonly string[] => modules.flatMap(({ values }) => values.get(key) ?? [])
  /** Sum over all modules; unknown as soon as one of them does not say. */
  const total = (key: string, index = 0): number | null => {
    const parts = modules.map(({ values }) => readNumber(values.get(key)?.[index], anyNumber))
    return parts.length === 0 || parts.includes(null) ? null : parts.reduce<number>((sum, n) => sum + (n ?? 0), 0)
  }
  const gh = (key: string) => ({ field: key, raw: total(key), toThs: thFromGh })
  const mh = (key: string) => ({ field: key, raw: own(summary, key), toThs: thFromMh })

  const expected = figures.rate(gh('GHSmm'), null)
  const expectedThs = expected !== null && expected > 0 ? expected : null
  const candidates = [gh('GHSspd'), ...['MHS 5s', 'MHS 30s', 'MHS 1m', 'MHS 5m', 'MHS 15m'].map(mh)].filter(
    ({ raw }) => raw !== undefined && raw !== null && raw !== '',
  )
  const current = figures.mostCurrent(candidates, expectedThs)
  const average = figures.rate(total('GHSavg') === null ? mh('MHS av') : gh('GHSavg'), expectedThs)

  const all = (key: string) => lists(key)
  const read = (key: string) => figures.numbers(key, all(key), TEMPERATURE_C, '°C', { dropZero: true })
  const inlets = modules.map(({ values }) => values.get('Temp')?.[0] ?? values.get('ITemp')?.[0])
  const inletTemps = figures.numbers('Temp', inlets, TEMPERATURE_C, '°C', { dropZero: true })
  const boardAverages = read('MTavg')
  const chipMaxima = boardAverages.length > 0 ? read('MTmax') : read('TMax')
  // Modules of the 7xx–9xx know one figure for all their chips, the hottest.
  const boardTemps = boardAverages

  const works = modules.map(({ words }) => words.get('SYSTEMSTATU') ?? '')
  const softOff = modules.map(({ values }) => readNumber(values.get('SoftOFF')?.[0], anyNumber))
  const switchedOff = softOff.some((n) => n !== null) ? softOff.every((n) => n !== null && n !== 0) : null
  const idle = works.length > 0 && works.every((w) => /In Idle/i.test(w))
  // Switched off and idle: both of its own flags against any figure that an average or a counter may still show.
  const surelyAsleep = switchedOff === true && idle
  const contradicts = surelyAsleep && current !== null && current > 0
  if (contradicts) figures.problem('hashrate_ths', 'a machine that is switched off does not hash', candidates[0]?.raw)
  const seen = machineState({
    asleep: switchedOff,
    rate: contradicts ? 0 : current,
    expected: expectedThs,
    ratesUnbelieved: !surelyAsleep && current === null && figures.problems.some((p) => p.reason.startsWith('implausible')),
    hottestC: hottest(boardTemps, chipMaxima),
  })
  const asleep = seen.state === 'sleeping'
  const standIn = !asleep && candidates.length === 0 && average !== null
  if (standIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', total('GHSavg') ?? own(summary, 'MHS av'))

  const fansRpm = figures.numbers(
    'Fan',
    modules.flatMap(({ values }) => [...values].flatMap(([key, list]) => (/^Fan\d*$/.test(key) ? list.slice(0, 1) : []))),
    FAN_RPM,
    'rpm',
  )
  const fansPct = figures.numbers(
    'FanR',
    all('FanR').map((raw) => raw.replace(/%$/, '')),
    FAN_PCT,
    '%',
  )

  // WALLPOWER where the firmware has it, else the fifth figure of PS[], 0 included. PS[5] and MPO are targets and
  // limits: taking them for a measurement reports 2,245 W for a sleeping Q.
  const measured = figures.number('WALLPOWER', total('WALLPOWER') ?? total('PS', 4), POWER_W, 'W')
  const noPower = measured === 0 && seen.isMining === true
  if (noPower) figures.problem('PS[4]', '0 W from a machine that hashes is not a measurement', 0)

  const boardsIn = ({ values, words }: Module): number | null => {
    const listed = values.get('MGHS') ?? values.get('MTavg')
    if (listed && listed.length > 0) return listed.length
    const said = readNumber(/Hash Board:\s*(\d+)/i.exec(words.get('SYSTEMSTATU') ?? '')?.[1], { min: 0, max: 64 })
    return said ?? (values.get('MW')?.length || null)
  }
  const boardCounts = modules.map(boardsIn)
  const boardChips = modules.flatMap((module, i) => {
    const chips = figures.number('TA', module.values.get('TA')?.[0], CHIPS, 'chips')
    const boards = boardCounts[i] ?? null
    if (chips === null || chips === 0) return []
    return boards !== null && boards > 0 && chips % boards === 0 ? new Array<number>(boards).fill(chips / boards) : [chips]
  })
  const ver = fromVer(modules[0]?.words.get('Ver'))
  const mac = asText(own(version, 'MAC'))
  if (mac !== null && !isMac(mac)) figures.problem('mac', 'not a hardware address', mac)
  const errors = flagsOf(modules)
  if (seen.state === 'overheated') errors.push({ code: 'heat', message: `stopped at ${hottest(boardTemps, chipMaxima)} °C` })

  return makeReading(
    { family: 'avalon', protocol: 'cgminer-avalon', ...seen, observedAtMs, problems: figures.problems },
    {
      model: asText(own(version, 'PROD')) ?? ver.model,
      firmwareVersion: ver.firmware ?? asText(ownOf(version, 'VERSION', 'LVERSION', 'CGVERSION')),
      apiVersion: asLabel(own(version, 'API')),
      mac: mac !== null && isMac(mac) ? mac : null,
      serial: serialOf(own(version, 'DNA')) ?? (modules.length === 1 ? serialOf(modules[0]?.words.get('DNA')) : null),
      hashrateThs: contradicts ? null : (current ?? (asleep ? 0 : standIn ? average : null)),
      hashrateAvgThs: average,
      expectedHashrateThs: expectedThs,
      wattageW: noPower ? null : measured,
      wattageSource: noPower || measured === null ? null : 'reported',
      powerTargetW: figures.number('MPO', total('MPO'), POWER_W, 'W'),
      envTempC: modules.length === 1 ? (inletTemps[0] ?? null) : null,
      boardTempsC: boardTemps,
      chipTempsC: chipMaxima,
      allTempsC: [...inletTemps, ...(boardAverages.length > 0 ? boardAverages : chipMaxima)],
      fansRpm,
      fansPct,
      fanCount: fansRpm.length > 0 ? fansRpm.length : fansPct.length > 0 ? fansPct.length : null,
      boardCount: boardCounts.length === 0 || boardCounts.includes(null) ? null : boardCounts.reduce<number>((sum, n) => sum + (n ?? 0), 0),
      boardChips,
      uptimeS: figures.number('Elapsed', telemetry?.uptime ?? modules[0]?.words.get('Elapsed') ?? own(summary, 'Elapsed'), UPTIME_S, 's'),
      ...readPools(figures, section(responses, 'pools')),
      hasErrors: modules.length === 0 ? null : errors.length > 0,
      errors,
    },
  )
}

const ask = async (link: Link): Promise<Result<void>> => {
  // The text form first: it is what every generation knows and what `nan` and stray braces cannot break.
  if (link.spoken() === null) {
    const version = await link.text('version')
    if (isGone(version)) return version
    if (!version.ok) {
      const json = await link.rpc('version')
      if (!json.ok) return json
    }
    await pause(GAP_MS)
  }
  const one = (command: string) => (link.spoken() === 'json' ? link.rpc(command) : link.text(command))
  let last: Result<unknown> | null = null
  for (const command of TELEMETRY) {
    last = await one(command)
    if (isGone(last)) return last
    await pause(GAP_MS)
    if (telemetryOf(link.responses())) break
  }
  const current = telemetryOf(link.responses())?.modules.every(({ values }) => values.has('GHSspd')) ?? false
  if (!current) {
    const summary = await one('summary')
    if (!summary.ok && !telemetryOf(link.responses())) return summary
    await pause(GAP_MS)
  }
  await one('pools')
  return { ok: true, value: undefined }
}

export const avalon = driver({ family: 'avalon', recognises: ({ text }) => text.includes('AVALON') || /"MM ID\d/.test(text), ask, parse })
