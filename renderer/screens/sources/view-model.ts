import type { SourceRow } from '#shared/contract.ts'
import { age, clockTime, count, dateTime } from '#shared/format.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#shared/time.ts'
import type { ChipState } from '../../components/Chip.tsx'
import { chipStates, freshnessWords } from '../../input-view.ts'

export type SourceView = {
  readonly row: SourceRow
  readonly state: ChipState
  readonly word: string
  readonly lastGood: string
  readonly age: string
  readonly limits: string
  readonly nextTry: string
  readonly failed: string
  readonly error: string
  readonly troubled: boolean
  /** Positions on the age bar, fractions of its length; null: it does not age or was never heard. */
  readonly bar: { readonly age: number; readonly stale: number; readonly dead: number } | null
}
export type SourceGroup = { readonly title: string; readonly note: string; readonly rows: readonly SourceView[] }
export type SourcesView = {
  readonly holding: string
  readonly of: string
  readonly headline: string
  readonly rest: string
  readonly groups: readonly SourceGroup[]
  /** The source to retry first. */
  readonly worst: string | null
}

const limitText = (ms: number): string =>
  ms < 2 * HOUR_MS && ms % MINUTE_MS === 0
    ? `${ms / MINUTE_MS} min`
    : ms % DAY_MS === 0
      ? `${ms / DAY_MS} d`
      : ms % HOUR_MS === 0
        ? `${ms / HOUR_MS} h`
        : ms % MINUTE_MS === 0
          ? `${ms / MINUTE_MS} min`
          : `${Math.round(ms / 1000)} s`
/** "15 / 60 min", "1 / 7 d", "45 s / 5 min" */
export const limitsText = (limits: SourceRow['limits']): string => {
  if (limits === null) return 'does not age'
  const a = limitText(limits.staleAfterMs)
  const b = limitText(limits.deadAfterMs)
  const unitA = a.split(' ')[1]
  return unitA === b.split(' ')[1] ? `${a.split(' ')[0]} / ${b}` : `${a} / ${b}`
}

/** A moment within a day is a clock time, further away it has its date. */
const moment = (ms: number | null, nowMs: number, zone: string): string =>
  ms === null ? '—' : Math.abs(nowMs - ms) < 20 * HOUR_MS ? clockTime(ms, zone) : dateTime(ms, zone).replace(/ \d{4},/, ',')

const partial = (row: SourceRow): boolean => {
  const of = /^([\d,]+) of ([\d,]+)/.exec(row.coverage ?? '')
  return of !== null && of[1] !== of[2]
}

export const sourceView = (row: SourceRow, nowMs: number, zone: string): SourceView => {
  const ageMs = row.lastGoodMs === null ? null : Math.max(0, nowMs - row.lastGoodMs)
  const part = row.freshness === 'fresh' && partial(row)
  const length = row.limits === null ? 0 : row.limits.deadAfterMs * 1.25
  return {
    row,
    state: part ? 'partial' : chipStates[row.freshness],
    word: part ? 'Partial' : freshnessWords[row.freshness],
    lastGood: row.lastGoodMs === null ? 'never' : moment(row.lastGoodMs, nowMs, zone),
    age: age(ageMs),
    limits: limitsText(row.limits),
    nextTry: row.nextTryMs !== null && row.nextTryMs <= nowMs ? 'now' : moment(row.nextTryMs, nowMs, zone),
    failed: String(row.failuresInARow),
    error: row.lastError ?? 'none',
    troubled: row.freshness !== 'fresh' || row.failuresInARow > 0 || part,
    bar:
      row.limits === null || ageMs === null
        ? null
        : { age: Math.min(1, ageMs / length), stale: row.limits.staleAfterMs / length, dead: row.limits.deadAfterMs / length },
  }
}

const severity = (v: SourceView): number =>
  (v.row.freshness === 'dead' ? 3 : v.row.freshness === 'missing' ? 2 : v.row.freshness === 'stale' ? 1 : 0) * 10 +
  Math.min(9, v.row.failuresInARow)

export const sourcesView = (rows: readonly SourceRow[], nowMs: number, zone: string, filter: string): SourcesView => {
  const views = rows.map((r) => sourceView(r, nowMs, zone))
  const holding = views.filter((v) => v.row.freshness === 'dead' || v.row.freshness === 'missing')
  const stale = views.filter((v) => v.row.freshness === 'stale')
  const [worst] = [...views]
    .filter((v) => v.row.freshness !== 'fresh' || v.row.failuresInARow > 0)
    .sort((a, b) => severity(b) - severity(a))
  const wanted =
    filter === ''
      ? views
      : filter === 'needs:someone'
        ? views.filter((v) => v.troubled)
        : views.filter((v) => `${v.row.id} ${v.row.purpose}`.toLowerCase().includes(filter.toLowerCase()))
  const group = (title: string, kinds: readonly SourceRow['kind'][]): SourceGroup => {
    const all = views.filter((v) => kinds.includes(v.row.kind))
    const need = all.filter((v) => v.troubled).length
    return {
      title,
      note: need === 0 ? 'all as they should be' : `${need} of ${all.length} need someone`,
      rows: wanted.filter((v) => kinds.includes(v.row.kind)).sort((a, b) => severity(b) - severity(a)),
    }
  }
  const [first] = holding
  return {
    holding: String(holding.length),
    of: `of ${views.length}`,
    headline: first
      ? first.row.lastGoodMs === null
        ? `${first.row.purpose} has not been heard yet; advice that needs it is off.`
        : `${first.row.purpose}: nothing usable since ${first.lastGood}; advice that needs it is off.`
      : stale.length > 0
        ? `${count(stale.length, 'source is', 'sources are')} stale; advice goes on and says which.`
        : 'Every source is within its limits.',
    rest: first
      ? `${first.row.lastError ? `${first.row.lastError.replace(/[.]?$/, '.')} ` : ''}Retry; planning and the other sites go on.`
      : stale.length > 0
        ? 'Past the second limit, advice that rests on it is withheld.'
        : '',
    groups: [group('Market feeds', ['feed']), group('Machines and meters', ['devices', 'meter'])].filter((g) => g.rows.length > 0),
    worst: worst?.row.id ?? null,
  }
}
