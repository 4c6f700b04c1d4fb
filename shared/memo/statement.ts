import type { SiteReport } from '../decision/site-report.ts'
import { count, dateTime } from '../format.ts'
import { assumptionsSection } from './assumptions-page.ts'
import type { MemoInput, MemoStatement } from './blocks.ts'
import { cashSection, sensitivitySection } from './conversion-pages.ts'
import { decisionSection, siteTitle } from './decision-page.ts'
import { derivationSections } from './derivation-page.ts'
import { drawsSection } from './draws-page.ts'
import { drawsOf } from './draws-text.ts'
import { memoFileName } from './file-name.ts'
import { methodSection } from './method-page.ts'
import { numbersSection } from './numbers-page.ts'
import { portfolioSection, portfolioTitle } from './portfolio-page.ts'
import { mwOrUnknown, nameText, scopeOf } from './words.ts'

const sharedZone = (reports: readonly SiteReport[]): string => {
  const zones = new Set(reports.map((r) => r.timeZone))
  const only = [...zones][0]
  return zones.size === 1 && only !== undefined ? only : 'UTC'
}

const paperFor = (reports: readonly SiteReport[]): 'a4' | 'letter' =>
  reports.length > 0 && reports.every((r) => r.timeZone.startsWith('America/') || r.timeZone.startsWith('US/')) ? 'letter' : 'a4'

/** Throws without a report: a memo about nothing is our own mistake, not the operator's. */
export const memoStatement = (i: MemoInput): MemoStatement => {
  const [first] = i.reports
  if (!first) throw new Error('a memo needs at least one site report')
  const several = i.reports.length > 1
  const timeZone = sharedZone(i.reports)
  const totalMw = i.reports.reduce((sum, r) => sum + r.interconnectMw, 0)
  const scope = several ? `${count(i.reports.length, 'site')}, ${mwOrUnknown(totalMw)}` : scopeOf(first)
  const title = several ? portfolioTitle(i.reports, i.draws) : siteTitle(first, drawsOf(i.draws, first.id))
  const sections = [
    ...(several ? [portfolioSection(i.reports, { nowMs: i.nowMs, demo: i.demo, scope, draws: i.draws })] : []),
    ...i.reports.flatMap((r) =>
      [
        decisionSection(r, { nowMs: i.nowMs, demo: i.demo, opening: !several, draws: drawsOf(i.draws, r.id) }),
        numbersSection(r, drawsOf(i.draws, r.id)),
        cashSection(r),
        assumptionsSection(r, i.nowMs),
        sensitivitySection(r),
        drawsSection(r, drawsOf(i.draws, r.id), i.scenarios.find((s) => s.siteId === r.id) ?? null),
      ].filter((s) => s !== null),
    ),
    methodSection(i, timeZone, scope),
    ...derivationSections(i, scope),
  ]
  return {
    title,
    scope,
    suggestedName: memoFileName(
      `Hashyard memo ${several ? count(i.reports.length, 'site') : nameText(first.name)} ${isoDay(i.nowMs, timeZone)}${i.demo ? ' DEMO' : ''}`,
    ),
    demo: i.demo,
    version: i.version,
    generatedAtMs: i.nowMs,
    generatedAt: dateTime(i.nowMs, timeZone),
    paper: i.paper ?? paperFor(i.reports),
    sections,
    basis: {
      reports: i.reports,
      explained: i.explained,
      draws: i.draws.map(({ run: { durationMs: _, ...run } }) => run),
      scenarios: i.scenarios,
      sources: i.sources,
      version: i.version,
      demo: i.demo,
    },
  }
}

/** "2026-11-25", so that names sort by day. */
const isoDay = (ms: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms)
