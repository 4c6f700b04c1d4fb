import type { AppStatus, OutputOf } from '#shared/contract.ts'
import { ago, clockTimeZone, count, dateTime, decimal, dollars } from '#shared/format.ts'
import type { TracedInput } from '#shared/market/traced.ts'
import { SECOND_MS } from '#shared/time.ts'
import type { ChipState } from './components/Chip.tsx'
import { ageOf, chipStates, freshnessWords, inputAge, worstInput } from './input-view.ts'

type Report = OutputOf<'sites.report'>
export type EngineState = OutputOf<'shell.engine'>

/** Zone of the window's clock: the chosen site's, else the first site's; UTC before any site is known. */
export const zoneOf = (report: Report | null, site: string | null): string =>
  (report?.sites.find((s) => s.id === site) ?? report?.sites[0])?.timeZone ?? 'UTC'

const inputsOf = (report: Report, site: string | null): TracedInput[] => {
  const sites = site === null ? report.sites : report.sites.filter((s) => s.id === site)
  return [...report.inputs, ...sites.flatMap((s) => s.inputs)]
}

/** The freshness chip: the worst input of what is on screen; null while nothing is known. */
export const freshnessChip = (
  report: Report | null,
  site: string | null,
  nowMs: number,
): { state: ChipState; text: string; input: string } | null => {
  const worst = report === null ? null : worstInput(inputsOf(report, site), nowMs)
  if (worst === null) return null
  return {
    state: chipStates[worst.freshness],
    text: worst.freshness === 'fresh' ? 'Live' : `${freshnessWords[worst.freshness]}: ${inputAge(worst, nowMs)}`,
    input: worst.id,
  }
}

export type MarketLine = { readonly label: string; readonly value: string }
/** The rail's foot: the three figures every break-even rests on, as old as the oldest of them. */
export const marketFoot = (report: Report | null, nowMs: number): { lines: readonly MarketLine[]; age: string } | null => {
  if (report === null) return null
  const input = (id: string) => report.inputs.find((i) => i.id === id) ?? null
  const btc = input('btc_price')
  const difficulty = input('difficulty')
  const hashprice = input('hashprice')?.value ?? report.sites.find((s) => s.hashpriceUsdPerPhDay !== null)?.hashpriceUsdPerPhDay ?? null
  const ages = [btc, difficulty].flatMap((i) => (i === null ? [] : [ageOf(i, nowMs)])).filter((a) => a !== null)
  return {
    lines: [
      { label: 'Hashprice', value: hashprice === null ? '—' : `${dollars(hashprice)}/PH/d` },
      { label: 'BTC', value: dollars(btc?.value ?? null, 0) },
      { label: 'Difficulty', value: difficulty?.value == null ? '—' : `${decimal(difficulty.value / 1e12, 2)} T` },
    ],
    age: ages.length === 0 ? 'not heard yet' : ago(Math.max(...ages)),
  }
}

const engineWords: Record<EngineState['state'], string> = {
  starting: 'Engine starting',
  running: 'Engine running',
  restarting: 'Engine restarting',
  failed: 'Engine stopped',
}

export const statusLine = (
  status: AppStatus | null,
  engine: EngineState | null,
  timeZone: string,
  nowMs: number,
): { left: readonly string[]; right: readonly string[]; problem: string | null } => {
  const left = [engine === null ? 'Engine not heard' : engineWords[engine.state]]
  if (status !== null) {
    const { lastSweep, meters } = status
    left.push(
      lastSweep === null
        ? 'No sweep yet'
        : `Last sweep ${clockSeconds(lastSweep.finishedAtMs, timeZone)}, ${decimal(lastSweep.reported, 0)} of ${count(lastSweep.machines, 'machine')} reported`,
    )
    if (meters.configured > 0) left.push(`${decimal(meters.reported, 0)} of ${count(meters.configured, 'meter')}`)
  }
  return { left, right: [dateTime(nowMs, timeZone)], problem: status?.storeProblem ?? null }
}

/** "16:41:52 CST" */
const clockSeconds = (ms: number, timeZone: string): string => {
  const text = clockTimeZone(ms, timeZone)
  const seconds = String(Math.floor(ms / SECOND_MS) % 60).padStart(2, '0')
  return text.replace(' ', `:${seconds} `)
}

/** Between start and the first sweep nothing is wrong yet: machines are unheard because nobody has listened. */
export const firstSweepNote = (status: AppStatus | null): string | null =>
  status !== null && status.mode !== 'empty' && status.lastSweep === null
    ? 'The first sweep is under way; advice follows when the machines have answered.'
    : null

/** null: nothing to say. Old values stay on screen while the engine is away. */
export const engineBanner = (engine: EngineState | null, timeZone: string, known: boolean): { text: string; alarm: boolean } | null => {
  if (engine === null || engine.state === 'running') return null
  const at = clockTimeZone(engine.sinceMs, timeZone)
  if (engine.state === 'restarting')
    return {
      text: `The engine stopped at ${at} and is starting again; nothing committed is lost. Figures on screen are the last ones heard.`,
      alarm: false,
    }
  if (engine.state === 'failed')
    return {
      text: `The engine stopped at ${at} and does not start${engine.message ? `: ${engine.message.replace(/\.$/, '')}` : ''}. Nothing committed is lost; no new readings arrive. Close Hashyard and open it again.`,
      alarm: true,
    }
  return known ? { text: 'The engine is starting.', alarm: false } : null
}
