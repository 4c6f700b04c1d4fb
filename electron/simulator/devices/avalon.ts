import { fixed, rounded } from '../digits.ts'
import type { MachineMoment, SimulatedMachine } from '../machine-world.ts'
import { type Dialect, poolUrls, poolUser, seconds } from './dialect.ts'

/**
 * Avalon: cgminer with everything that matters in one string of `Key[values]` (`hardware-protocols.md` 5), JSON or text by
 * how it is asked. The old group (A1246) tells wall power as the fifth number of PS; the new group is given the fields of the A15 class
 * (WALLPOWER, and MPO, which is a target and no reading).
 */
const DESCRIPTION = 'cgminer 4.11.1'
const firmware = (m: SimulatedMachine) => (m.group.generation === 'old' ? '22072802_4ec6bb0_211fc46' : '25021401_56abae7_4f1a2c0')
const running = (now: MachineMoment) => now.condition === 'hashing' || now.condition === 'degraded'

type Section = {
  readonly name: string
  readonly indexed: boolean
  readonly items: readonly Readonly<Record<string, string | number | boolean>>[]
}

/** Hottest, mean, per board: whole degrees, as the firmware prints them. */
const degrees = (xs: readonly number[]) => xs.map((x) => String(Math.round(x))).join(' ')

const mm = (m: SimulatedMachine, now: MachineMoment): string => {
  const asleep = now.condition === 'sleeping'
  const chips = now.boards.map((b) => b.chipC)
  const average = chips.reduce((a, b) => a + b, 0) / chips.length
  const watts = Math.round(now.powerW)
  // 513: hash unit abnormal; 128: overheating.
  const flags = now.boards.map((b) => (now.condition === 'overheated' ? 128 : b.alive ? 0 : 513)).join(' ')
  const fans = now.fansRpm.map((rpm, i) => `Fan${i + 1}[${rpm}]`).join(' ')
  // Only PS[0] (fault flag) and PS[4] (wall W) have a known meaning; the others are numbers of the usual size.
  const ps = `PS[0 1214 1316 ${running(now) ? 242 : 2} ${watts} 1320 ${Math.round(m.group.nameplateW * 1.03)}]`
  return [
    `Ver[${m.group.wireModel}-${firmware(m)}]`,
    `DNA[${m.serial.slice(2).toLowerCase()}]`,
    'MEMFREE[1201472.0] NETFAIL[0 0 0 0 0 0 0 0]',
    `SYSTEMSTATU[Work: ${running(now) ? 'In Work' : 'In Idle'}, Hash Board: ${m.group.boards} ]`,
    `Elapsed[${now.uptimeS}] BOOTBY[0x08.00000000] LW[24558724]`,
    `MH[${now.boards.map(() => 0).join(' ')}] HW[0] DH[${running(now) ? '1.932' : '0.000'}%]`,
    `Temp[${Math.round(now.intakeC)}] TMax[${Math.round(now.hottestChipC)}] TAvg[${Math.round(average)}]`,
    `${fans} FanR[${now.fanPercent}%] Vo[329]`,
    ps,
    `GHSspd[${fixed(now.hashrateThs * 1000, 2)}] DHspd[${running(now) ? '1.932' : '0.000'}%]`,
    `GHSmm[${fixed(m.group.nameplateThs * 1000, 2)}] GHSavg[${fixed(now.averageThs * 1000, 2)}]`,
    `WU[${fixed(now.averageThs * 13970, 2)}] Freq[${running(now) ? '502.41' : '0.00'}] Led[0]`,
    `MGHS[${now.boards.map((b) => fixed(b.hashrateThs * 1000, 2)).join(' ')}]`,
    `MTmax[${degrees(chips)}] MTavg[${degrees(chips.map((x) => x - 5))}]`,
    `TA[${m.group.boards * m.group.chipsPerBoard}] Core[${m.group.generation === 'old' ? 'A3201' : 'A3198'}] PING[38] POWS[0]`,
    `HASHS[${now.boards.map(() => 0).join(' ')}] POOLS[0] SoftOFF[${asleep ? 1 : 0}] ECHU[${flags}] ECMM[0]`,
    ...(m.group.generation === 'new' ? [`WORKMODE[0] WORKLEVEL[0] MPO[${m.group.nameplateW}] WALLPOWER[${watts}]`] : []),
    `CRC[${now.boards.map(() => 0).join(' ')}]`,
  ].join(' ')
}

const sections = (m: SimulatedMachine, now: MachineMoment, command: string): { code: number; msg: string; section: Section } | null => {
  const average = rounded(now.averageThs * 1e6, 2)
  const mhs = rounded(now.hashrateThs * 1e6, 2)
  const minute = running(now) ? average : 0
  switch (command) {
    case 'version':
      return {
        code: 22,
        msg: 'CGMiner versions',
        section: {
          name: 'VERSION',
          indexed: false,
          items: [
            {
              CGMiner: '4.11.1',
              API: '3.7',
              STM8: '20.08.01',
              PROD: `AvalonMiner ${m.group.wireModel}`,
              MODEL: m.group.wireModel,
              HWTYPE: m.group.generation === 'old' ? 'MM3v2_X3' : 'MM4v2_X3',
              SWTYPE: m.group.generation === 'old' ? 'MM314' : 'MM319',
              VERSION: firmware(m),
              LOADER: 'd0d779de.00',
              DNA: m.serial.slice(2).toLowerCase(),
              MAC: m.mac.replaceAll(':', '').toLowerCase(),
              UPAPI: 2,
            },
          ],
        },
      }
    case 'stats':
    case 'estats':
      return {
        code: 70,
        msg: 'CGMiner stats',
        section: {
          name: 'STATS',
          indexed: true,
          items: [
            {
              STATS: 0,
              ID: 'AVA100',
              Elapsed: now.uptimeS,
              Calls: 0,
              Wait: 0,
              Max: 0,
              Min: 99999999,
              'MM ID0': mm(m, now),
              'MM Count': 1,
              'Smart Speed': 1,
              'Voltage Level Offset': 0,
              'Nonce Mask': 25,
            },
          ],
        },
      }
    case 'summary':
      return {
        code: 11,
        msg: 'Summary',
        section: {
          name: 'SUMMARY',
          indexed: false,
          items: [
            {
              Elapsed: now.uptimeS,
              'MHS av': average,
              'MHS 5s': mhs,
              'MHS 30s': mhs,
              'MHS 1m': minute,
              'MHS 5m': minute,
              'MHS 15m': minute,
              'Found Blocks': 0,
              Getworks: Math.floor(now.uptimeS / 13),
              Accepted: now.accepted,
              Rejected: now.rejected,
              'Hardware Errors': 0,
              Utility: rounded(now.accepted / Math.max(1, now.uptimeS / 60), 2),
              Discarded: 0,
              Stale: 0,
              'Get Failures': 0,
              'Remote Failures': 0,
              'Network Blocks': Math.floor(now.uptimeS / 600),
              'Total MH': Math.round(average * now.uptimeS),
              'Device Hardware%': 0,
              'Device Rejected%': 0,
              'Pool Rejected%': 0,
              'Pool Stale%': 0,
              'Last getwork': 0,
            },
          ],
        },
      }
    case 'devs':
      return {
        code: 9,
        msg: '1 ASC(s)',
        section: {
          name: 'DEVS',
          indexed: true,
          items: [
            {
              ASC: 0,
              Name: 'AVA10',
              ID: 0,
              Enabled: 'Y',
              Status: 'Alive',
              Temperature: Math.round(now.intakeC),
              'MHS av': average,
              'MHS 5s': mhs,
              'MHS 1m': minute,
              Accepted: now.accepted,
              Rejected: now.rejected,
              'Hardware Errors': 0,
              'Device Elapsed': now.uptimeS,
            },
          ],
        },
      }
    case 'pools':
      return {
        code: 7,
        msg: `${poolUrls.length} Pool(s)`,
        section: {
          name: 'POOLS',
          indexed: true,
          items: poolUrls.map((url, i) => ({
            POOL: i,
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
            'Last Share Time': 0,
            'Stratum Active': i === 0,
            'Stratum Difficulty': i === 0 ? 524288 : 0,
            'Pool Rejected%': 0,
            'Pool Stale%': 0,
          })),
        },
      }
    default:
      return null
  }
}

const text = (items: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(items)
    .map(([k, v]) => `${k}=${v}`)
    .join(',')

const one = (m: SimulatedMachine, now: MachineMoment, command: string, nowMs: number): object => {
  const found = sections(m, now, command)
  const head = { When: seconds(nowMs), Description: DESCRIPTION }
  return found
    ? { STATUS: [{ STATUS: 'S', Code: found.code, Msg: found.msg, ...head }], [found.section.name]: found.section.items, id: 1 }
    : { STATUS: [{ STATUS: 'E', Code: 14, Msg: 'Invalid command', ...head }], id: 1 }
}

export const avalon: Dialect = {
  answer: (m, now, request, nowMs) => {
    if (request.mode === 'json') {
      const names = request.command.split('+')
      return names.length > 1
        ? JSON.stringify({ ...Object.fromEntries(names.map((n) => [n, [one(m, now, n, nowMs)]])), id: 1 })
        : JSON.stringify(one(m, now, request.command, nowMs))
    }
    const found = sections(m, now, request.command)
    const head = (letter: string, code: number, msg: string) =>
      `STATUS=${letter},When=${seconds(nowMs)},Code=${code},Msg=${msg},Description=${DESCRIPTION}|`
    if (!found) return `${head('E', 14, 'Invalid command')} `
    // Lists name their items by index (`POOL=0,…`), single blocks by their word (`SUMMARY,…`).
    const body = found.section.items.map((i) => (found.section.indexed ? text(i) : `${found.section.name},${text(i)}`)).join('|')
    return `${head('S', found.code, found.msg)}${body}| `
  },
  ending: (m) => (m.habit < 0.85 ? 'nul' : 'nul-held'),
}
