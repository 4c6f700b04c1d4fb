import type { SiteReport } from '../decision/site-report.ts'
import { clockTimeZone, count, decimal, dollars, money, UNKNOWN } from '../format.ts'
import { column, type MemoSection, row } from './blocks.ts'
import { assumptionFigure, assumptionText, duration, tableMoney } from './figure-text.ts'
import { assumed, assumedNumber, leaseText } from './stance.ts'
import { visibleText } from './visible-text.ts'
import { scopeOf } from './words.ts'

const conversionSource = (r: SiteReport) =>
  `Source: Hashyard; assumptions as listed under Assumptions, as of ${clockTimeZone(r.asOfMs, r.timeZone)}.`

export const cashSection = (r: SiteReport): MemoSection | null => {
  const f = r.ai.figures
  if (f === null) return null
  const months = f.cumulativeUsd.length - 1
  // Against mining on; the cash tied up is the project's own.
  const lowest = Math.min(...f.cumulativeUsd)
  const lowestMonth = f.cumulativeUsd.indexOf(lowest)
  const lowestText = `${money(lowest)}, month ${decimal(lowestMonth, 0)}`
  const begin = assumedNumber(r, 'startMonth')
  const build = assumedNumber(r, 'buildMonths')
  const ready = begin === null || build === null ? null : begin + build
  return {
    id: `cash-${r.id}`,
    siteId: r.id,
    running: 'Cash and timeline',
    scope: scopeOf(r),
    heading:
      f.paybackMonths === null
        ? `The cash does not come back within ${duration(months)}`
        : `The cash comes back after ${duration(f.paybackMonths)}`,
    opening: false,
    blocks: [
      {
        kind: 'facts',
        id: 'milestones',
        ruled: true,
        rows: [
          {
            label: 'Point of no return',
            text: `Start of building, ${begin === null ? UNKNOWN : begin === 0 ? 'today' : `${duration(begin)} from today`}. Mining on those MW ends then.`,
          },
          {
            label: 'First rent',
            text: `${ready === null ? UNKNOWN : `${duration(ready)} from today`}, full after a ramp of ${assumed(r, 'rampMonths')}.`,
          },
          {
            label: 'Most cash tied up',
            text: `${money(Math.abs(Math.min(0, f.lowestCashUsd)))} in month ${decimal(f.lowestCashMonth, 0)}. No financing is entered: all of it is the owner’s.`,
          },
        ],
      },
      {
        kind: 'chart',
        id: 'cumulative',
        heading: `At worst ${money(lowest)} against mining on, in month ${decimal(lowestMonth, 0)}`,
        caption: 'Cumulative cash of converting against mining on, entered case, undiscounted, $ million, by year from today',
        source: conversionSource(r),
        alt: `Line chart of cumulative cash against mining on. Lowest ${lowestText}; ${money(f.cumulativeUsd[months] ?? null)} after ${duration(months)}.`,
        chart: {
          type: 'cumulative',
          monthly: f.cumulativeUsd,
          lowestMonth,
          lowestText,
        },
      },
      {
        kind: 'table',
        id: 'cash',
        heading: 'Cash by year',
        caption: 'Undiscounted, from today; mining is what the converted MW would have earned',
        look: 'dense',
        columns: [
          column('Year', { width: 16 }),
          column('Conversion', { align: 'right' }),
          column('Mining given up', { align: 'right' }),
          column('Difference', { align: 'right' }),
        ],
        rows: f.cashByYear.map((y) =>
          row(decimal(y.year, 0), tableMoney(y.projectUsd), tableMoney(y.miningUsd), tableMoney(y.projectUsd - y.miningUsd)),
        ),
        note: null,
      },
    ],
  }
}

export const sensitivitySection = (r: SiteReport): MemoSection | null => {
  const f = r.ai.figures
  const strongest = f?.tornado[0]
  if (f === null || strongest === undefined) return null
  const shown = f.tornado.slice(0, 10)
  const worthIt = f.npvUsd >= 0
  const turns = shown.filter((t) => (worthIt ? Math.min(t.npvLowUsd, t.npvHighUsd) < 0 : Math.max(t.npvLowUsd, t.npvHighUsd) > 0)).length
  const lease = f.breakEvenLeasePerKwMonthUsd
  return {
    id: `sensitivity-${r.id}`,
    siteId: r.id,
    running: 'Sensitivity',
    scope: scopeOf(r),
    heading: `${visibleText(strongest.label, 60)} moves the conversion most`,
    opening: false,
    blocks: [
      {
        kind: 'chart',
        id: 'tornado',
        heading: `${decimal(turns, 0)} of ${count(shown.length, 'input')} alone can make converting worth ${worthIt ? 'less' : 'more'} than mining on`,
        caption:
          'NPV against keep-mining when one input moves and all others stay, $ million; the input’s range at the bar’s ends, its low end outlined',
        source: conversionSource(r),
        alt: `Tornado chart around ${money(f.npvUsd)}. ${shown.map((t) => `${visibleText(t.label, 60)}: ${money(t.npvLowUsd)} at ${assumptionText(t.id, t.low, t.unit)}, ${money(t.npvHighUsd)} at ${assumptionText(t.id, t.high, t.unit)}`).join('; ')}.`,
        chart: {
          type: 'tornado',
          base: f.npvUsd,
          baseText: money(f.npvUsd),
          bars: shown.map((t) => ({
            label: visibleText(t.label, 30),
            atLow: t.npvLowUsd,
            atHigh: t.npvHighUsd,
            lowText: assumptionFigure(t.id, t.low, t.unit).value,
            highText: assumptionFigure(t.id, t.high, t.unit).value,
          })),
        },
      },
      {
        kind: 'facts',
        id: 'switch-points',
        ruled: true,
        rows: [
          {
            label: 'Lease',
            text:
              lease === null
                ? 'No lease makes converting and mining on worth the same.'
                : `The conversion loses against mining on below ${leaseText(lease)}; ${assumed(r, 'leasePerKwMonthUsd')} is entered.`,
          },
          {
            label: 'Hashprice',
            text:
              f.parityHashpriceUsd === null
                ? 'No hashprice makes converting and mining on worth the same.'
                : `Mining on is worth as much as converting at ${dollars(f.parityHashpriceUsd)}/PH/day; ${r.hashpriceUsdPerPhDay === null ? 'today’s is not known' : `today it is ${dollars(r.hashpriceUsdPerPhDay)}/PH/day`}.`,
          },
        ],
      },
      {
        kind: 'table',
        id: 'suitability',
        heading: `Suitability of the site: ${decimal(r.ai.score, 0)} of 100 points`,
        caption: '70 and more is a candidate, 50 and more conditional; a condition not met rules the conversion out whatever the points',
        look: 'dense',
        columns: [
          column('Component', { width: 40 }),
          column('Entered', { align: 'right' }),
          column('Points of 100', { align: 'right' }),
          column('Weight', { align: 'right' }),
        ],
        rows: r.ai.components.map((c) =>
          row(visibleText(c.label, 60), visibleText(c.input, 40), decimal(c.score, 0), decimal(c.weight, 0)),
        ),
        note: null,
      },
    ],
  }
}
