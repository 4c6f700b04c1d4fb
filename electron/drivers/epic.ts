/**
 * ePIC PowerPlay and UMC on Antminers: plain HTTP on TCP 4028, the port of everybody else's cgminer (hardware protocols 9).
 * Rates are MH/s, the watts are the power supply's input.
 */
import { failed, type Result } from '#shared/result.ts'
import { thFromMh, thPerSecond } from '#shared/units.ts'
import { driver, isFirstContact, isGone, type Link, makeReading, type Responses } from './driver.ts'
import { believedPower, CHIPS, FAN_PCT, FAN_RPM, macOf, makeFigures, POWER_W, positive, TEMPERATURE_C, UPTIME_S } from './figures.ts'
import { hottest, machineState } from './machine-state.ts'
import { otherRates } from './other-rates.ts'
import { asFields, asLabel, asList, asText, own } from './own-fields.ts'
import { readPools } from './pools.ts'
import { dig, webAnswer } from './protocol/web-answer.ts'

const PORT = 4028
const at = (responses: Responses, path: string): unknown => webAnswer(responses, path, PORT)
/** Boards are named by `Index`; a list may leave some out. */
const byIndex = (list: unknown, index: unknown): unknown => asList(list).find((entry) => dig(entry, 'Index') === index)

const parse = (responses: Responses, observedAtMs: number) => {
  const figures = makeFigures()
  const summary = asFields(at(responses, '/summary'))
  if (!summary) return failed('unexpected-reply', 'the answers hold no summary of an ePIC machine')
  const capabilities = asFields(at(responses, '/capabilities'))
  const session = asFields(own(summary, 'Session'))
  const boards = asList(own(summary, 'HBs')).slice(0, 64)
  const slots = asList(own(summary, 'HBStatus')).slice(0, 64)
  const algorithm = asText(dig(summary, 'Mining', 'Algorithm'))
  const other = algorithm !== null && !/^sha-?256d?$/i.test(algorithm) ? algorithm.toLowerCase() : null

  // The label's rate, else what the tuner was told to hold; a board's own share of it is left to the tuner.
  const tunes = Object.values(asFields(dig(summary, 'PerpetualTune', 'Algorithm')) ?? {})[0]
  const aim = dig(tunes, 'Unit') === 'TH/s' ? dig(tunes, 'Target') : undefined
  const label = own(capabilities, 'Default Hashrate')
  const expectedThs = other
    ? null
    : (positive(figures.rate({ field: 'Default Hashrate', raw: label, toThs: thPerSecond }, null)) ??
      positive(figures.rate({ field: 'PerpetualTune Target', raw: aim, toThs: thPerSecond }, null)))

  // Each board says its present rate; `Average MHs` is the session's average and stands in only on versions without.
  const perBoard = boards.map((board) => asList(dig(board, 'Hashrate'))[0]).filter((raw) => raw !== undefined && raw !== null)
  const anyNumber = { min: 0, max: Number.MAX_VALUE }
  const parts = perBoard.map((raw, i) => figures.number(`HBs[${i}].Hashrate`, raw, anyNumber, ''))
  const sum = parts.length === 0 || parts.includes(null) ? undefined : parts.reduce<number>((total, n) => total + (n ?? 0), 0)
  const averageRaw = own(session, 'Average MHs')
  const rates = other
    ? otherRates(figures, {
        perUnit: 1e6,
        expected: ['expected', undefined],
        current: sum === undefined ? [] : [['HBs Hashrate', sum]],
        average: ['Average MHs', averageRaw],
        asleep: false,
      })
    : null
  const currentThs =
    other || sum === undefined ? null : figures.mostCurrent([{ field: 'HBs Hashrate', raw: sum, toThs: thFromMh }], expectedThs)
  const averageThs = other ? null : figures.rate({ field: 'Average MHs', raw: averageRaw, toThs: thFromMh }, expectedThs)

  const operating = asText(dig(summary, 'Status', 'Operating State'))
  const idle = operating === null ? null : /^idl(e|ing)$/i.test(operating)
  // Idle, the boards are gone from the list: nothing is hashed, and the average is of before.
  const nothing = idle === true && boards.length === 0 ? 0 : null

  const read = (field: string, raws: readonly unknown[]) => figures.numbers(field, raws, TEMPERATURE_C, '°C', { dropZero: true })
  const boardTemps = read(
    'Temperature',
    boards.map((board) => dig(board, 'Temperature')),
  )
  const sensors = at(responses, '/temps')
  const allTemps = Array.isArray(sensors)
    ? read(
        'temps',
        sensors.slice(0, 64).flatMap((board) => asList(dig(board, 'Data'))),
      )
    : boardTemps
  const chipSensors = asList(at(responses, '/temps/chip')).slice(0, 64)
  const chipTemps = read(
    'temps/chip',
    chipSensors.flatMap((board) => asList(dig(board, 'Data'))),
  )
  const rate = rates ? rates.current : (currentThs ?? nothing)
  const seen = machineState({
    asleep: idle,
    rate,
    expected: expectedThs,
    ratesUnbelieved: currentThs === null && sum !== undefined && sum > 0,
    hottestC: hottest(boardTemps),
  })
  const asleep = seen.state === 'sleeping'
  const standIn = !other && idle !== true && sum === undefined && averageThs !== null
  if (standIn) figures.problem('hashrate_ths', 'only a lifetime average was sent; it stands in', averageRaw)
  const bySession = standIn
    ? machineState({ asleep: idle, rate: averageThs, expected: expectedThs, ratesUnbelieved: false, hottestC: hottest(boardTemps) })
    : seen

  const fansBy = asFields(own(summary, 'Fans Rpm'))
  const fanSlots = Object.keys(fansBy ?? {})
    .flatMap((key) => {
      const n = /^Fans Speed (\d{1,3})$/.exec(key)?.[1]
      const raw = own(fansBy, key)
      return n === undefined || raw === null ? [] : [{ n: Number.parseInt(n, 10), raw }]
    })
    .sort((a, b) => a.n - b.n)
  const wattage = believedPower(
    figures,
    'Input Power',
    figures.number('Input Power', dig(summary, 'Power Supply Stats', 'Input Power'), POWER_W, 'W'),
    bySession.isMining,
  )
  const inWatts = dig(tunes, 'Unit') === 'W' ? dig(tunes, 'Target') : undefined
  const network = at(responses, '/network')
  const chipRates = at(responses, '/hashrate') ?? at(responses, '/clocks')
  const chipsOf = (slot: unknown): number | null =>
    dig(slot, 'Enabled') === false
      ? 0
      : Array.isArray(chipRates)
        ? asList(dig(byIndex(chipRates, dig(slot, 'Index')), 'Data')).length
        : null

  // Where a pool is connected, `Stratum` says so for the one in use; the others say nothing of themselves.
  const stratum = asFields(own(summary, 'Stratum'))
  const configs = own(summary, 'StratumConfigs')
  const pools = asList(configs).map((config, i) => {
    const inUse = own(stratum, 'Config Id') === i
    const connected = inUse ? own(stratum, 'IsPoolConnected') : undefined
    return {
      url: dig(config, 'pool'),
      user: dig(config, 'login'),
      status: connected === true ? 'alive' : connected === false ? 'dead' : null,
      accepted: inUse ? own(session, 'Accepted') : null,
      rejected: inUse ? own(session, 'Rejected') : null,
    }
  })
  const only = asText(own(stratum, 'Current Pool'))
  const listed =
    pools.length > 0
      ? pools
      : only === null
        ? []
        : [
            {
              url: only,
              user: own(stratum, 'Current User'),
              status: own(stratum, 'IsPoolConnected') === false ? 'dead' : 'alive',
              accepted: own(session, 'Accepted'),
              rejected: own(session, 'Rejected'),
            },
          ]
  const lastError = asText(dig(summary, 'Status', 'Last Error'))
  const errors = lastError === null ? [] : [{ code: null, message: lastError }]
  if (bySession.state === 'overheated') errors.push({ code: null, message: `stopped at ${hottest(boardTemps)} °C` })
  const duty = figures.number('Fans Speed', dig(summary, 'Fans', 'Fans Speed'), FAN_PCT, '%')

  return makeReading(
    { family: 'epic', protocol: 'epic-http', ...bySession, observedAtMs, problems: figures.problems },
    {
      model: asText(asText(own(capabilities, 'Model'))?.replace(/^AntMiner/i, 'Antminer')),
      firmwareVersion: asText(own(summary, 'Software')),
      mac: macOf(figures, dig(network, 'dhcp', 'mac_address') ?? dig(network, 'static', 'mac_address')),
      serial: asLabel(dig(capabilities, 'Control Board Version', 'cpuSerial')),
      hostname: asText(own(summary, 'Hostname')),
      ...(other
        ? { algo: other, hashrateHs: rates?.current ?? (asleep ? 0 : null), expectedHashrateHs: null }
        : {
            hashrateThs: currentThs ?? (asleep ? 0 : standIn ? averageThs : null),
            hashrateAvgThs: averageThs,
            expectedHashrateThs: expectedThs,
          }),
      wattageW: wattage,
      wattageSource: wattage === null ? null : 'reported',
      powerTargetW: figures.number('Target', inWatts, POWER_W, 'W'),
      boardTempsC: boardTemps,
      chipTempsC: chipTemps,
      allTempsC: allTemps,
      // A slot without a fan is null; 0 is a fan that stands still.
      fansRpm: figures.numbers(
        'Fans Rpm',
        fanSlots.map(({ raw }) => raw),
        FAN_RPM,
        'rpm',
      ),
      fansPct: duty === null ? [] : [duty],
      fanCount: fansBy ? fanSlots.length : null,
      boardCount: slots.length > 0 ? slots.length : boards.length > 0 ? boards.length : null,
      boardChips: figures.numbers('chips', Array.isArray(chipRates) ? slots.map(chipsOf) : [], CHIPS, 'chips'),
      uptimeS: figures.number('Uptime', own(session, 'Uptime'), UPTIME_S, 's'),
      ...readPools(figures, configs === undefined && only === null ? null : listed),
      hasErrors: errors.length > 0 ? true : asFields(own(summary, 'Status')) ? false : null,
      errors,
    },
  )
}

/** One page a sweep; who the machine is, and what it was sold for, when it is met for the first time. */
const ask = async (link: Link): Promise<Result<void>> => {
  const isNew = isFirstContact(link)
  if (at(link.responses(), '/summary') === undefined) {
    const summary = await link.web('/summary', undefined, { port: PORT })
    if (!summary.ok) return summary
  }
  for (const path of isNew ? ['/capabilities', '/network'] : []) if (isGone(await link.web(path, undefined, { port: PORT }))) break
  return { ok: true, value: undefined }
}

export const epic = driver({
  family: 'epic',
  recognises: ({ text }) => /MINER WEB DASHBOARD|POWERPLAY|"OPERATING STATE"/.test(text),
  ask,
  parse,
})
