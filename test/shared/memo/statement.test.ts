import { expect, test } from 'vitest'
import type { SiteReport } from '#shared/decision/site-report.ts'
import { amount, price } from '#shared/format.ts'
import type { MemoBlock, MemoDraws, MemoScenarios, MemoStatement } from '#shared/memo/blocks.ts'
import { memoStatement } from '#shared/memo/statement.ts'
import { drawn, scenariosOf } from '../../fakes/sample-draws.ts'
import {
  convertibleReport,
  flareSix,
  graniteFalls,
  pecosFlat,
  SAMPLE_NOW_MS,
  sampleReports,
  sampleSources,
} from '../../fakes/sample-reports.ts'

const statementOf = (
  reports: SiteReport[],
  more: { demo?: boolean; paper?: 'a4' | 'letter'; draws?: readonly MemoDraws[]; scenarios?: readonly MemoScenarios[] } = {},
) =>
  memoStatement({
    reports,
    explained: [],
    draws: more.draws ?? [],
    scenarios: more.scenarios ?? [],
    sources: sampleSources(),
    nowMs: SAMPLE_NOW_MS,
    version: '0.1.0',
    demo: more.demo ?? false,
    ...(more.paper ? { paper: more.paper } : {}),
  })

const sectionOf = (s: MemoStatement, id: string) => {
  const found = s.sections.find((x) => x.id === id)
  if (!found) throw new Error(`no section ${id}; there are ${s.sections.map((x) => x.id).join(', ')}`)
  return found
}
const blockOf = <K extends MemoBlock['kind']>(s: MemoStatement, section: string, kind: K, id: string): Extract<MemoBlock, { kind: K }> => {
  const found = sectionOf(s, section).blocks.find((b): b is Extract<MemoBlock, { kind: K }> => b.kind === kind && b.id === id)
  if (!found) throw new Error(`no ${kind} ${id} in ${section}`)
  return found
}
const rowOf = (table: Extract<MemoBlock, { kind: 'table' }>, first: string) => {
  const found = table.rows.find((r) => r.cells[0]?.startsWith(first))
  if (!found) throw new Error(`no row ${first}; there are ${table.rows.map((r) => r.cells[0]).join(', ')}`)
  return found.cells
}
const fact = (s: MemoStatement, section: string, id: string, label: string) =>
  blockOf(s, section, 'facts', id).rows.find((r) => r.label === label)?.text ?? ''

// ---- the decision

test('a block below the price and a site that cannot host AI: stop the one, do not convert the other', () => {
  expect(statementOf([pecosFlat()]).title).toBe(
    'Stop the S19j Pro block at Pecos Flat while power is worth more than $51.02/MWh; do not convert the site to AI hosting',
  )
})
test('the one number of a stop is what an hour of it keeps', () => {
  const verdict = blockOf(statementOf([pecosFlat()]), 'decision-pecos-flat', 'verdict', 'verdict')
  expect(verdict.figure).toBe('$25.44')
  expect(verdict.captions.join(' ')).toContain('$61.20/MWh')
  expect(verdict.captions.join(' ')).toContain('not simulated')
})
test('a conversion that pays asks for a lease above its break-even and says what it ties up', () => {
  const s = statementOf([graniteFalls()])
  expect(s.title).toBe('Keep every block at Granite Falls hashing at the present power price; seek a lease for the AI conversion')
  const verdict = blockOf(s, 'decision-granite-falls', 'verdict', 'verdict')
  expect(verdict.figure).toBe('$4.85M')
  expect(verdict.captions).toEqual([
    'NPV against keep-mining, entered case, 15.0 years at 12.0 % a year',
    'Moving one input at a time: −$17.8M to $36.9M. No draws were run for these assumptions: there is no P10 or P90.',
  ])
  expect(fact(s, 'decision-granite-falls', 'asked', 'Asked of the board')).toContain('above $113.67 per kW-month')
  expect(blockOf(s, 'decision-granite-falls', 'text', 'alternative').paragraphs.join(' ')).toContain('ties up $48.7M of cash')
})
test('withheld advice is a decision page with its cause and without a figure', () => {
  const s = statementOf([flareSix()])
  expect(s.title).toBe('Make no switching decision at Flare Six on these inputs; do not convert the site to AI hosting')
  const verdict = blockOf(s, 'decision-flare-six', 'verdict', 'verdict')
  expect(verdict.figure).toBe('—')
  expect(verdict.sentence).toContain('the BTC price is 40 min old (limit 15 min)')
  expect(fact(s, 'decision-flare-six', 'standing', 'Read with care')).toContain(
    'BTC price is 40 min old, past its limit of 15 min: advice is withheld.',
  )
})
test('suitability comes first: a site that scores well and earns less than mining is not converted', () => {
  const poor = convertibleReport('granite-falls')
  const r = {
    ...graniteFalls(),
    ai: { ...poor, verdict: 'KEEP_MINING' as const, figures: poor.figures && { ...poor.figures, npvUsd: -22_900_000 } },
  }
  const s = statementOf([r])
  expect(s.title).toContain('do not convert to AI hosting at the lease entered')
  expect(rowOf(blockOf(s, 'numbers-granite-falls', 'table', 'options'), 'NPV against')[3]).toBe('($22.9M)')
  expect(blockOf(s, 'sensitivity-granite-falls', 'chart', 'tornado').heading).toBe(
    '5 of 5 inputs alone can make converting worth more than mining on',
  )
})
test('a conversion whose figures are unknown is left open, not ruled out', () => {
  const r = {
    ...graniteFalls(),
    ai: { ...convertibleReport('granite-falls'), figures: null, sentence: 'No conversion figures: the hashprice is not known.' },
  }
  const s = statementOf([r])
  expect(s.title).toContain('leave the AI conversion open until its figures are known')
  expect(rowOf(blockOf(s, 'numbers-granite-falls', 'table', 'options'), 'Capital')[3]).toBe('not computed')
})
test('a site at rest that should rest is not asked to stop nothing', () => {
  const r = pecosFlat()
  const rests = {
    ...r,
    marginalBlockId: null,
    recommendation: { ...r.recommendation, headline: 'Leave the S19j Pro block off.', mw: 0, savingUsd: 0, blockIds: [] },
  }
  expect(statementOf([rests]).title).toContain('Leave the machines at Pecos Flat off at the present power price')
})
test('where part of a block is protected, only the rest is to be stopped', () => {
  const r = pecosFlat()
  const part = { ...r, recommendation: { ...r.recommendation, mw: 1.2 } }
  expect(statementOf([part]).title).toContain('Stop 1.2 MW of the S19j Pro block at Pecos Flat')
})
test('the memo is a draft without an owner and says so', () => {
  const s = statementOf([pecosFlat()])
  expect(fact(s, 'decision-pecos-flat', 'standing', 'Status')).toMatch(/^Draft, unsigned\./)
  expect(fact(s, 'decision-pecos-flat', 'asked', 'Owner')).toContain('Not named')
})
test('what holds the advice is named: the hashprice that turns the block, and the next known crossing', () => {
  expect(fact(statementOf([pecosFlat()]), 'decision-pecos-flat', 'standing', 'Status')).toBe(
    'Draft, unsigned. The rule holds until it is replaced; what it says is as of 14:52 CST and changes when hashprice rises above $47.68/PH/day at this power price, or at 18:00 CST, the next known crossing.',
  )
})
test('silent machines, name plates, overrides and defaults are to be read with care', () => {
  const care = fact(statementOf([pecosFlat()]), 'decision-pecos-flat', 'standing', 'Read with care')
  expect(care).toContain('38 machines of 5,204 did not report.')
  expect(care).toContain('Set by hand: Share of capital paid by the tenant.')
  expect(care).toContain('17 of 21 conversion assumptions are defaults.')
})

// ---- the numbers

test('figures are the report’s, through the formatters the window uses', () => {
  const r = pecosFlat()
  const options = blockOf(statementOf([r]), 'numbers-pecos-flat', 'table', 'options')
  expect(rowOf(options, 'Margin now')).toEqual(['Margin now, $/hour', amount(267.5530624284652), '$292.99', '—'])
  // 267.55 with the losing block, 25.44 more without it.
  expect(rowOf(options, 'Power, MW')).toEqual(['Power, MW', '17.5 mining', '15.0 mining', 'ruled out'])
  // 494.51 + 268.34 + 81.49 = 844.33; without the S19j Pro 762.84.
  expect(rowOf(options, 'Hashrate')).toEqual(['Hashrate, PH/s', '844.33', '762.84', '—'])
  expect(rowOf(options, 'Break-even')[1]).toBe(`${price(51.02477183833116)} to ${price(87.38461538461539)}`)
})
test('ranges that were not simulated say so in words; no cell of the table is left empty', () => {
  for (const r of sampleReports()) {
    const options = blockOf(statementOf([r]), `numbers-${r.id}`, 'table', 'options')
    expect(rowOf(options, 'NPV, P10 to P90').slice(1, 3)).toEqual(['not simulated', 'not simulated'])
    for (const { cells } of options.rows) for (const text of cells) expect(text).not.toBe('')
  }
})
test('a converted MW takes the unused grid connection first: 12 MW of grid less 8 MW leaves 4 MW to mine', () => {
  const options = blockOf(statementOf([graniteFalls()]), 'numbers-granite-falls', 'table', 'options')
  expect(rowOf(options, 'Power, MW')[3]).toBe('4.0 mining, 8.0 AI')
  expect(JSON.stringify(sectionOf(statementOf([graniteFalls()]), 'numbers-granite-falls'))).toContain(
    'A margin of 83.7 % of rent is a yield of 18.4 % on the money built in',
  )
})
test('the chart of break-evens counts the blocks that cannot bear the price', () => {
  const chart = blockOf(statementOf([pecosFlat()]), 'numbers-pecos-flat', 'chart', 'break-even')
  expect(chart.heading).toBe('1 block of 3, 2.5 MW, cannot bear the present price of $61.20/MWh')
  expect(chart.alt).toContain('S19j Pro $51.02/MWh')
  expect(chart.source).toContain('ercot.real-time')
})
test('gates that rule a conversion out come with what would lift them', () => {
  const gates = blockOf(statementOf([flareSix()]), 'numbers-flare-six', 'table', 'gates')
  expect(gates.rows.map((r) => r.cells)).toEqual([
    ['Firm power 2.0 MW, 10 MW needed', 'A grid connection of 10 MW or more'],
    ['Not a permanent site: the wells decline', 'Another site'],
  ])
})

// ---- assumptions, freshness, method

test('every input states value, unit, source, moment, age and kind', () => {
  const inputs = blockOf(statementOf([pecosFlat()]), 'assumptions-pecos-flat', 'table', 'inputs')
  expect(rowOf(inputs, 'ERCOT LZ_WEST')).toEqual([
    'ERCOT LZ_WEST, real-time',
    '61.20',
    '$/MWh',
    'ercot.real-time',
    '14:45 CST, 7 min',
    'Reported',
  ])
  expect(inputs.rows).toHaveLength(pecosFlat().inputs.length)
})
test('an override is marked and names the default it replaced; a default is marked as one', () => {
  const table = blockOf(statementOf([pecosFlat()]), 'assumptions-pecos-flat', 'table', 'assumptions')
  expect(rowOf(table, 'Share of capital')).toEqual([
    'Share of capital paid by the tenant (default 0.0 %)',
    '30.0 %',
    '',
    'set on the Plan screen',
    '14:22 CST, 30 min',
    'Override',
  ])
  expect(rowOf(table, 'PUE').at(-1)).toBe('Default')
  expect(table.rows).toHaveLength(21)
})
test('each source shows its last good answer, age, limits, coverage and failures', () => {
  const table = blockOf(statementOf([pecosFlat()]), 'freshness', 'table', 'sources')
  expect(table.rows).toHaveLength(sampleSources().length)
  expect(rowOf(table, 'kraken.spot')).toEqual([
    'kraken.spot: BTC price',
    '14:12 CST',
    '40 min',
    '3 min, 15 min',
    '—',
    'Too old, 38 failures',
  ])
  expect(rowOf(table, 'ercot.real-time')[4]).toBe('95 of 96 intervals')
  expect(table.note).toContain('kraken.spot: no answer within 15 s.')
})
test('machines reporting n of m, and the meter against their sum: 17.50 MW less 17.5 / 1.04 = 16.83 MW', () => {
  const table = blockOf(statementOf([pecosFlat()]), 'freshness', 'table', 'coverage')
  expect(rowOf(table, 'Pecos Flat')[1]).toBe('5,166 of 5,204, 99.3 %')
  expect(rowOf(table, 'Pecos Flat')[3]).toBe('0.67 MW, 3.8 % (meter 17.50, machines 16.83); overhead ratio 1.040 measured')
})
test('what this version does not know is listed, not left out', () => {
  expect(fact(statementOf([pecosFlat()]), 'freshness', 'method', 'Not in this version')).toContain(
    'risks and alternatives rejected, sign-off',
  )
})

// ---- several sites, and the whole

test('a memo of all sites opens with the portfolio and keeps the sites in their order', () => {
  const s = statementOf(sampleReports())
  expect(s.title).toBe(
    'Stop 2.5 MW at Pecos Flat, keep Granite Falls hashing and decide nothing yet at Flare Six; seek an AI lease for Granite Falls',
  )
  expect(s.sections.map((x) => x.id)).toEqual([
    'portfolio',
    'decision-pecos-flat',
    'numbers-pecos-flat',
    'assumptions-pecos-flat',
    'decision-granite-falls',
    'numbers-granite-falls',
    'cash-granite-falls',
    'assumptions-granite-falls',
    'sensitivity-granite-falls',
    'decision-flare-six',
    'numbers-flare-six',
    'assumptions-flare-six',
    'freshness',
  ])
  const sites = blockOf(s, 'portfolio', 'table', 'sites')
  expect(rowOf(sites, 'Pecos Flat')).toEqual([
    'Pecos Flat',
    'Stop 2.5 MW',
    '17.5',
    '51.02',
    '61.20',
    '(10.18)',
    '$267.55',
    'Do not convert',
    '5,166 of 5,204',
  ])
  expect(rowOf(sites, 'Flare Six')).toEqual(['Flare Six', 'Withheld', '2.5', '—', '18.00', '—', '—', 'Do not convert', '796 of 815'])
})
test('a portfolio with sites at rest says so, and does not ask to stop 0 MW', () => {
  const r = pecosFlat()
  const rests = {
    ...r,
    marginalBlockId: null,
    recommendation: { ...r.recommendation, headline: 'Leave the S19j Pro block off.', mw: 0, savingUsd: 0, blockIds: [] },
  }
  const wakes = { ...graniteFalls(), marginalBlockId: null }
  const s = statementOf([rests, wakes])
  expect(s.title).toBe('Start the machines at rest at Granite Falls and leave Pecos Flat off; seek an AI lease for Granite Falls')
  expect(blockOf(s, 'portfolio', 'table', 'sites').rows.map((x) => x.cells[1])).toEqual(['Leave off', 'Start'])
})
test('times stand in the zone of the sites where they share one, else in UTC', () => {
  expect(statementOf([pecosFlat()]).generatedAt).toBe('Wed 25 Nov 2026, 14:52 CST')
  expect(statementOf(sampleReports()).generatedAt).toBe('Wed 25 Nov 2026, 20:52 UTC')
})
test('American sites print on Letter, others on A4, and a choice wins', () => {
  expect(statementOf([pecosFlat()]).paper).toBe('letter')
  expect(statementOf([{ ...pecosFlat(), timeZone: 'Europe/Oslo' }]).paper).toBe('a4')
  expect(statementOf([pecosFlat()], { paper: 'a4' }).paper).toBe('a4')
})
test('demo is said on the decision, in the file name and in what to read with care', () => {
  const s = statementOf([pecosFlat()], { demo: true })
  expect(s.demo).toBe(true)
  expect(s.suggestedName).toBe('Hashyard memo Pecos Flat 2026-11-25 DEMO.pdf')
  expect(fact(s, 'decision-pecos-flat', 'standing', 'Read with care')).toMatch(
    /^Simulated farm: nothing on these pages describes a real site\./,
  )
})
test('equal inputs give equal statements', () => {
  expect(JSON.stringify(statementOf(sampleReports()))).toBe(JSON.stringify(statementOf(sampleReports())))
})
test('a name of 60,000 characters does not push the decision off its page', () => {
  const s = statementOf([{ ...pecosFlat(), name: 'x'.repeat(60_000) }])
  expect(s.title.length).toBeLessThan(250)
  expect(s.suggestedName.length).toBeLessThan(120)
})
test('a report without any figure still makes a memo, of dashes and reasons', () => {
  const unknown = Object.fromEntries(
    Object.entries(flareSix()).map(([k, v]) => [
      k,
      typeof v === 'number' && !['asOfMs', 'overheadRatio', 'interconnectMw'].includes(k) ? null : v,
    ]),
  ) as SiteReport
  const s = statementOf([{ ...unknown, blocks: [], coverage: { reported: 0, machines: 0 } }])
  expect(sectionOf(s, 'numbers-flare-six').blocks.some((b) => b.kind === 'chart')).toBe(false)
  expect(JSON.stringify(s.sections)).not.toMatch(/NaN|Infinity|undefined/)
})

test('margin and yield of a conversion say which year they are of', () => {
  const page = JSON.stringify(sectionOf(statementOf([graniteFalls()]), 'numbers-granite-falls'))
  expect(page).toContain('on the money built in; both are of the first year at full rent.')
})

test('the numbers page says what the coin and the hashprice may fall to', () => {
  const report = { ...graniteFalls(), breakEvenBtcUsd: 41_972.58, breakEvenHashpriceUsd: 20.19 }
  expect(JSON.stringify(sectionOf(statementOf([report]), 'numbers-granite-falls'))).toContain('$41,973; $20.19')
})

// ---- draws

test('drawn figures stand where the entered case stood: a median never without its ends, loss and regret told apart', () => {
  const s = statementOf([graniteFalls()], { draws: [drawn()] })
  const table = blockOf(s, 'numbers-granite-falls', 'table', 'options')
  expect(rowOf(table, 'NPV against keep-mining, P50').at(-1)).toBe('$4.10M')
  expect(rowOf(table, 'NPV, P10; P90').at(-1)).toBe('($1.20M); $9.80M')
  expect(rowOf(table, 'NPV; IRR, entered case').at(-1)).toMatch(/^\$4\.85M; [\d.]+ %$/)
  expect(rowOf(table, 'Chance of a loss; of regret').at(-1)).toBe('22.0 %; 31.0 %')
  expect(blockOf(s, 'numbers-granite-falls', 'text', 'notes').paragraphs.join(' ')).toContain('in the same draw, then $2.50M on average')
  const verdict = blockOf(s, 'decision-granite-falls', 'verdict', 'verdict')
  expect(verdict.figure).toBe('$4.10M')
  expect(verdict.captions).toEqual([
    'NPV against keep-mining, P50, 15.0 years at 12.0 % a year',
    'P10 −$1.20M, P90 $9.80M. Worse than mining on in 31 of 100 draws; entered case $4.85M.',
  ])
})
test('seed, number and generator are on the method page, and where prices moved since, the moment', () => {
  const s = statementOf([graniteFalls()], { draws: [drawn()] })
  expect(fact(s, 'freshness', 'method', 'Draws')).toMatch(/^Granite Falls: 10,000 draws, seed 7, generator a generator\. Drawn are/)
  expect(fact(s, 'freshness', 'method', 'Model')).not.toContain('No random draws')
  const moved = statementOf([graniteFalls()], { draws: [drawn('moved')] })
  expect(fact(moved, 'freshness', 'method', 'Draws')).toContain('generator a generator, on prices and machines as of ')
})
test('without a run the memo says that none was made, and how long one took changes no page', () => {
  const without = statementOf([graniteFalls()])
  expect(rowOf(blockOf(without, 'numbers-granite-falls', 'table', 'options'), 'NPV, P10 to P90').at(-1)).toBe('no draws run')
  expect(fact(without, 'freshness', 'method', 'Model')).toContain('No random draws')
  const fast = drawn()
  const slow: MemoDraws = { ...fast, run: { ...fast.run, durationMs: 99_999 } }
  expect(statementOf([graniteFalls()], { draws: [slow] })).toEqual(statementOf([graniteFalls()], { draws: [fast] }))
})

// ---- draws and scenarios, page 5

const withDraws = () =>
  statementOf([graniteFalls()], { draws: [drawn()], scenarios: [{ siteId: 'granite-falls', report: scenariosOf('granite-falls') }] })

test('the distribution marks the chance of loss and prints the median with both ends', () => {
  const chart = blockOf(withDraws(), 'draws-granite-falls', 'chart', 'distribution')
  expect(chart.heading).toBe('P50 $4.10M (P10 −$1.20M, P90 $9.80M) against mining on')
  expect(chart.caption).toMatch(/^NPV against keep-mining, \$ million; 10,000 draws in bins of \$2\.00M, filled where converting loses$/)
  expect(chart.source).toMatch(/^Source: Hashyard, seed 7, drawn as under Method; as of 14:52 EST on 25 Nov 2026\.$/)
  expect(chart.alt).toContain('worse than mining on in 31 of 100 draws')
  expect(chart.chart).toMatchObject({ lossText: 'worse: 31 of 100 draws', gainText: 'better: 69 of 100 draws' })
})
test('each scenario is told by id, mining on, converting against it and its months below break-even', () => {
  const table = blockOf(withDraws(), 'draws-granite-falls', 'table', 'scenarios')
  expect(table.heading).toBe('Converting beats mining on in 1 of 2 courses')
  expect(rowOf(table, 'today')).toEqual(['today', 'Today goes on', '$2.10M', '$4.00M', '12'])
  expect(rowOf(table, 'retarget')).toEqual(['retarget-7.76-flat', 'One retarget of −7.76 %', '($1.50M)', '($300K)', '40'])
  // One that cannot be computed says why, and stands in no count.
  expect(rowOf(table, 'broken').slice(2)).toEqual(['—', '—', '—'])
  expect(table.note).toContain('broken: no price.')
})
test('a table of more scenarios than the page holds counts those it leaves out', () => {
  const report = scenariosOf('granite-falls')
  const [first] = report.rows
  if (!first) throw new Error('the sample has rows')
  const many = {
    ...report,
    rows: [...report.rows, ...Array.from({ length: 30 }, (_, k) => ({ ...first, id: `s-${k}`, file: k < 29 ? null : 'own.json' }))],
  }
  const s = statementOf([graniteFalls()], { scenarios: [{ siteId: 'granite-falls', report: many }] })
  const table = blockOf(s, 'draws-granite-falls', 'table', 'scenarios')
  expect(table.rows).toHaveLength(16)
  expect(table.note).toContain('17 more scenarios in the window.')
  // The operator's own file is never the one that is left out.
  expect(rowOf(table, 's-29')[0]).toBe('s-29')
})
test('scenarios that could not be computed say why; a site without a conversion has no such page', () => {
  const s = statementOf([graniteFalls(), pecosFlat()], {
    scenarios: [{ siteId: 'granite-falls', problem: 'of today the difficulty is not known yet' }],
  })
  expect(blockOf(s, 'draws-granite-falls', 'text', 'scenarios').paragraphs).toEqual(['of today the difficulty is not known yet.'])
  expect(s.sections.some((x) => x.id === 'draws-pecos-flat')).toBe(false)
})
test('two blocks that stop are two: they are stopped, and they earn', () => {
  const r = pecosFlat()
  const two = { ...r, recommendation: { ...r.recommendation, mw: 8, blockIds: r.blocks.slice(0, 2).map((b) => b.id) } }
  const s = statementOf([two])
  expect(s.title).toContain('than they earn')
  expect(fact(s, `decision-${r.id}`, 'asked', 'Asked of the board')).toMatch(/blocks are stopped \(8\.0 MW\).*run again below it/)
})
