/** A conversion's figures as a finance office reads them in a terminal. */
import { assumptionText } from '#shared/decision/assumption-text.ts'
import { waitingFigures } from '#shared/economics/ai/site-roi.ts'
import { count, decimal, dollars, megawattsText, money, percent, UNKNOWN } from '#shared/format.ts'
import type { RoiAnswer } from './roi-json.ts'

const LABEL = 18
const row = (label: string, text: string) => `  ${label.padEnd(LABEL)}${text}`
const times = (n: number | null | undefined) => (n === null || n === undefined ? UNKNOWN : `${decimal(n, 2)}x`)

/** What mining on was taken to earn: era by era, or the same throughout and why. */
const miningOnText = ({ keepMining, report }: RoiAnswer['roi']): string[] => {
  if (keepMining !== null) {
    const eras = keepMining.eras.map((e, k) => {
      const usd = `${dollars(e.marginPerRunningMwMonthUsd, 0)}/MW-month`
      return k === 0 ? `${usd} today` : `${usd} from month ${e.fromMonth}`
    })
    return [row('', `a MW that mines on keeps ${eras.join(', ')} (halvings, price flat, today’s fleet)`)]
  }
  const margin = report.assumptions.find((a) => a.id === 'miningCashMarginPerMwMonthUsd')
  if (margin === undefined || margin.value === 0) return []
  return [
    row(
      '',
      margin.overridden
        ? 'mining on earns the margin entered in every month: no halving is taken off'
        : 'mining on earns today’s hashprice throughout: no halving is taken off, which speaks for mining',
    ),
  ]
}

const figuresText = ({ roi }: RoiAnswer): string[] => {
  const f = roi.report.figures
  const p = roi.project
  if (f === null || p === null) return []
  const coins =
    typeof p.parity?.parityBtcUsd === 'number'
      ? ` · BTC ${dollars(p.parity.parityBtcUsd, 0)} at this difficulty, ${dollars(p.parity.parityAtEquilibriumBtcUsd, 0)} once the network has answered`
      : ''
  const covenant =
    'covenantBreachMonths' in p && p.covenantBreachMonths !== undefined && p.covenantDscr !== undefined
      ? ` · covenant ${times(p.covenantDscr)} ${p.covenantBreachMonths.length === 0 ? 'kept' : `broken in ${count(p.covenantBreachMonths.length, 'month')}, first month ${p.covenantBreachMonths[0]}`}`
      : ''
  return [
    row(
      'Capital',
      `${money(f.totalCapexUsd)} for ${megawattsText(f.itMw)} of IT load · lowest cash ${money(f.lowestCashUsd)} in month ${f.lowestCashMonth}`,
    ),
    row('NPV', `${money(f.npvUsd)} against mining on (project ${money(f.npvProjectUsd)}, mining given up ${money(f.npvKeepMiningUsd)})`),
    ...miningOnText(roi),
    ...('npvIncrementalAfterTax' in p ? [row('', `${money(p.npvIncrementalAfterTax ?? null)} after tax`)] : []),
    row(
      'Return',
      `IRR ${percent(f.irr)}${f.irrStatus === 'MULTIPLE' ? ' (several roots: none is the answer)' : ''} · payback ${f.paybackMonths === null ? UNKNOWN : count(Math.ceil(f.paybackMonths), 'month')} · yield on cost ${percent(f.yieldOnCost)} · margin ${percent(f.noiMargin)} (no capital in it)`,
    ),
    ...('minDscr' in p
      ? [
          row(
            'Debt service',
            (p.minDscr ?? null) === null
              ? 'none falls due inside the horizon'
              : `DSCR ${times(p.minDscr)} at least, ${times(p.avgDscr)} on average${covenant}`,
          ),
          row(
            'Equity',
            `${money(p.equityNeededUsd ?? null)} · IRR ${percent(p.equityIrrAnnual ?? null)} · multiple ${times(p.equityMultiple)}`,
          ),
        ]
      : []),
    row('Break-even lease', `${dollars(f.breakEvenLeasePerKwMonthUsd)}/kW-month`),
    row('Parity', `hashprice ${dollars(f.parityHashpriceUsd)}/PH/day${coins}`),
  ]
}

/** Why there is no option to value. */
const noWaiting = (o: NonNullable<RoiAnswer['outcome']>): string =>
  o.investmentUsd <= 0
    ? 'nothing is invested, so there is nothing to put off'
    : o.valueUsd <= 0
      ? 'no value to wait for: the conversion is worth less than nothing on average'
      : 'nothing in the draws is uncertain, so waiting teaches nothing'

const drawnText = ({ roi, outcome }: RoiAnswer): string[] => {
  if (outcome === null) return []
  const q = outcome.npvIncremental
  const waiting = waitingFigures(roi, outcome)
  const words = { INVEST: 'invest', WAIT: 'wait', LEAVE: 'leave it' } as const
  return [
    '',
    row('Uncertainty', `P10 ${money(q.p10Usd)} · P50 ${money(q.p50Usd)} · P90 ${money(q.p90Usd)} · mean ${money(q.meanUsd)}`),
    row(
      '',
      `mean of the worst twentieth ${money(q.expectedShortfallUsd)} · project loses money in ${percent(outcome.probabilityNpvNegative)} of draws`,
    ),
    row(
      'Regret',
      `converting is worse than mining on in ${percent(outcome.regretProbability)} of draws, by ${money(outcome.meanRegretUsd)} on average`,
    ),
    ...(outcome.probabilityBelowCovenant === null
      ? []
      : [row('Covenant', `below ${times(outcome.covenantDscr)} in ${percent(outcome.probabilityBelowCovenant)} of draws`)]),
    waiting === null
      ? row('Waiting', noWaiting(outcome))
      : row(
          'Waiting',
          `worth ${money(waiting.valueOfWaiting)}, losing the slot costs ${money(waiting.costOfLosingSlot)}: ${waiting.advice === null ? UNKNOWN : words[waiting.advice]}`,
        ),
    row('', `${decimal(outcome.draws, 0)} draws, seed ${outcome.seed}, ${outcome.generator}`),
  ]
}

const tornadoText = ({ roi }: RoiAnswer): string[] => {
  const rows = roi.project === null ? [] : (roi.report.figures?.tornado ?? [])
  return rows.length === 0
    ? []
    : [
        '',
        '  What moves the NPV most',
        ...rows
          .slice(0, 6)
          .map((t) =>
            row(
              '',
              `${t.label.padEnd(30)} ${assumptionText(t.low, t.unit)} to ${assumptionText(t.high, t.unit)}: ${money(t.npvLowUsd)} to ${money(t.npvHighUsd)}`,
            ),
          ),
      ]
}

export const roiText = (a: RoiAnswer): string => {
  const { roi, gpuOutcome, treasury } = a
  const failedGates = roi.gates.filter((g) => g.failed === true)
  const unknown = roi.gates.filter((g) => g.failed === null)
  const gpu = roi.gpu?.figures
  return `${[
    roi.file.site.name,
    row('Verdict', roi.report.sentence),
    row(
      'Suitability',
      roi.score === null
        ? `not surveyed: ${decimal(roi.notSurveyed.length, 0)} of 10 answers are missing`
        : `${decimal(roi.score, 0)} of 100`,
    ),
    ...failedGates.map((g) => row('', `${g.reason}. ${g.cure}`)),
    ...(failedGates.length === 0 && unknown.length > 0 ? [row('', `not judged: ${unknown.map((g) => g.id).join(', ')}`)] : []),
    ...figuresText(a),
    ...drawnText(a),
    ...tornadoText(a),
    ...(gpu === undefined
      ? []
      : [
          '',
          row(
            'GPUs instead',
            `${decimal(gpu.gpus, 0)} of them, ${money(gpu.capexUsd)} · NPV ${money(gpu.npv)} by itself · IRR ${percent(gpu.irr)} · break-even ${dollars(gpu.breakEvenGpuHour)}/GPU-hour`,
          ),
          ...(gpuOutcome === null
            ? []
            : [
                row(
                  '',
                  `against mining on P10 ${money(gpuOutcome.npvIncremental.p10Usd)} · P50 ${money(gpuOutcome.npvIncremental.p50Usd)} · P90 ${money(gpuOutcome.npvIncremental.p90Usd)} · regret ${percent(gpuOutcome.regretProbability)}`,
                ),
              ]),
          ...gpu.warnings.map((w) => row('', w)),
        ]),
    ...(treasury === null
      ? []
      : [
          '',
          row(
            'Coins',
            `pay ${money(treasury.totalNeedUsd)} of equity at BTC ${dollars(treasury.flat.fullFundingBtcUsdFlat, 0)} or more · short in ${percent(treasury.risk.probabilityShortfall)} of draws, ${money(treasury.risk.p95ShortfallUsd)} at P95`,
          ),
        ]),
    '',
    `  Assumed, change them in the file (${decimal(roi.assumed.length, 0)}):`,
    ...roi.assumed.map((n) => `    ${n.field} ${n.reason}`),
  ].join('\n')}\n`
}
