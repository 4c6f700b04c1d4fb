/** A reading for people: one fact a line, with its unit; what is unknown is a dash. */
import type { MeterReading, Reading, ReadingProblem } from '#shared/fleet/reading.ts'
import { age, decimal, UNKNOWN } from '#shared/format.ts'
import { isoInstant } from '#shared/time.ts'

const line = (name: string, value: string) => `${name.padEnd(14)}${value}\n`
const unit = (n: number | null, decimals: number, of: string) => (n === null ? UNKNOWN : `${decimal(n, decimals)} ${of}`)
const range = (list: readonly number[], of: string) => {
  if (list.length === 0) return UNKNOWN
  const [low, high] = [Math.min(...list), Math.max(...list)]
  return `${decimal(low, 0)}${low === high ? '' : `–${decimal(high, 0)}`} ${of} (${list.length})`
}
/** A device's own words on one line, its control characters shown and not obeyed. */
const plain = (text: string | null) =>
  text === null
    ? UNKNOWN
    : text.replace(
        /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
const notes = (problems: readonly ReadingProblem[]) =>
  problems.map((p) => line('not believed', `${plain(p.field)}: ${p.reason} (${plain(p.raw)})`)).join('')

const WATTAGE_SOURCE = {
  reported: 'reported by the machine',
  estimated_by_firmware: 'estimated by its firmware',
  meter: 'meter',
  nameplate: 'name plate',
}

export const readingText = (r: Reading): string =>
  line('machine', `${plain(r.model)} · ${r.family} · firmware ${plain(r.firmwareVersion)}`) +
  line('identity', `MAC ${plain(r.mac)} · serial ${plain(r.serial)} · host ${plain(r.hostname)}`) +
  line('state', r.state) +
  (r.algo === null
    ? line(
        'hashrate',
        `${unit(r.hashrateThs, 2, 'TH/s')} now · ${unit(r.hashrateAvgThs, 2, 'TH/s')} on average · ${unit(r.expectedHashrateThs, 2, 'TH/s')} expected`,
      )
    : line('hashrate', `${unit(r.hashrateHs === null ? null : r.hashrateHs / 1e6, 3, 'MH/s')} now (${r.algo})`)) +
  line(
    'power',
    r.wattageW === null
      ? 'not reported'
      : `${unit(r.wattageW, 0, 'W')}${r.wattageSource === null ? '' : `, ${WATTAGE_SOURCE[r.wattageSource]}`}`,
  ) +
  (r.powerLimitW === null ? '' : line('power limit', unit(r.powerLimitW, 0, 'W'))) +
  (r.powerTargetW === null ? '' : line('power target', unit(r.powerTargetW, 0, 'W'))) +
  line('temperature', `boards ${range(r.boardTempsC, '°C')} · chips ${range(r.chipTempsC, '°C')} · inlet ${unit(r.envTempC, 0, '°C')}`) +
  line('fans', r.fansRpm.length > 0 ? range(r.fansRpm, 'rpm') : range(r.fansPct, '%')) +
  line(
    'boards',
    `${r.boardCount === null ? UNKNOWN : r.boardCount}${r.boardChips.length > 0 ? ` · chips ${r.boardChips.join(', ')}` : ''}`,
  ) +
  line('up for', age(r.uptimeS === null ? null : r.uptimeS * 1000)) +
  r.pools
    .map((p) =>
      line(
        'pool',
        `${plain(p.url)} · ${p.alive === null ? UNKNOWN : p.alive ? 'alive' : 'dead'} · ${decimal(p.accepted, 0)} accepted, ${decimal(p.rejected, 0)} rejected`,
      ),
    )
    .join('') +
  r.errors.map((e) => line('error', plain(e.message))).join('') +
  notes(r.problems) +
  line('observed', isoInstant(r.observedAtMs))

export const meterText = (m: MeterReading): string =>
  line('meter', `${plain(m.model)} · ${m.type}`) +
  line('active power', unit(m.activePowerW === null ? null : m.activePowerW / 1000, 2, 'kW')) +
  line('reactive', unit(m.reactivePowerVar === null ? null : m.reactivePowerVar / 1000, 2, 'kvar')) +
  line('apparent', unit(m.apparentPowerVa === null ? null : m.apparentPowerVa / 1000, 2, 'kVA')) +
  line('voltage', `${unit(m.voltageLlV, 1, 'V line to line')} · ${unit(m.voltageV, 1, 'V line to neutral')}`) +
  line('current', unit(m.currentA, 2, 'A')) +
  line('frequency', unit(m.frequencyHz, 3, 'Hz')) +
  (m.energyImportWh === null ? '' : line('energy', unit(m.energyImportWh / 1000, 1, 'kWh imported'))) +
  notes(m.problems) +
  line('observed', isoInstant(m.observedAtMs))
