import type { SiteReport } from '../decision/site-report.ts'
import { accounting, amount, count, dateTime, decimal, dollars, money, percent, price, UNKNOWN } from '../format.ts'
import { column, type MemoBlock, type MemoDraws, type MemoSection, row, strongRow } from './blocks.ts'
import { assumptionText, duration, tableMoney } from './figure-text.ts'
import { knownSum } from './portfolio-page.ts'
import { assumedNumber, failedGates, stanceOf } from './stance.ts'
import { visibleText } from './visible-text.ts'
import { advisedBlocks, capital, judgedBlocks, mwFigure, mwOrUnknown, nameText, perMwh, scopeOf } from './words.ts'

const breakEvenRange = (r: SiteReport): string => {
  const blocks = judgedBlocks(r)
  const [first, last] = [blocks[blocks.length - 1], blocks[0]]
  if (!first || !last) return UNKNOWN
  return first === last ? price(first.breakEvenPowerPerMwh) : `${price(first.breakEvenPowerPerMwh)} to ${price(last.breakEvenPowerPerMwh)}`
}

export const less = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b)

/** Hashrate of what is switched off; of a block that is stopped in part, that part by MW. */
const switchedOffPhs = (r: SiteReport): number | null => {
  const off = advisedBlocks(r)
  if (off.length === 0) return 0
  const phs = knownSum(off.map((b) => b.hashratePhs)).sum
  const mw = knownSum(off.map((b) => b.powerMw)).sum
  if (phs === null || mw === null || mw <= 0 || r.recommendation.mw === null) return null
  return phs * Math.min(1, r.recommendation.mw / mw)
}

const irrText = (f: SiteReport['ai']['figures']): string =>
  f === null ? '' : f.irr === null ? `none (${visibleText(f.irrStatus.toLowerCase().replaceAll('_', ' '), 30)})` : percent(f.irr)

/** The NPV of converting: drawn where it was drawn, else the entered case alone. */
const npvRows = (r: SiteReport, d: MemoDraws | null, out: (text: string) => string) => {
  const f = r.ai.figures
  if (d === null)
    return [
      strongRow('NPV against keep-mining', 'baseline', UNKNOWN, out(tableMoney(f?.npvUsd ?? null))),
      row('NPV, P10 to P90', 'not simulated', 'not simulated', out('no draws run')),
    ]
  const { npv, regretProbability, probabilityNpvNegative } = d.run
  return [
    strongRow('NPV against keep-mining, P50', 'baseline', 'not simulated', tableMoney(npv.p50Usd)),
    row('NPV, P10; P90', UNKNOWN, UNKNOWN, `${tableMoney(npv.p10Usd)}; ${tableMoney(npv.p90Usd)}`),
    row('Chance of a loss; of regret', UNKNOWN, UNKNOWN, `${percent(probabilityNpvNegative)}; ${percent(regretProbability)}`),
  ]
}

const optionsTable = (r: SiteReport, d: MemoDraws | null): MemoBlock => {
  const f = r.ai.figures
  const a = r.recommendation
  const stance = stanceOf(r, d)
  const gridMw = assumedNumber(r, 'gridMw')
  // A conversion takes the unused part of the grid connection first.
  const mined = gridMw === null || r.powerMw === null ? null : Math.min(r.powerMw, Math.max(0, r.interconnectMw - gridMw))
  const offPhs = a.action === 'none' ? null : switchedOffPhs(r)
  const offMw = a.action === 'none' ? null : a.mw
  const ruledMargin = r.marginUsdPerHour === null || a.savingUsd === null ? null : r.marginUsdPerHour + a.savingUsd
  const out = (text: string) => (f !== null ? text : stance === 'ruled-out' ? 'ruled out' : 'not computed')
  const build = assumedNumber(r, 'buildMonths')
  const rows = [
    row('Capital', dollars(0, 0), dollars(0, 0), out(money(f?.totalCapexUsd ?? null))),
    ...npvRows(r, d, out),
    row(
      `NPV of those ${mwOrUnknown(gridMw)}`,
      f === null ? UNKNOWN : tableMoney(f.npvKeepMiningUsd),
      UNKNOWN,
      out(tableMoney(f?.npvProjectUsd ?? null)),
    ),
    d === null
      ? row('IRR', UNKNOWN, UNKNOWN, out(irrText(f)))
      : row('NPV; IRR, entered case', UNKNOWN, UNKNOWN, `${tableMoney(f?.npvUsd ?? null)}; ${irrText(f)}`),
    row(
      'Payback',
      'none needed',
      'none needed',
      out(f === null ? '' : f.paybackMonths === null ? 'not within horizon' : duration(f.paybackMonths)),
    ),
    row(
      'Lowest cash',
      dollars(0, 0),
      dollars(0, 0),
      out(f === null ? '' : `${tableMoney(f.lowestCashUsd)}, month ${decimal(f.lowestCashMonth, 0)}`),
    ),
    strongRow('Margin now, $/hour', accounting(amount(r.marginUsdPerHour)), accounting(amount(ruledMargin)), UNKNOWN),
    row(
      'Power, MW',
      `${mwFigure(r.powerMw)} mining`,
      `${mwFigure(less(r.powerMw, offMw))} mining`,
      out(mined === null ? UNKNOWN : `${mwFigure(mined)} mining, ${mwFigure(gridMw)} AI`),
    ),
    row('Hashrate, PH/s', decimal(r.hashratePhs, 2), decimal(less(r.hashratePhs, offPhs), 2), UNKNOWN),
    row(
      'Break-even, $/MWh',
      breakEvenRange(r),
      breakEvenRange(r),
      out(f === null ? '' : f.breakEvenLeasePerKwMonthUsd === null ? UNKNOWN : `${dollars(f.breakEvenLeasePerKwMonthUsd)}/kW-month`),
    ),
    row('Break-even BTC; hashprice', coinBreakEven(r), coinBreakEven(r), UNKNOWN),
    row('People and time', 'as today', 'as today, minutes', out(build === null ? UNKNOWN : `${duration(build)} to build`)),
  ]
  return {
    kind: 'table',
    id: 'options',
    heading: '',
    caption: null,
    look: 'options',
    columns: [
      column('', { width: 31 }),
      column('Keep mining', { align: 'right', shape: 'disc', sub: 'baseline' }),
      column('Curtail rule', {
        align: 'right',
        shape: 'square',
        sub: a.action === 'none' ? 'no advice now' : 'proposed',
        proposed: a.action !== 'none',
      }),
      column(f === null ? 'Convert' : `Convert ${mwOrUnknown(gridMw)}`, {
        align: 'right',
        shape: 'diamond',
        sub:
          stance === 'ruled-out'
            ? 'ruled out'
            : stance === 'not-computed'
              ? 'not computed'
              : stance === 'seek-lease'
                ? 'lease sought'
                : 'not proposed',
        proposed: stance === 'seek-lease',
      }),
    ],
    // Where the conversion has no figures, a row that only it could fill says nothing.
    rows: f === null ? rows.filter((o) => o.cells.slice(1, 3).some((text) => text !== UNKNOWN && text !== 'baseline')) : rows,
    note: null,
  }
}

/** What a break-even and the price beside it are made from. */
const MARKET_INPUTS = new Set(['btc_price', 'difficulty', 'fees', 'power_price'])
const listSources = (r: SiteReport): string => {
  const sources = [...new Set(r.inputs.filter((i) => MARKET_INPUTS.has(i.id) && i.value !== null).map((i) => visibleText(i.source, 60)))]
  return sources.length === 0 ? 'entered values' : sources.join('; ')
}

/** The blocks that stop first; with more bars the page would run over. */
const MOST_BARS = 5

const breakEvenChart = (r: SiteReport): MemoBlock | null => {
  const blocks = judgedBlocks(r)
  if (blocks.length === 0) return null
  const now = r.pricePerMwh
  const below = now === null ? [] : blocks.filter((b) => b.breakEvenPowerPerMwh <= now)
  const belowMw = knownSum(below.map((b) => b.powerMw)).sum
  const heading =
    now === null
      ? 'What each block can bear; the power price is not known'
      : below.length === 0
        ? `Every block can bear the present price of ${perMwh(now)}`
        : below.length === blocks.length
          ? `No block can bear the present price of ${perMwh(now)}`
          : `${capital(count(below.length, 'block'))} of ${decimal(blocks.length, 0)}${belowMw === null ? '' : `, ${mwOrUnknown(belowMw)},`} cannot bear the present price of ${perMwh(now)}`
  const more = Math.max(0, blocks.length - MOST_BARS)
  return {
    kind: 'chart',
    id: 'break-even',
    heading,
    caption: `Break-even power price by block, $/MWh; dashed, the price the decision is made at${more === 0 ? '' : `; ${count(more, 'block')} above not drawn`}`,
    source: `Source: ${listSources(r)}; machines; as of ${dateTime(r.asOfMs, r.timeZone)}.`,
    alt: `Bar chart. ${now === null ? 'Power price unknown' : `Power price ${perMwh(now)}`}. Break-even: ${blocks.map((b) => `${nameText(b.label)} ${perMwh(b.breakEvenPowerPerMwh)}`).join('; ')}.`,
    chart: {
      type: 'break-even',
      price: now,
      priceText: now === null ? '' : `price ${price(now)}`,
      bars: blocks.slice(more).map((b) => ({
        label: `${visibleText(b.label, 24)}, ${mwOrUnknown(b.powerMw)}`,
        value: b.breakEvenPowerPerMwh,
        text: price(b.breakEvenPowerPerMwh),
        below: now !== null && b.breakEvenPowerPerMwh <= now,
      })),
    },
  }
}

/** What coin and hashprice may fall to before the marginal block earns less than its power at the price now. */
const coinBreakEven = (r: SiteReport): string =>
  r.breakEvenBtcUsd === null || r.breakEvenHashpriceUsd === null
    ? UNKNOWN
    : `${dollars(r.breakEvenBtcUsd, 0)}; ${dollars(r.breakEvenHashpriceUsd)}`

const drivers = (r: SiteReport): MemoBlock => {
  const f = r.ai.figures
  const most = f?.tornado[0]
  const text: string[] = []
  if (f && most) {
    const [low, high] = most.npvLowUsd <= most.npvHighUsd ? [most.npvLowUsd, most.npvHighUsd] : [most.npvHighUsd, most.npvLowUsd]
    text.push(
      `${visibleText(most.label, 60)}: between ${assumptionText(most.id, most.low, most.unit)} and ${assumptionText(most.id, most.high, most.unit)} the conversion moves from ${money(low)} to ${money(high)} against keep-mining in the entered case, more than any other input.`,
    )
    if (f.noiMargin !== null && f.yieldOnCost !== null)
      text.push(
        `A margin of ${percent(f.noiMargin)} of rent is a yield of ${percent(f.yieldOnCost)} on the money built in; both are of the first year at full rent.`,
      )
  } else {
    text.push(
      `For mining, the distance between the power price, ${perMwh(r.pricePerMwh)}, and what each block can bear, ${breakEvenRange(r)}.`,
    )
    text.push(
      `For the conversion, nothing: ${failedGates(r).length === 0 ? 'it was not computed' : `${count(failedGates(r).length, 'condition')} of ${decimal(r.ai.gates.length, 0)} ${failedGates(r).length === 1 ? 'is' : 'are'} not met, and money does not change that by itself`}.`,
    )
  }
  return { kind: 'text', id: 'drivers', heading: 'What drives the difference', paragraphs: [text.join(' ')] }
}

const gatesTable = (r: SiteReport): MemoBlock | null => {
  const failed = failedGates(r)
  if (failed.length === 0) return null
  return {
    kind: 'table',
    id: 'gates',
    heading: 'Why the site cannot host AI as it stands',
    caption: null,
    look: 'dense',
    columns: [column('Condition not met', { width: 50 }), column('What would lift it')],
    rows: failed.map((g) => row(visibleText(g.reason, 300), visibleText(g.cure, 300))),
    note: null,
  }
}

const drawsNote = (r: SiteReport, d: MemoDraws | null): string =>
  d !== null
    ? `Loss: the project below zero. Regret: worth less than mining on in the same draw${d.run.meanRegretUsd === null ? '' : `, then ${money(d.run.meanRegretUsd)} on average`}.`
    : r.ai.figures === null
      ? 'No draws are made of a conversion that has no figures.'
      : 'No draws were run for these assumptions: the conversion is the entered case, and no P10 or P90 is printed.'

export const numbersSection = (r: SiteReport, d: MemoDraws | null): MemoSection => ({
  id: `numbers-${r.id}`,
  siteId: r.id,
  running: 'The numbers',
  scope: scopeOf(r),
  heading:
    d === null
      ? 'Three options on the same prices and fleet, entered case'
      : `Three options; the conversion in ${decimal(d.run.draws, 0)} draws`,
  opening: false,
  blocks: [
    optionsTable(r, d),
    breakEvenChart(r),
    drivers(r),
    gatesTable(r),
    {
      kind: 'text' as const,
      id: 'notes',
      heading: 'Notes',
      paragraphs: [
        `Parentheses: negative; a dash: not known. ${drawsNote(r, d)} The rule is valued at the present price, not over a year. People are not entered.`,
      ],
    },
  ].filter((b) => b !== null),
})
