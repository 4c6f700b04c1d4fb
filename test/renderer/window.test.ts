// @vitest-environment jsdom
import { configure, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import { EVENING_MS, openWindow, withLayout } from './window.tsx'

withLayout()
// A busy machine draws 1,840 rows in more than the second that is waited otherwise.
configure({ asyncUtilTimeout: 10_000 })

describe('first run', () => {
  test('shows three doors, two of which say that this version does not open them', async () => {
    openWindow({ variant: 'first-run' })
    const page = await screen.findByRole('main', { name: 'First run' })
    expect(
      within(page)
        .getAllByRole('heading', { level: 2 })
        .map((h) => h.textContent),
    ).toEqual(['Open demo', 'Import CSV', 'Find machines'])
    expect(screen.getByRole('button', { name: 'Import CSV' })).toHaveProperty('disabled', true)
    expect(screen.getByText('This version does not import yet.')).toBeDefined()
  })
  test('Open demo leads to the farm', async () => {
    openWindow({ variant: 'first-run' })
    fireEvent.click(await screen.findByRole('button', { name: 'Open demo' }))
    expect(await screen.findByRole('main', { name: 'Now' })).toBeDefined()
  })
})

describe('Now', () => {
  test('says margin, arithmetic, advice and the age of the price', async () => {
    openWindow()
    const hero = await screen.findByRole('region', { name: /^Toyah Basin, margin now/ })
    expect(hero.textContent).toMatch(/S19j Pro break-even \$[\d.]+ − price \$[\d.]+, \d+ min old/)
    expect(hero.textContent).toMatch(/Curtail the .* now\./)
  })
  test('withholds advice in words when the price is too old, and keeps the value out of the margin', async () => {
    openWindow({ variant: 'dead', hash: '#/now?site=toyah-basin' })
    const hero = await screen.findByRole('region', { name: /^Toyah Basin/ })
    expect(hero.textContent).toMatch(/No recommendation: the ERCOT.* price is 74 min old \(limit 60\)\. Retry, or enter a price\./)
    expect(within(hero).getByText('—')).toBeDefined()
    expect(screen.getByText(/^Too old: ERCOT/)).toBeDefined()
  })
  test('one switch changes the unit of every price at once, sentences included', async () => {
    openWindow()
    const hero = await screen.findByRole('region', { name: /^Toyah Basin/ })
    expect(hero.textContent).toContain('$/MWh')
    fireEvent.click(screen.getByRole('radio', { name: '¢/kWh' }))
    await waitFor(() => expect(hero.textContent).not.toContain('$/MWh'))
    expect(hero.textContent).toMatch(/break-even [\d.]+¢ − price [\d.]+¢/)
    expect(document.querySelector('main')?.textContent).not.toContain('$/MWh')
  })
  test('records what was done and shows it in the log', async () => {
    openWindow()
    fireEvent.click(await screen.findByRole('button', { name: 'Record what we did' }))
    const dialog = await screen.findByRole('dialog', { name: 'Record what we did at Toyah Basin' })
    fireEvent.click(within(dialog).getByRole('radio', { name: /^Ignored/ }))
    fireEvent.click(within(dialog).getByRole('button', { name: /^Record: ignored/ }))
    expect(await screen.findByText('Recorded: ignored at Toyah Basin.')).toBeDefined()
    await waitFor(() => expect(screen.getByRole('region', { name: 'Recorded decisions' }).textContent).toContain('Ignored'))
  })
  test('explains the advice with every input, its source and its age', async () => {
    openWindow({ hash: '#/now?why=1' })
    const panel = await screen.findByRole('complementary', { name: 'Why this advice' })
    expect(panel.textContent).toContain('Coinbase, Kraken, Bitstamp, median of 3')
    // The same derivation as everywhere, break-even and price unfolded; no second text beside it.
    await waitFor(() =>
      expect(panel.textContent).toMatch(
        /site\.siteMargin.*breakEvenPowerPerMWh − pricePerMWh.*breakeven\.groupBreakEven.*curtailment\.opportunityPrice/,
      ),
    )
    fireEvent.keyDown(window, { key: 'Escape' })
    await waitFor(() => expect(screen.queryByRole('complementary', { name: 'Why this advice' })).toBeNull())
  })
  test('a figure unfolds to its formula, steps in numbers and inputs with source and age, by keyboard too', async () => {
    openWindow()
    const hero = await screen.findByRole('region', { name: /^Toyah Basin/ })
    const button = within(hero).getByRole('button', { name: 'How this figure was computed: Break-even' })
    fireEvent.click(button)
    const panel = await screen.findByRole('complementary', { name: 'Break-even power price' })
    await waitFor(() => expect(panel.textContent).toContain('breakeven.groupBreakEven'))
    // 29.5 J/TH x overhead x 24 / 1000, in names and in numbers.
    expect(panel.textContent).toMatch(/efficiencyJTH × overheadRatio × 24 ÷ 1000= [\d.]+ × [\d.]+ × 24 ÷ 1000/)
    expect(panel.textContent).toMatch(/poolFee[\d.]+Entered for Toyah Basin \(assumed\)/)
    const coins = within(panel).getByRole('button', { name: /^btcPerPhDay/, expanded: false })
    expect(panel.textContent).not.toContain('mempool.space')
    fireEvent.click(coins)
    expect(panel.textContent).toMatch(/difficulty142\.6 Tmempool\.space \(measured\), 4 min old/)
    fireEvent.keyDown(window, { key: 'Escape' })
    await waitFor(() => expect(screen.queryByRole('complementary', { name: 'Break-even power price' })).toBeNull())
  })
  test('the hashprice of the rail and the price beside the margin unfold, too', async () => {
    openWindow()
    await screen.findByRole('region', { name: /^Toyah Basin/ })
    fireEvent.click(screen.getByRole('button', { name: 'How this figure was computed: Hashprice' }))
    const panel = await screen.findByRole('complementary', { name: 'Hashprice' })
    await waitFor(() => expect(panel.textContent).toContain('btcPerPhDay × btcPriceUsd'))
    fireEvent.click(screen.getByRole('button', { name: 'How this figure was computed: Price' }))
    expect((await screen.findByRole('complementary', { name: 'Energy price now' })).textContent).toContain('curtailment.opportunityPrice')
  })
  test('a margin that is withheld says why instead of a derivation', async () => {
    openWindow({ variant: 'dead', hash: '#/now?site=toyah-basin&figure=margin_per_mwh&of=toyah-basin' })
    const panel = await screen.findByRole('complementary', { name: 'Margin' })
    expect(panel.textContent).toMatch(/—No recommendation: the ERCOT.* price is 74 min old/)
    expect(panel.textContent).not.toContain('siteMargin')
  })
  test('keeps the last answer on screen while the engine starts again, and says so', async () => {
    const bridge = openWindow()
    await screen.findByRole('region', { name: /^Toyah Basin/ })
    bridge.emit('engine.changed', { state: 'restarting', sinceMs: EVENING_MS, message: null })
    expect(await screen.findByText(/^The engine stopped at 16:42 CST and is starting again; nothing committed is lost\./)).toBeDefined()
    expect(screen.getByRole('region', { name: /^Toyah Basin/ })).toBeDefined()
    bridge.emit('engine.changed', { state: 'running', sinceMs: EVENING_MS, message: null })
    await waitFor(() => expect(screen.queryByText(/^The engine stopped at/)).toBeNull())
  })
  test('asks again when the engine says that the fleet has changed', async () => {
    const bridge = openWindow()
    await screen.findByRole('region', { name: /^Toyah Basin/ })
    const before = bridge.asked.filter((q) => q === 'sites.report').length
    bridge.emit('fleet.changed', { atMs: EVENING_MS })
    await waitFor(() => expect(bridge.asked.filter((q) => q === 'sites.report').length).toBe(before + 1))
  })
  test('what failed is said with its remedy, and can be tried again', async () => {
    openWindow({ variant: 'failed' })
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain(
      'Hashyard could not read the sites. The engine did not answer within 5 s. Retry; if it lasts, look at Sources.',
    )
    expect(within(alert).getByRole('button', { name: 'Retry' })).toBeDefined()
  })
  test('without a site it says what belongs here and where to start', async () => {
    openWindow({ variant: 'empty' })
    expect(await screen.findByText(/^No sites are set up yet\./)).toBeDefined()
  })
})

describe('Fleet', () => {
  test('is a grid with its true number of rows; only those in sight exist', async () => {
    openWindow({ hash: '#/fleet' })
    const grid = await screen.findByRole('grid')
    expect(grid.getAttribute('aria-rowcount')).toBe('1841')
    await waitFor(() => expect(within(grid).getAllByRole('row').length).toBeGreaterThan(10))
    expect(within(grid).getAllByRole('row').length).toBeLessThan(80)
  })
  test('a machine never heard shows dashes with the reason, never 0', async () => {
    openWindow({ hash: '#/fleet?filter=state:unknown' })
    const grid = await screen.findByRole('grid')
    await waitFor(() => expect(within(grid).getAllByText('Unknown').length).toBeGreaterThan(0))
    const [row] = within(grid).getAllByRole('row').slice(1)
    expect(within(row ?? grid).getAllByText('—').length).toBeGreaterThanOrEqual(6)
    expect(within(row ?? grid).getAllByTitle('never heard: Connection refused').length).toBeGreaterThan(0)
    expect(within(row ?? grid).getByText('never')).toBeDefined()
  })
  test('arrows move by cell, Enter opens the machine beside the table, Escape closes it', async () => {
    openWindow({ hash: '#/fleet?site=little-muddy' })
    const grid = await screen.findByRole('grid')
    await waitFor(() => expect(grid.querySelector('[data-cell="0.0"]')?.textContent).toMatch(/^LM-/))
    const first = grid.querySelector<HTMLElement>('[data-cell="0.0"]')
    first?.focus()
    fireEvent.keyDown(first ?? grid, { key: 'ArrowDown' })
    await waitFor(() => expect(document.activeElement?.getAttribute('data-cell')).toBe('1.0'))
    fireEvent.keyDown(document.activeElement ?? grid, { key: 'Enter' })
    const panel = await screen.findByRole('complementary')
    await waitFor(() => expect(panel.textContent).toContain('Avalon A1246, Little Muddy'))
    expect(location.hash).toContain('machine=LM-')
    fireEvent.keyDown(window, { key: 'Escape' })
    await waitFor(() => expect(screen.queryByRole('complementary')).toBeNull())
  })
  test('the head of a column sorts, and says so', async () => {
    openWindow({ hash: '#/fleet' })
    const head = await screen.findByRole('columnheader', { name: /^Temp/ })
    fireEvent.click(within(head).getByRole('button'))
    await waitFor(() => expect(screen.getByRole('columnheader', { name: /^Temp/ }).getAttribute('aria-sort')).toBe('ascending'))
    fireEvent.click(within(screen.getByRole('columnheader', { name: /^Temp/ })).getByRole('button'))
    await waitFor(() => expect(screen.getByRole('columnheader', { name: /^Temp/ }).getAttribute('aria-sort')).toBe('descending'))
  })
  test('a filter that matches nothing says what was asked and offers the way back', async () => {
    openWindow({ hash: '#/fleet?filter=model:none' })
    expect(await screen.findByText(/No machine matches “model:none”\./)).toBeDefined()
    fireEvent.click(screen.getByRole('button', { name: 'Clear the filter' }))
    await waitFor(() => expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('1841'))
  })
})

describe('Plan', () => {
  test('a typed lease becomes an override, moves the result and can be taken back', async () => {
    openWindow({ hash: '#/plan?site=toyah-basin' })
    const box = await screen.findByRole('spinbutton', { name: 'Lease, $/kW-month' })
    const npv = () => document.querySelector('main section')?.textContent
    const before = npv()
    fireEvent.change(box, { target: { value: '$190' } })
    fireEvent.blur(box)
    expect(await screen.findByText('Override')).toBeDefined()
    await waitFor(() => expect(npv()).not.toBe(before))
    fireEvent.click(screen.getByRole('button', { name: 'Reset Lease to its default' }))
    await waitFor(() => expect(npv()).toBe(before))
    expect(screen.queryByText('Override')).toBeNull()
  })
  test('the NPV unfolds to the assumptions, a typed one marked as such', async () => {
    openWindow({ hash: '#/plan?site=toyah-basin' })
    const box = await screen.findByRole('spinbutton', { name: 'Lease, $/kW-month' })
    fireEvent.change(box, { target: { value: '$190' } })
    fireEvent.blur(box)
    fireEvent.click(screen.getByRole('button', { name: 'How this figure was computed: NPV against keep-mining' }))
    const panel = await screen.findByRole('complementary', { name: 'NPV against keep-mining' })
    await waitFor(() =>
      expect(panel.textContent).toMatch(/leasePerKwMonth190 USD\/kW-monthEntered by a person; default: .* \(overridden\)/),
    )
    expect(panel.textContent).toContain('npvProject − npvKeepMining')
    fireEvent.click(within(panel).getByRole('button', { name: /^miningCashMarginPerMWMonth/ }))
    expect(panel.textContent).toContain('displacedMW ÷ gridMW')
    fireEvent.click(screen.getByRole('button', { name: 'Reset Lease to its default' }))
  })
  test('every result of the plan can be unfolded', async () => {
    openWindow({ hash: '#/plan?site=toyah-basin' })
    const results = await screen.findByRole('region', { name: 'Results' })
    const names = within(results)
      .getAllByRole('button', { name: /^How this figure was computed: / })
      .map((b) => b.getAttribute('aria-label')?.slice('How this figure was computed: '.length))
    expect(names).toEqual(['IRR', 'Payback', 'NOI margin', 'Yield on cost', 'Break-even lease', 'Parity hashprice'])
  })
  test('slider and box are the same value', async () => {
    openWindow({ hash: '#/plan?site=toyah-basin' })
    fireEvent.change(await screen.findByRole('slider', { name: 'Build time, months' }), { target: { value: '24' } })
    await waitFor(() => expect(screen.getByRole('spinbutton', { name: 'Build time, months' })).toHaveProperty('value', '24'))
  })
  test('a failed gate takes the place of the return: reasons and cures, no figure', async () => {
    openWindow({ hash: '#/plan?site=little-muddy' })
    const refused = await screen.findByRole('region', { name: 'Why not' })
    expect(refused.textContent).toContain('Firm power 0.9 MW, 10 MW needed')
    expect(screen.queryByText('IRR')).toBeNull()
  })
  test('what was typed last is undone with Ctrl Z and done again with Ctrl Shift Z', async () => {
    openWindow({ hash: '#/plan?site=raquette-falls' })
    const box = await screen.findByRole('spinbutton', { name: 'Build time, months' })
    fireEvent.change(box, { target: { value: '20' } })
    fireEvent.blur(box)
    await waitFor(() => expect(box).toHaveProperty('value', '20'))
    fireEvent.keyDown(window, { key: 'z', ctrlKey: true })
    await waitFor(() => expect(box).toHaveProperty('value', '15'))
    fireEvent.keyDown(window, { key: 'z', ctrlKey: true, shiftKey: true })
    await waitFor(() => expect(box).toHaveProperty('value', '20'))
  })
})

describe('Plan: draws and scenarios', () => {
  const headline = () => screen.getByText('NPV against keep-mining', { selector: 'strong' }).parentElement?.parentElement?.textContent ?? ''
  test('draws give the one number a P10 and a P90; another lease marks them as those of the old one, and taking it back makes them current', async () => {
    openWindow({ hash: '#/plan?site=toyah-basin' })
    fireEvent.click(await screen.findByRole('button', { name: 'Run 10,000 draws' }))
    expect(await screen.findByRole('progressbar', { name: 'Draws' })).toBeDefined()
    expect(screen.getByRole('button', { name: 'Cancel' })).toBeDefined()
    expect(await screen.findByText(/^400 draws, seed 1, 0\.4 s, generator xoshiro/)).toBeDefined()
    expect(headline()).toMatch(/, P50.*P10 [−$\d.KMB]+P90 [−$\d.KMB]+$/)
    const box = screen.getByRole('spinbutton', { name: 'Lease, $/kW-month' })
    fireEvent.change(box, { target: { value: '$190' } })
    fireEvent.blur(box)
    expect(await screen.findByText(/These draws belong to other assumptions: Lease \$135 → \$190/)).toBeDefined()
    expect(headline()).not.toMatch(/P50|P10/)
    fireEvent.click(screen.getByRole('button', { name: 'Reset Lease to its default' }))
    await waitFor(() => expect(headline()).toMatch(/P10/))
    expect(screen.queryByText(/These draws belong to other assumptions/)).toBeNull()
  })
  test('a run that is cancelled leaves the entered case and can be started again', async () => {
    openWindow({ hash: '#/plan?site=raquette-falls' })
    fireEvent.click(await screen.findByRole('button', { name: 'Run 10,000 draws' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }))
    expect(await screen.findByRole('button', { name: 'Run 10,000 draws' })).toBeDefined()
    expect(screen.getByText(/Entered case, no draws run/)).toBeDefined()
  })
  test('a run survives leaving the screen', async () => {
    openWindow({ hash: '#/plan?site=toyah-basin' })
    fireEvent.click(await screen.findByRole('button', { name: 'Run 10,000 draws' }))
    location.hash = '#/now?site=toyah-basin'
    expect(await screen.findByRole('region', { name: /^Toyah Basin/ })).toBeDefined()
    location.hash = '#/plan?site=toyah-basin'
    await waitFor(() => expect(headline()).toMatch(/P10/))
  })
  test('where a gate forbids the conversion no draws are offered, and it says why', async () => {
    openWindow({ hash: '#/plan?site=little-muddy' })
    const refused = await screen.findByRole('region', { name: 'Why not' })
    expect(refused.textContent).toContain('No draws are offered: they would put odds on a conversion that a gate forbids.')
    expect(screen.queryByRole('button', { name: /draws/ })).toBeNull()
  })
  test('the scenarios stand against today, and a chosen one shows its course', async () => {
    openWindow({ hash: '#/plan?site=toyah-basin' })
    fireEvent.click(await screen.findByRole('radio', { name: 'Scenarios' }))
    const table = await screen.findByRole('region', { name: 'Scenarios, as a table' })
    const rows = within(table).getAllByRole('row')
    expect(rows).toHaveLength(16)
    expect(rows[1]?.textContent).toMatch(/^Today goes on40\.54 → .*baseline/)
    fireEvent.click(within(table).getByRole('button', { name: 'The halving of 2028, price flat' }))
    expect(
      await screen.findByRole('heading', { name: /^The halving of 2028, price flat: below break-even in \d+ of 181 months$/ }),
    ).toBeDefined()
  })
  test('scenarios that cannot be computed say so and offer to try again', async () => {
    openWindow({ hash: '#/plan?site=toyah-basin', variant: 'failed' })
    expect(await screen.findByText(/Hashyard could not read/)).toBeDefined()
  })
})

describe('Memo', () => {
  test('exports and says where the file is', async () => {
    openWindow({ hash: '#/memo' })
    fireEvent.click(await screen.findByRole('button', { name: 'Export PDF' }))
    expect(await screen.findByText(/^Saved to \/home\/desk\/Documents\/hashyard-memo\.pdf, 6 pages, 184 kB\./)).toBeDefined()
  })
})

describe('Sources', () => {
  test('the freshness chip leads to the sources that need someone', async () => {
    openWindow({ variant: 'dead' })
    const chip = await screen.findByRole('link', { name: /^Data freshness: Too old/ })
    fireEvent.click(chip)
    location.hash = chip.getAttribute('href') ?? ''
    expect(await screen.findByText('Only sources that need someone.')).toBeDefined()
    expect(screen.getAllByText('A web page arrived in place of the CSV file', { selector: 'td' }).length).toBeGreaterThan(0)
  })
})

describe('keys', () => {
  test('Ctrl with a digit goes to a screen and keeps the site; F5 asks again without a reload', async () => {
    const bridge = openWindow({ hash: '#/now?site=toyah-basin' })
    await screen.findByRole('main', { name: 'Now' })
    fireEvent.keyDown(window, { key: '2', ctrlKey: true })
    expect(await screen.findByRole('main', { name: 'Fleet' })).toBeDefined()
    expect(location.hash).toBe('#/fleet?site=toyah-basin')
    const before = bridge.asked.length
    expect(fireEvent.keyDown(window, { key: 'F5' })).toBe(false)
    await waitFor(() => expect(bridge.asked.length).toBeGreaterThan(before))
  })
})
