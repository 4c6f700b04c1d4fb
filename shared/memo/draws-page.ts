import { chanceOfLoss, endsText, ofHundredDraws } from '../decision/conversion-stance.ts'
import type { ScenarioReport } from '../decision/scenario-report.ts'
import { shownBins } from '../decision/shown-bins.ts'
import type { SiteReport } from '../decision/site-report.ts'
import { clockTimeZone, count, date, decimal, money, percent, UNKNOWN } from '../format.ts'
import { column, type MemoBlock, type MemoDraws, type MemoScenarios, type MemoSection, row, strongRow } from './blocks.ts'
import { rangeText } from './draws-text.ts'
import { tableMoney } from './figure-text.ts'
import { visibleText } from './visible-text.ts'
import { ended, scopeOf } from './words.ts'

const distribution = (r: SiteReport, d: MemoDraws): MemoBlock => {
  const { run } = d
  const { bins, outside } = shownBins(run)
  const width = bins[0] === undefined ? null : bins[0].toUsd - bins[0].fromUsd
  const loss = ofHundredDraws(run.regretProbability)
  return {
    kind: 'chart',
    id: 'distribution',
    heading: `P50 ${rangeText(d)} against mining on`,
    caption: `NPV against keep-mining, $ million; ${decimal(run.draws, 0)} draws in bins of ${money(width)}, filled where converting loses${outside === 0 ? '' : `; ${count(outside, 'draw')} outside`}`,
    source: `Source: Hashyard, seed ${run.seed}, drawn as under Method; as of ${clockTimeZone(run.asOfMs, r.timeZone)} on ${date(run.asOfMs, r.timeZone)}.`,
    alt: `Histogram of ${decimal(run.draws, 0)} draws of the NPV against keep-mining. Below zero, ${chanceOfLoss(run)}. P50 ${money(run.npv.p50Usd)}, ${endsText(run)}; the worst twentieth ${money(run.npv.expectedShortfallUsd)} on average.`,
    chart: {
      type: 'distribution',
      bins,
      marks: [
        { name: 'P10', usd: run.npv.p10Usd, text: money(run.npv.p10Usd) },
        { name: 'P50', usd: run.npv.p50Usd, text: money(run.npv.p50Usd) },
        { name: 'P90', usd: run.npv.p90Usd, text: money(run.npv.p90Usd) },
      ],
      lossText: `worse: ${loss}`,
      gainText: `better: ${ofHundredDraws(1 - run.regretProbability)}`,
    },
  }
}

/** More would run over the sheet beside the chart; what is left out is counted. */
const MOST_SCENARIOS = 16
const MOST_PROBLEMS = 2

/** In the order of the table; where it is too long, the operator's own stay before the shipped ones. */
const shownRows = ({ rows: [baseline, ...others] }: ScenarioReport): ScenarioReport['rows'] => {
  const room = MOST_SCENARIOS - 1
  const kept = new Set([...others.filter((r) => r.file !== null), ...others.filter((r) => r.file === null)].slice(0, room))
  return [...(baseline === undefined ? [] : [baseline]), ...others.filter((r) => kept.has(r))]
}

const finding = (report: ScenarioReport): string => {
  const valued = report.rows.flatMap((r) => r.figures?.npvIncrementalUsd ?? [])
  const better = valued.filter((npv) => npv > 0).length
  return better === valued.length
    ? `Converting beats mining on in all ${decimal(valued.length, 0)} courses`
    : better === 0
      ? `Mining on beats converting in all ${decimal(valued.length, 0)} courses`
      : `Converting beats mining on in ${decimal(better, 0)} of ${decimal(valued.length, 0)} courses`
}

const scenarioTable = (report: ScenarioReport): MemoBlock => {
  const shown = shownRows(report)
  const left = report.rows.length - shown.length
  const problems = shown.flatMap((s) => (s.problem === null ? [] : [ended(`${visibleText(s.id, 24)}: ${visibleText(s.problem, 90)}`)]))
  const notes = [
    'The first row is today carried on; its course of mining is not the entered case’s.',
    ...problems.slice(0, MOST_PROBLEMS),
    problems.length <= MOST_PROBLEMS ? '' : `${count(problems.length - MOST_PROBLEMS, 'more course')} not computed.`,
    left === 0 ? '' : `${count(left, 'more scenario')} in the window.`,
    report.problems.length === 0 ? '' : `${count(report.problems.length, 'file')} of the scenario folder cannot be read.`,
  ].filter((s) => s !== '')
  return {
    kind: 'table',
    id: 'scenarios',
    heading: finding(report),
    caption: `${decimal(report.fleetMw, 1)} MW of machines over ${count(report.months, 'month')}, halvings included; mining at ${percent(report.miningDiscountRate, 0)}, the conversion at its own rate`,
    look: 'dense',
    columns: [
      column('Scenario', { width: 21 }),
      column('Course', { width: 38 }),
      column('NPV mining on', { align: 'right', width: 13 }),
      column('NPV converting, against it', { align: 'right', width: 15 }),
      column('Months below break-even', { align: 'right', width: 13 }),
    ],
    rows: shown.map((s, k) =>
      (k === 0 ? strongRow : row)(
        visibleText(s.id, 24),
        visibleText(s.title, 38).replace(/(^| )-(?=\d)/g, '$1−'),
        tableMoney(s.figures?.npvMiningUsd ?? null),
        tableMoney(s.figures?.npvIncrementalUsd ?? null),
        s.figures === null ? UNKNOWN : decimal(s.figures.monthsBelowBreakEven, 0),
      ),
    ),
    note: notes.join(' '),
  }
}

const scenarioBlock = (s: MemoScenarios): MemoBlock =>
  'report' in s
    ? scenarioTable(s.report)
    : {
        kind: 'text',
        id: 'scenarios',
        heading: 'The scenarios were not computed',
        paragraphs: [ended(visibleText(s.problem, 300))],
      }

/** What may happen to the conversion all at once: its draws, and the same site under each scenario. A page of its own. */
export const drawsSection = (r: SiteReport, d: MemoDraws | null, s: MemoScenarios | null): MemoSection | null => {
  if (r.ai.figures === null || (d === null && s === null)) return null
  const blocks = [d === null ? null : distribution(r, d), s === null ? null : scenarioBlock(s)].filter((b) => b !== null)
  return {
    id: `draws-${r.id}`,
    siteId: r.id,
    running: d === null ? 'Sensitivity: scenarios' : s === null ? 'Sensitivity: draws' : 'Sensitivity: draws and scenarios',
    scope: scopeOf(r),
    heading:
      d === null
        ? 'The conversion under the scenarios'
        : `Converting loses against mining on in ${ofHundredDraws(d.run.regretProbability)}`,
    opening: false,
    blocks,
  }
}
