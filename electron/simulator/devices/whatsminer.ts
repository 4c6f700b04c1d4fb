import { rounded } from '../digits.ts'
import type { MachineMoment, SimulatedMachine } from '../machine-world.ts'
import { type ApiRequest, type Dialect, poolUrls, poolUser, seconds, status } from './dialect.ts'

/**
 * Whatsminer, btminer API v2 on TCP 4028 (`hardware-protocols.md` 4.1): rates in MH/s, power in W from the power supply,
 * numbers of `get_*` answers as text. Reading needs no token; writing is not simulated and is refused as the device would.
 */
const DESCRIPTION = 'btminer'
const firmware = (m: SimulatedMachine) => (m.group.generation === 'old' ? '20230714.15.REL' : '20240606.18.REL')

const running = (now: MachineMoment) => now.condition === 'hashing' || now.condition === 'degraded'
const mh = (ths: number) => rounded(ths * 1e6, 2)
const c = (x: number) => rounded(x, 2)

const say = (nowMs: number, msg: unknown) => ({ STATUS: 'S', When: seconds(nowMs), Code: 131, Msg: msg, Description: '' })

const summary = (m: SimulatedMachine, now: MachineMoment) => {
  const alive = now.boards.filter((b) => b.alive)
  const average = running(now) ? now.averageThs : 0
  const chips = alive.map((b) => b.chipC)
  const hottest = Math.max(...chips)
  return {
    Elapsed: now.uptimeS,
    'MHS av': mh(now.averageThs),
    'MHS 5s': mh(now.hashrateThs),
    'MHS 1m': mh(average * 1.001),
    'MHS 5m': mh(average),
    'MHS 15m': mh(average * 0.999),
    'HS RT': mh(now.hashrateThs),
    Accepted: now.accepted,
    Rejected: now.rejected,
    'Total MH': Math.round(now.averageThs * 1e6 * now.uptimeS),
    Temperature: c(Math.max(...alive.map((b) => b.boardC))),
    freq_avg: running(now) ? 620 : 0,
    'Fan Speed In': now.fansRpm[0] ?? 0,
    'Fan Speed Out': now.fansRpm[1] ?? 0,
    Power: Math.round(now.powerW),
    'Power Rate': now.hashrateThs > 0 ? rounded(now.powerW / now.hashrateThs, 2) : 0,
    'Pool Rejected%': rounded((100 * now.rejected) / Math.max(1, now.accepted), 4),
    'Pool Stale%': 0,
    'Last getwork': 0,
    Uptime: now.uptimeS + 95,
    'Security Mode': 0,
    'Hash Stable': running(now),
    'Hash Stable Cost Seconds': 640,
    'Hash Deviation%': -0.12,
    'Target Freq': 620,
    'Target MHS': m.group.nameplateThs * 1e6,
    'Env Temp': c(now.intakeC),
    'Power Mode': 'Normal',
    'Factory GHS': m.group.nameplateThs * 1000,
    'Power Limit': Math.round(m.group.nameplateW * 1.06),
    'Chip Temp Min': c(Math.min(...chips) - 9),
    'Chip Temp Max': c(hottest),
    'Chip Temp Avg': c(hottest - 4),
    Debug: '',
    'Btminer Fast Boot': 'disable',
    'Upfreq Complete': running(now) ? 1 : 0,
    MAC: m.mac,
    'Firmware Version': firmware(m),
    'Liquid Cooling': m.group.cooling === 'water',
  }
}

const devices = (m: SimulatedMachine, now: MachineMoment) =>
  now.boards.flatMap((b, i) =>
    b.alive
      ? [
          {
            ASC: i,
            Slot: i,
            Enabled: 'Y',
            Status: 'Alive',
            Temperature: c(b.boardC),
            'Chip Frequency': running(now) ? 620 : 0,
            'Fan Speed In': now.fansRpm[0] ?? 0,
            'Fan Speed Out': now.fansRpm[1] ?? 0,
            'MHS av': mh(now.averageThs / m.group.boards),
            'MHS 5s': mh(b.hashrateThs),
            'MHS 1m': mh(b.hashrateThs),
            'MHS 5m': mh(b.hashrateThs),
            'MHS 15m': mh(b.hashrateThs),
            'HS RT': mh(b.hashrateThs),
            'Factory GHS': Math.round((m.group.nameplateThs * 1000) / m.group.boards),
            'Upfreq Complete': running(now) ? 1 : 0,
            'Effective Chips': m.group.chipsPerBoard,
            'PCB SN': `${m.serial}P${i}`,
            'Chip Data': 'SIMULATED',
            'Chip Temp Min': c(b.chipC - 9),
            'Chip Temp Max': c(b.chipC),
            'Chip Temp Avg': c(b.chipC - 4),
          },
        ]
      : [],
  )

/** Error codes as MicroBT lists them: 35n board n protects itself from heat, 53n board n not found. One-key objects, code to time. */
const errorCodes = (now: MachineMoment, nowMs: number) => {
  const time = new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ')
  if (now.condition === 'overheated') return [{ '350': time }]
  return now.boards.flatMap((b, i) => (b.alive ? [] : [{ [`53${i}`]: time }]))
}

const answer = (m: SimulatedMachine, now: MachineMoment, command: string, nowMs: number): object => {
  const asleep = now.condition === 'sleeping'
  switch (command) {
    case 'summary':
      return { STATUS: status('S', nowMs, 11, 'Summary', DESCRIPTION), SUMMARY: [summary(m, now)], id: 1 }
    case 'edevs':
    case 'devs': {
      const devs = devices(m, now)
      return { STATUS: status('S', nowMs, 9, `${devs.length} ASC(s)`, DESCRIPTION), DEVS: devs, id: 1 }
    }
    case 'devdetails':
      return {
        STATUS: status('S', nowMs, 69, 'Device Details', DESCRIPTION),
        DEVDETAILS: now.boards.flatMap((b, i) =>
          b.alive ? [{ DEVDETAILS: i, Name: 'SM', ID: i, Driver: 'bitmicro', Kernel: '', Model: m.group.wireModel }] : [],
        ),
        id: 1,
      }
    case 'pools':
      return {
        STATUS: status('S', nowMs, 7, `${poolUrls.length} Pool(s)`, DESCRIPTION),
        POOLS: poolUrls.map((url, i) => ({
          POOL: i + 1,
          URL: url,
          Status: 'Alive',
          Priority: i,
          Quota: 1,
          'Long Poll': 'N',
          Getworks: i === 0 ? Math.floor(now.uptimeS / 13) : 0,
          Accepted: i === 0 ? now.accepted : 0,
          Rejected: i === 0 ? now.rejected : 0,
          Works: 0,
          Discarded: 0,
          Stale: 0,
          'Get Failures': 0,
          'Remote Failures': 0,
          User: poolUser(m),
          'Last Share Time': i === 0 ? seconds(nowMs) - 4 : 0,
          'Stratum Active': i === 0,
          'Stratum Difficulty': i === 0 ? 524288 : 0,
          'Pool Rejected%': 0,
          'Pool Stale%': 0,
          'Bad Work': 0,
        })),
        id: 1,
      }
    case 'version':
      return { ...answer(m, now, 'get_version', nowMs), Description: DESCRIPTION }
    case 'get_version':
      return say(nowMs, { api_ver: '2.0.5', fw_ver: firmware(m), platform: 'H616', chip: 'SIMULATED' })
    case 'get_miner_info':
      return say(nowMs, {
        ip: '127.0.0.1',
        proto: 'dhcp',
        netmask: '255.0.0.0',
        gateway: '',
        dns: '',
        hostname: m.id,
        mac: m.mac,
        ledstat: 'auto',
        minersn: m.serial,
        powersn: `${m.serial}PSU`,
      })
    case 'get_psu':
      return say(nowMs, {
        name: 'SIM-PSU',
        hw_version: 'R1',
        sw_version: '1',
        model: 'SIM-PSU',
        enable: asleep ? '0' : '1',
        iin: String(Math.round((now.powerW / 240) * 1000)),
        vin: '24000',
        pin: String(Math.round(now.powerW)),
        fan_speed: m.group.cooling === 'water' ? '0' : '8640',
        serial_no: `${m.serial}PSU`,
        vendor: '1',
        temp0: String(rounded(now.intakeC + 12, 1)),
      })
    case 'get_error_code':
      return say(nowMs, { error_code: errorCodes(now, nowMs) })
    case 'status':
      return say(nowMs, {
        mineroff: asleep ? 'true' : 'false',
        mineroff_reason: asleep ? 'power_off' : '',
        mineroff_time: '',
        'Firmware Version': firmware(m),
        power_mode: 'Normal',
        hash_percent: '100%',
      })
    case 'get_token':
      // The write API is switched off until the vendor's tool opens it.
      return { STATUS: 'E', When: seconds(nowMs), Code: 45, Msg: "can't access write cmd", Description: '' }
    default:
      return { STATUS: 'E', When: seconds(nowMs), Code: 14, Msg: 'invalid cmd', Description: '' }
  }
}

export const whatsminer: Dialect = {
  answer: (m, now, request: ApiRequest, nowMs) => {
    const names = request.command.split('+')
    // Joined commands work, except for `get_*` and `status` (`hardware-protocols.md` 2.1).
    if (names.length > 1)
      return names.some((n) => n.startsWith('get_') || n === 'status')
        ? JSON.stringify({ STATUS: 'E', When: seconds(nowMs), Code: 14, Msg: 'invalid cmd', Description: '' })
        : JSON.stringify({ ...Object.fromEntries(names.map((n) => [n, [answer(m, now, n, nowMs)]])), id: 1 })
    return JSON.stringify(answer(m, now, request.command, nowMs))
  },
  // Half of them send no NUL; some keep the connection open after it, so that reading to the end would hang.
  ending: (m) => (m.habit < 0.5 ? 'bare' : m.habit < 0.9 ? 'nul' : 'nul-held'),
}
