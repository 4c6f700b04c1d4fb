import type { SiteReport } from '../decision/site-report.ts'
import { accounting, amount, clockTimeZone, count, date, decimal, price, UNKNOWN } from '../format.ts'
import { column, type MemoDraws, type MemoSection, row } from './blocks.ts'
import { NO_OWNER, oldInputs, REVERSIBLE } from './decision-page.ts'
import { drawsOf } from './draws-text.ts'
import { stanceOf } from './stance.ts'
import { blocksPhrase, capital, listed, mwFigure, mwOrUnknown, nameText, type Switching, switchingOf } from './words.ts'

export const VERDICT_TEXT: Record<SiteReport['ai']['verdict'], string> = {
  CANDIDATE: 'Candidate',
  CONDITIONAL: 'Conditional',
  KEEP_MINING: 'Keep mining',
  DO_NOT_CONVERT: 'Do not convert',
}

/** With draws the column says what they decide, as the title does. */
const hostingText = (r: SiteReport, d: MemoDraws | null): string => {
  switch (stanceOf(r, d)) {
    case 'seek-lease':
      return VERDICT_TEXT.CANDIDATE
    case 'conditional':
      return VERDICT_TEXT.CONDITIONAL
    case 'stay-mining':
    case 'not-worth-it':
      return VERDICT_TEXT.KEEP_MINING
    default:
      return VERDICT_TEXT[r.ai.verdict]
  }
}

const ADVICE_TEXT: Record<Switching, string> = { stop: 'Stop', rest: 'Leave off', start: 'Start', run: 'Run', none: 'Withheld' }
const adviceText = (r: SiteReport) => {
  const advice = switchingOf(r)
  return advice === 'stop' ? `${ADVICE_TEXT.stop} ${mwOrUnknown(r.recommendation.mw)}` : ADVICE_TEXT[advice]
}

const siteNames = (reports: readonly SiteReport[]) =>
  reports.length <= 3 ? listed(reports.map((r) => nameText(r.name))) : count(reports.length, 'site')

/** The sum of what is known, and of how many it is a sum; null where nothing is known. */
export const knownSum = (values: readonly (number | null)[]): { sum: number | null; known: number } => {
  const known = values.filter((v) => v !== null)
  return { sum: known.length === 0 ? null : known.reduce((a, b) => a + b, 0), known: known.length }
}

export const portfolioTitle = (reports: readonly SiteReport[], draws: readonly MemoDraws[]): string => {
  const curtail = reports.filter((r) => switchingOf(r) === 'stop')
  const of = (advice: Switching) => reports.filter((r) => switchingOf(r) === advice)
  const mw = knownSum(curtail.map((r) => r.recommendation.mw)).sum
  const run = of('run')
  const clause = (some: readonly SiteReport[], say: (names: string) => string) => (some.length === 0 ? null : say(siteNames(some)))
  const switching = [
    clause(curtail, (names) => `stop ${mwOrUnknown(mw)} at ${names}`),
    run.length === reports.length ? `keep all ${count(run.length, 'site')} hashing` : clause(run, (names) => `keep ${names} hashing`),
    clause(of('start'), (names) => `start the machines at rest at ${names}`),
    clause(of('rest'), (names) => `leave ${names} off`),
    clause(of('none'), (names) => `decide nothing yet at ${names}`),
  ].filter((s) => s !== null)
  const seek = reports.filter((r) => stanceOf(r, drawsOf(draws, r.id)) === 'seek-lease')
  const conversion = seek.length === 0 ? 'convert none of them to AI hosting now' : `seek an AI lease for ${siteNames(seek)}`
  return `${capital(listed(switching))}; ${conversion}`
}

const portfolioNumber = (reports: readonly SiteReport[]): { figure: string; captions: string[] } => {
  const curtail = reports.filter((r) => switchingOf(r) === 'stop')
  const price = 'At present prices. A year of prices is not simulated in this version.'
  if (curtail.length > 0) {
    const saving = knownSum(curtail.map((r) => r.recommendation.savingUsd))
    return {
      figure: amount(saving.sum),
      captions: [`an hour, kept by stopping instead of running on, ${count(saving.known, 'site')}`, price],
    }
  }
  const margin = knownSum(reports.map((r) => r.marginUsdPerHour))
  if (margin.sum === null) return { figure: UNKNOWN, captions: ['No site’s margin is known.', price] }
  return {
    figure: amount(margin.sum),
    captions: [`margin an hour, ${decimal(margin.known, 0)} of ${count(reports.length, 'site')}`, price],
  }
}

export const portfolioSection = (
  reports: readonly SiteReport[],
  { nowMs, demo, scope, draws }: { nowMs: number; demo: boolean; scope: string; draws: readonly MemoDraws[] },
): MemoSection => {
  const machines = reports.reduce((n, r) => n + r.coverage.machines, 0)
  const reported = reports.reduce((n, r) => n + r.coverage.reported, 0)
  const seek = reports.filter((r) => stanceOf(r, drawsOf(draws, r.id)) === 'seek-lease')
  const curtail = reports.filter((r) => switchingOf(r) === 'stop')
  const none = reports.filter((r) => r.recommendation.action === 'none')
  const dates = reports
    .flatMap((r) => (r.recommendation.nextChangeAtMs === null ? [] : [{ at: r.recommendation.nextChangeAtMs, r }]))
    .sort((a, b) => a.at - b.at)
  const next = dates[0]
  const care = [
    demo ? 'Simulated farm: nothing on these pages describes a real site.' : null,
    ...reports.flatMap((r) => oldInputs(r, nowMs).map((text) => `${nameText(r.name)}: ${text}`)),
    reported < machines ? `${decimal(reported, 0)} of ${count(machines, 'machine')} reported.` : null,
  ].filter((s) => s !== null)
  return {
    id: 'portfolio',
    siteId: null,
    running: 'Decision memo',
    scope,
    heading: portfolioTitle(reports, draws),
    opening: true,
    blocks: [
      {
        kind: 'facts',
        id: 'asked',
        ruled: false,
        rows: [
          {
            label: 'Asked of the board',
            text: [
              'Approve the rule for every site: a block runs while the power price is below its own break-even.',
              curtail.length > 0
                ? `Today it stops ${listed(curtail.map((r) => `${blocksPhrase(r)} at ${nameText(r.name)}`))}.`
                : 'Today it stops nothing.',
              none.length > 0 ? `No advice is given for ${siteNames(none)}.` : null,
              seek.length > 0
                ? `Give a mandate to seek a lease for ${siteNames(seek)}. No money is asked for yet.`
                : 'No money is asked for a conversion.',
            ]
              .filter((s) => s !== null)
              .join(' '),
          },
          {
            label: 'By when',
            text:
              [
                curtail.length > 0 ? 'Now, at the sites to be stopped.' : null,
                next
                  ? `The first day-ahead price to cross a break-even: ${nameText(next.r.name)}, ${clockTimeZone(next.at, next.r.timeZone)} on ${date(next.at, next.r.timeZone)}.`
                  : null,
              ]
                .filter((s) => s !== null)
                .join(' ') || 'No hurry: no change of advice is known from the prices published so far.',
          },
          { label: 'Owner', text: NO_OWNER },
        ],
      },
      {
        kind: 'verdict',
        id: 'verdict',
        heading: 'Verdict',
        sentence:
          curtail.length > 0
            ? `${decimal(curtail.length, 0)} of ${count(reports.length, 'site')} should stop load now.`
            : none.length === reports.length
              ? 'No advice can be given on the inputs at hand.'
              : none.length > 0
                ? 'No block of the judged sites should be stopped at the present price.'
                : 'No block should be stopped at the present price.',
        reason: '',
        ...portfolioNumber(reports),
      },
      {
        kind: 'table',
        id: 'sites',
        heading: 'The sites',
        caption: 'Marginal block’s break-even against the price the decision is made at, $/MWh',
        look: 'dense',
        columns: [
          column('Site', { width: 16 }),
          column('Advice', { width: 13 }),
          column('MW', { align: 'right', width: 6 }),
          column('Break-even', { align: 'right', width: 12 }),
          column('Price', { align: 'right', width: 8 }),
          column('Margin', { align: 'right', width: 9 }),
          column('$/hour', { align: 'right', width: 10 }),
          column('AI hosting', { width: 14 }),
          column('Reported', { align: 'right', width: 12 }),
        ],
        rows: reports.map((r) =>
          row(
            nameText(r.name),
            adviceText(r),
            mwFigure(r.powerMw),
            price(r.breakEvenPowerPerMwh),
            price(r.pricePerMwh),
            accounting(price(r.marginPerMwh)),
            accounting(amount(r.marginUsdPerHour)),
            hostingText(r, drawsOf(draws, r.id)),
            `${decimal(r.coverage.reported, 0)} of ${decimal(r.coverage.machines, 0)}`,
          ),
        ),
        note: null,
      },
      {
        kind: 'facts',
        id: 'standing',
        ruled: true,
        rows: [
          { label: 'Reversibility', text: REVERSIBLE },
          { label: 'Status', text: 'Draft, unsigned. Each site’s page says how long its advice holds.' },
          {
            label: 'Read with care',
            text: care.length === 0 ? 'Nothing: every input is within its limits and every machine reported.' : care.join(' '),
          },
        ],
      },
    ],
  }
}
