import type { SourceRow } from '../contract.ts'
import type { SiteReport } from '../decision/site-report.ts'
import { age, count, decimal, percent, UNKNOWN } from '../format.ts'
import { ageOf, asOf } from './assumptions-page.ts'
import { column, type MemoBlock, type MemoInput, type MemoSection, row } from './blocks.ts'
import { workedLine } from './derivation-page.ts'
import { drawnText, drawsOf } from './draws-text.ts'
import { VERDICT_TEXT } from './portfolio-page.ts'
import { visibleText } from './visible-text.ts'
import { ended, listed, nameText } from './words.ts'

const FRESHNESS_TEXT: Record<SourceRow['freshness'], string> = { fresh: 'Live', stale: 'Stale', dead: 'Too old', missing: 'Nothing yet' }

const sourcesTable = (sources: readonly SourceRow[], nowMs: number, timeZone: string): MemoBlock => {
  const errors = sources.filter((s) => s.lastError !== null)
  return {
    kind: 'table',
    id: 'sources',
    heading: 'Where the data came from',
    caption: `Times in ${timeZone}; an input is stale past its first limit and out of advice past its second`,
    look: 'dense',
    columns: [
      column('Source', { width: 36 }),
      column('Last good', { width: 11 }),
      column('Age', { align: 'right', width: 9 }),
      column('Limits', { align: 'right', width: 14 }),
      column('Coverage', { width: 17 }),
      column('State', { width: 13 }),
    ],
    rows: sources.map((s) =>
      row(
        `${visibleText(s.id, 60)}: ${visibleText(s.purpose, 160)}`,
        asOf(s.lastGoodMs, timeZone, nowMs),
        ageOf(s.lastGoodMs, nowMs),
        s.limits === null ? 'does not age' : `${age(s.limits.staleAfterMs)}, ${age(s.limits.deadAfterMs)}`,
        s.coverage === null ? UNKNOWN : visibleText(s.coverage, 100),
        s.failuresInARow > 0 ? `${FRESHNESS_TEXT[s.freshness]}, ${count(s.failuresInARow, 'failure')}` : FRESHNESS_TEXT[s.freshness],
      ),
    ),
    note:
      errors.length === 0
        ? null
        : `Last errors. ${errors.map((s) => ended(`${visibleText(s.id, 60)}: ${visibleText(s.lastError ?? '', 200)}`)).join(' ')}`,
  }
}

const gapText = (r: SiteReport): string => {
  if (r.powerMw === null) return 'no machine power known'
  if (r.meterPowerMw === null) return `no meter reading; overhead ratio ${decimal(r.overheadRatio, 3)} assumed`
  // The report's power is machines times overhead ratio; the meter is compared with the machines alone.
  const machinesMw = r.powerMw / r.overheadRatio
  const gap = r.meterPowerMw - machinesMw
  const share = r.meterPowerMw === 0 ? null : gap / r.meterPowerMw
  return `${decimal(gap, 2)} MW, ${percent(share)} (meter ${decimal(r.meterPowerMw, 2)}, machines ${decimal(machinesMw, 2)}); overhead ratio ${decimal(r.overheadRatio, 3)} ${r.overheadMeasured ? 'measured' : 'assumed'}`
}

const statesText = (r: SiteReport): string =>
  Object.entries(r.states)
    .filter(([, n]) => n > 0)
    .map(([state, n]) => `${decimal(n, 0)} ${visibleText(state, 20)}`)
    .join(', ') || UNKNOWN

const coverageTable = (reports: readonly SiteReport[]): MemoBlock => ({
  kind: 'table',
  id: 'coverage',
  heading: 'Machines reporting, and the meter against their sum',
  caption: null,
  look: 'dense',
  columns: [
    column('Site', { width: 18 }),
    column('Reported', { width: 15 }),
    column('States', { width: 24 }),
    column('Meter less machines'),
  ],
  rows: reports.map((r) =>
    row(
      nameText(r.name),
      `${decimal(r.coverage.reported, 0)} of ${decimal(r.coverage.machines, 0)}${r.coverage.machines === 0 ? '' : `, ${percent(r.coverage.reported / r.coverage.machines)}`}`,
      statesText(r),
      gapText(r),
    ),
  ),
  note: 'A machine that did not report enters no sum as zero: its last reading is used while it counts, then its name plate, marked as estimated; otherwise it is left out and counted here.',
})

const CONTRACT_PRICE: Record<SiteReport['contract']['type'], string> = {
  index: 'index contract, the market price',
  ppa: 'power purchase agreement, the market price less the resale spread where contract energy may be sold back, nothing where it may not',
  fixed: 'fixed tariff, the tariff',
}

/** What was drawn and what it was drawn with; sites without a run are named. */
const drawsRow = (i: MemoInput): { label: string; text: string }[] => {
  if (i.draws.length === 0) return []
  const without = i.reports.filter((r) => r.ai.figures !== null && drawsOf(i.draws, r.id) === null)
  const made = i.reports.flatMap((r) => {
    const d = drawsOf(i.draws, r.id)
    return d === null ? [] : [drawnText(d, r)]
  })
  return [
    {
      label: 'Draws',
      text: `${made.join(' ')}${without.length === 0 ? '' : ` None for ${listed(without.map((r) => nameText(r.name)))}: entered case.`} Drawn are the coin price with the network\u2019s answer, the power price where the site buys at the market, capital overrun, delay, the lease signed, and tenant default with re-letting; both sides of a draw meet the same world, and mining on may stop.`,
    },
  ]
}

export const methodSection = (i: MemoInput, timeZone: string, scope: string): MemoSection => {
  const { reports, sources, nowMs } = i
  return {
    id: 'freshness',
    siteId: null,
    running: 'Data freshness and method',
    scope,
    heading: 'How old the data is and how the figures were made',
    opening: false,
    blocks: [
      sourcesTable(sources, nowMs, timeZone),
      coverageTable(reports),
      {
        kind: 'formula',
        id: 'break-even',
        heading: 'Break-even power price',
        words:
          'What a block earns with one MWh at the site’s meter, less the charges that fall away with it: hashprice after pool fee and stale shares, divided by the MWh that one PH/s needs in a day. Above it, stop; below it, run. The site’s figure is its least efficient running block.',
        worked: reports.map((r) => workedLine(i, r, 'break_even_power_per_mwh')),
      },
      {
        kind: 'formula',
        id: 'margin',
        heading: 'Margin',
        words: `Break-even less the price the decision is made at, which is what a MWh not consumed is worth: ${listed([...new Set(reports.map((r) => CONTRACT_PRICE[r.contract.type]))])}.`,
        worked: reports.map((r) => workedLine(i, r, 'margin_per_mwh')),
      },
      {
        kind: 'formula',
        id: 'conversion',
        heading: 'Conversion against mining on',
        words:
          'Rent less operating cost, power and capital, month by month, with the exit value in the last month, less what the same MW would have earned by mining on, discounted at the rate under Assumptions. Mining on is today’s fleet, maintained, at today’s coin price: it loses its part at each halving, as far as the others’ leaving does not make up for it, and stands still where power costs more; a margin that was typed is the same in every month. Suitability is judged first: a condition that is not met rules the conversion out, whatever it would earn.',
        worked: reports.map(
          (r) =>
            `${nameText(r.name)}: ${VERDICT_TEXT[r.ai.verdict].toLowerCase()}, ${decimal(r.ai.score, 0)} of 100 points.${drawsOf(i.draws, r.id) === null ? '' : ' Entered case:'} ${ended(visibleText(r.ai.sentence, 400))}`,
        ),
      },
      {
        kind: 'facts',
        id: 'method',
        ruled: true,
        rows: [
          {
            label: 'Model',
            text: `Hashyard ${visibleText(i.version, 40)}.${i.draws.length === 0 ? ' No random draws: every figure is the entered case.' : ''}`,
          },
          ...drawsRow(i),
          {
            label: 'Gaps',
            text: 'A reading or price that did not come is left out and counted, never filled with zero or carried past its second limit.',
          },
          {
            label: 'Not in this version',
            text: 'Financing, risks and alternatives rejected, sign-off, changes since an earlier memo.',
          },
          { label: 'What it is', text: 'A decision aid made from the operator’s own data. Not an offer and not an audited account.' },
        ],
      },
    ],
  }
}
