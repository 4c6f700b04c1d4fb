import { endsText } from '../decision/conversion-stance.ts'
import type { SiteReport } from '../decision/site-report.ts'
import { clockTimeZone, date, decimal, money } from '../format.ts'
import type { MemoDraws } from './blocks.ts'
import { visibleText } from './visible-text.ts'
import { nameText } from './words.ts'

/** A range is printed with its median or not at all: "$4.1M (P10 −$1.2M, P90 $9.8M)". */
export const rangeText = ({ run }: MemoDraws): string => `${money(run.npv.p50Usd)} (${endsText(run)})`
export const drawsOf = (draws: readonly MemoDraws[], siteId: string): MemoDraws | null => draws.find((d) => d.run.siteId === siteId) ?? null

/** How a run was made, so that anybody can make it again. */
export const drawnText = (d: MemoDraws, r: SiteReport): string => {
  const { run } = d
  const moved =
    d.standing === 'moved'
      ? `, on prices and machines as of ${clockTimeZone(run.asOfMs, r.timeZone)} on ${date(run.asOfMs, r.timeZone)}`
      : ''
  return `${nameText(r.name)}: ${decimal(run.draws, 0)} draws, seed ${run.seed}, generator ${visibleText(run.generator, 60)}${moved}.`
}
