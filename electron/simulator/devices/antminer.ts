import { fixed, rounded } from '../digits.ts'
import type { MachineMoment, SimulatedMachine } from '../machine-world.ts'
import { type ApiRequest, type Dialect, poolUrls, poolUser, seconds, status } from './dialect.ts'

/**
 * Stock Antminer firmware: cgminer JSON on TCP 4028 and CGI with HTTP digest on 80 (`hardware-protocols.md` 3). No watts
 * in any answer: stock firmware reports none, and the meter or the name plate has to fill in.
 */
const CGMINER = 'cgminer 1.0.0'
const firmwareDate = (m: SimulatedMachine) =>
  m.group.generation === 'old' ? 'Tue Mar 14 10:22:51 CST 2023' : 'Thu Oct 9 18:55:45 CST 2025'
const minerVersion = (m: SimulatedMachine) => (m.group.generation === 'old' ? '49.0.1.3' : 'uart_trans.1.3')
const apiVersion = (m: SimulatedMachine) => (m.group.generation === 'old' ? '3.1' : '3.5')

const versionBlock = (m: SimulatedMachine) => ({
  BMMiner: '1.0.0',
  Miner: minerVersion(m),
  CompileTime: firmwareDate(m),
  Type: m.group.wireModel,
})

/** "oooooo oooooo": one letter a chip in groups of six; x where the chip does not work. */
const chipMap = (chips: number, letter: 'o' | 'x'): string => ` ${letter.repeat(6)}`.repeat(Math.floor(chips / 6))

const running = (now: MachineMoment) => now.condition === 'hashing' || now.condition === 'degraded'
const four = (c: number, step: number): number[] => [c, c - step, c - 2 * step, c - step].map((x) => Math.round(x))

const rates = (now: MachineMoment) => {
  const gh = now.hashrateThs * 1000
  // While overheated or asleep the old averages fade; stock firmware shows 0 at once.
  const average = running(now) ? now.averageThs * 1000 : 0
  return { now: gh, average, half: running(now) ? average * 0.999 : 0 }
}

/** `STATS[1]` of the classic answer: flat keys numbered by board, numbers partly as text, absent boards as "". */
const classicStats = (m: SimulatedMachine, now: MachineMoment) => {
  const r = rates(now)
  const alive = now.boards.filter((b) => b.alive)
  const block: Record<string, string | number> = {
    STATS: 0,
    ID: 'BTM_SOC0',
    Elapsed: now.uptimeS,
    Calls: 0,
    Wait: 0,
    Max: 0,
    Min: 99999999,
    'GHS 5s': rounded(r.now, 2),
    'GHS av': rounded(r.average, 2),
    rate_30m: rounded(r.half, 2),
    Mode: 2,
    miner_count: alive.length,
    frequency: 525,
    fan_num: now.fansRpm.length,
  }
  for (const [i, rpm] of now.fansRpm.entries()) block[`fan${i + 1}`] = rpm
  block.temp_num = alive.length
  for (let i = 0; i < 4; i++) {
    const b = now.boards[i]
    const there = b?.alive === true
    const n = i + 1
    block[`temp_pcb${n}`] = there ? four(b.boardC, 1).join('-') : '0-0-0-0'
    block[`temp_chip${n}`] = there ? four(b.chipC, 1).join('-') : '0-0-0-0'
    block[`temp_pic${n}`] = there ? four(b.boardC - 8, 1).join('-') : '0-0-0-0'
    block[`chain_acn${n}`] = there ? m.group.chipsPerBoard : 0
    block[`chain_acs${n}`] = there ? chipMap(m.group.chipsPerBoard, running(now) ? 'o' : 'x') : ''
    block[`chain_hw${n}`] = there ? Math.floor(now.uptimeS / 270) + i : 0
    block[`chain_rate${n}`] = there ? fixed(b.hashrateThs * 1000, 2) : ''
    block[`freq${n}`] = there ? 525 : 0
  }
  return {
    ...block,
    total_rateideal: m.group.nameplateThs * 1000,
    rate_unit: 'GH',
    total_freqavg: 525,
    total_acn: alive.length * m.group.chipsPerBoard,
    'total rate': rounded(r.average, 2),
    temp_max: 0,
    no_matching_work: Math.floor(now.uptimeS / 90),
    miner_version: minerVersion(m),
    miner_id: m.serial.toLowerCase(),
  }
}

const workMode = (now: MachineMoment): 0 | 1 => (now.condition === 'sleeping' ? 1 : 0)

/** The newer form, the same over TCP with `new_api` and from `stats.cgi`. Asleep there is nothing in it. */
const newStats = (m: SimulatedMachine, now: MachineMoment) => {
  if (now.condition === 'sleeping') return []
  const r = rates(now)
  return [
    {
      elapsed: now.uptimeS,
      rate_5s: rounded(r.now, 2),
      rate_30m: rounded(r.half, 2),
      rate_avg: rounded(r.average, 2),
      rate_ideal: m.group.nameplateThs * 1000,
      rate_unit: 'GH/s',
      chain_num: m.group.boards,
      fan_num: now.fansRpm.length,
      fan: now.fansRpm,
      hwp_total: 0,
      'miner-mode': workMode(now),
      'freq-level': 100,
      chain: now.boards.flatMap((b, index) =>
        b.alive
          ? [
              {
                index,
                freq_avg: 525,
                rate_ideal: Math.round((m.group.nameplateThs * 1000) / m.group.boards),
                rate_real: rounded(b.hashrateThs * 1000, 2),
                asic_num: m.group.chipsPerBoard,
                asic: chipMap(m.group.chipsPerBoard, running(now) ? 'o' : 'x'),
                temp_pic: four(b.boardC - 8, 1),
                // Water cooled: inlet first, outlet third.
                temp_pcb:
                  m.group.cooling === 'water'
                    ? [now.intakeC, now.intakeC, now.intakeC + (running(now) ? 9 : 0), now.intakeC].map((x) => Math.round(x))
                    : four(b.boardC, 1),
                temp_chip: four(b.chipC, 1),
                hw: Math.floor(now.uptimeS / 270),
                eeprom_loaded: true,
                sn: `${m.serial}${index}`,
                hwp: 0,
              },
            ]
          : [],
      ),
    },
  ]
}

const newSummary = (m: SimulatedMachine, now: MachineMoment) => {
  if (now.condition === 'sleeping') return []
  const r = rates(now)
  const hot = now.condition === 'overheated'
  const weak = now.condition === 'degraded'
  return [
    {
      elapsed: now.uptimeS,
      rate_5s: rounded(r.now, 2),
      rate_30m: rounded(r.half, 2),
      rate_avg: rounded(r.average, 2),
      rate_ideal: m.group.nameplateThs * 1000,
      rate_unit: 'GH/s',
      hw_all: Math.floor(now.uptimeS / 90),
      bestshare: 12904207043,
      status: [
        { type: 'rate', status: weak ? 'e' : 's', code: weak ? 1 : 0, msg: weak ? 'R:1' : '' },
        { type: 'network', status: 's', code: 0, msg: '' },
        { type: 'fans', status: 's', code: 0, msg: '' },
        { type: 'temp', status: hot ? 'e' : 's', code: hot ? 1 : 0, msg: hot ? 'P:1' : '' },
      ],
    },
  ]
}

const apiPools = (m: SimulatedMachine, now: MachineMoment) =>
  poolUrls.map((url, i) => ({
    POOL: i,
    URL: url,
    Status: 'Alive',
    Priority: i,
    Quota: 1,
    'Long Poll': 'N',
    Getworks: i === 0 ? Math.floor(now.uptimeS / 13) : 3,
    Accepted: i === 0 ? now.accepted : 0,
    Rejected: i === 0 ? now.rejected : 0,
    Discarded: 0,
    Stale: 0,
    'Get Failures': 0,
    'Remote Failures': 0,
    User: poolUser(m),
    'Last Share Time': i === 0 ? '0:00:03' : '0',
    Diff: i === 0 ? '524K' : '',
    'Has Stratum': true,
    'Stratum Active': i === 0,
    'Stratum URL': i === 0 ? url.slice('stratum+tcp://'.length).split(':')[0] : '',
    'Pool Rejected%': i === 0 ? rounded((100 * now.rejected) / Math.max(1, now.accepted), 4) : 0,
    'Pool Stale%%': 0,
  }))

const api = (m: SimulatedMachine, now: MachineMoment, request: ApiRequest, nowMs: number): object => {
  const head = (code: number, msg: string) => status('S', nowMs, code, msg, CGMINER)
  const r = rates(now)
  switch (request.command) {
    case 'version':
      return { STATUS: head(22, 'CGMiner versions'), VERSION: [{ API: apiVersion(m), ...versionBlock(m) }], id: 1 }
    case 'stats':
      return request.newApi && m.group.generation === 'new'
        ? {
            STATUS: { STATUS: 'S', when: seconds(nowMs), Msg: 'stats', api_version: '1.0.0' },
            INFO: { miner_version: minerVersion(m), CompileTime: firmwareDate(m), type: m.group.wireModel },
            STATS: newStats(m, now),
          }
        : { STATUS: head(70, 'CGMiner stats'), STATS: [versionBlock(m), classicStats(m, now)], id: 1 }
    case 'summary':
      return {
        STATUS: head(11, 'Summary'),
        SUMMARY: [
          {
            Elapsed: now.uptimeS,
            'GHS 5s': rounded(r.now, 2),
            'GHS av': rounded(r.average, 2),
            'GHS 30m': rounded(r.half, 2),
            'Found Blocks': 0,
            Getwork: Math.floor(now.uptimeS / 13),
            Accepted: now.accepted,
            Rejected: now.rejected,
            'Hardware Errors': Math.floor(now.uptimeS / 90),
            Utility: rounded(now.accepted / Math.max(1, now.uptimeS / 60), 2),
            Discarded: 0,
            Stale: 0,
            'Get Failures': 0,
            'Remote Failures': 0,
            'Network Blocks': Math.floor(now.uptimeS / 600),
            'Total MH': Math.round(now.averageThs * 1e6 * now.uptimeS),
            'Device Hardware%': 0,
            'Device Rejected%': 0,
            'Pool Rejected%': 0,
            'Pool Stale%': 0,
            'Last getwork': seconds(nowMs),
          },
        ],
        id: 1,
      }
    case 'pools':
      return { STATUS: head(7, `${poolUrls.length} Pool(s)`), POOLS: apiPools(m, now), id: 1 }
    case 'devs':
      return {
        STATUS: head(9, '1 ASC(s)'),
        DEVS: [
          {
            ASC: 0,
            Name: 'BTM_SOC',
            ID: 0,
            Enabled: 'Y',
            Status: 'Alive',
            // As the firmware has it: no figures here, and the field's name with its error of spelling.
            Tenperature: 0,
            'MHS av': 0,
            'MHS 5s': 0,
            Accepted: now.accepted,
            Rejected: now.rejected,
            'Hardware Errors': 0,
            'Device Elapsed': now.uptimeS,
          },
        ],
        id: 1,
      }
    default:
      return { STATUS: status('E', nowMs, 14, 'Invalid command', CGMINER), id: 1 }
  }
}

/** cgminer's text form of an answer: `STATUS=S,When=…|SUMMARY,Elapsed=…|`. */
const asText = (answer: object): string => {
  const sections: string[] = []
  for (const [name, value] of Object.entries(answer)) {
    if (!Array.isArray(value)) continue
    for (const item of value) {
      const pairs = Object.entries(item).map(([k, v]) => `${k}=${String(v)}`)
      sections.push(name === 'STATUS' || pairs[0]?.startsWith(`${name.slice(0, -1)}=`) ? pairs.join(',') : `${name},${pairs.join(',')}`)
    }
  }
  return `${sections.join('|')}|`
}

export const antminer: Dialect = {
  answer: (m, now, request, nowMs) => {
    const names = request.command.split('+')
    // Joined commands: not on S19-generation firmware (`hardware-protocols.md` 2.1).
    if (names.length > 1 && m.group.generation === 'new')
      return JSON.stringify({
        ...Object.fromEntries(names.map((name) => [name, [api(m, now, { ...request, command: name }, nowMs)]])),
        id: 1,
      })
    const answer = api(m, now, request, nowMs)
    return request.mode === 'text' ? asText(answer) : JSON.stringify(answer)
  },
  ending: (m) => (m.habit < 0.1 ? 'newline' : 'nul'),
}

/** CGI under /cgi-bin/; null: no such page on this firmware. */
export const antminerPage = (m: SimulatedMachine, now: MachineMoment, page: string, nowMs: number): object | null => {
  const head = (msg: string) => ({
    STATUS: { STATUS: 'S', when: seconds(nowMs), Msg: msg, api_version: '1.0.0' },
    INFO: { miner_version: minerVersion(m), CompileTime: firmwareDate(m), type: m.group.wireModel },
  })
  switch (page) {
    case 'get_system_info.cgi':
      return {
        minertype: m.group.wireModel,
        nettype: 'DHCP',
        netdevice: 'eth0',
        macaddr: m.mac,
        hostname: m.id,
        ipaddress: '127.0.0.1',
        netmask: '255.0.0.0',
        gateway: '',
        dnsservers: '',
        system_mode: 'GNU/Linux',
        system_kernel_version: 'Linux 4.9.113 #1 SMP PREEMPT',
        system_filesystem_version: firmwareDate(m),
        firmware_type: 'Release',
        ...(m.group.generation === 'new' ? { serinum: m.serial } : {}),
      }
    case 'miner_type.cgi':
      return { miner_type: m.group.wireModel, subtype: m.group.generation === 'old' ? 'CVCtrl' : 'AMLCtrl', fw_version: firmwareDate(m) }
    case 'get_miner_conf.cgi':
      return {
        pools: poolUrls.map((url) => ({ url, user: poolUser(m), pass: 'x' })),
        'api-listen': true,
        'api-network': true,
        'api-groups': 'A:stats:pools:devs:summary:version',
        'api-allow': 'A:0/0,W:*',
        'bitmain-fan-ctrl': false,
        'bitmain-fan-pwm': '100',
        'bitmain-use-vil': true,
        'bitmain-freq': '525',
        'bitmain-voltage': '1400',
        'bitmain-ccdelay': '0',
        'bitmain-pwth': '0',
        'bitmain-work-mode': String(workMode(now)),
        'bitmain-freq-level': '100',
      }
    case 'stats.cgi':
      return { ...head('stats'), STATS: newStats(m, now) }
    case 'summary.cgi':
      return { ...head('summary'), SUMMARY: newSummary(m, now) }
    case 'pools.cgi':
      return {
        ...head('pools'),
        POOLS: poolUrls.map((url, index) => ({
          index,
          url,
          user: poolUser(m),
          status: 'Alive',
          priority: index,
          getworks: index === 0 ? Math.floor(now.uptimeS / 13) : 3,
          accepted: index === 0 ? now.accepted : 0,
          rejected: index === 0 ? now.rejected : 0,
          discarded: 0,
          stale: 0,
          diff: index === 0 ? '524K' : '',
          lstime: index === 0 ? '0:00:03' : '0',
        })),
      }
    case 'get_blink_status.cgi':
      return { blink: false }
    default:
      return null
  }
}
