import type { Page } from 'playwright'

/** The conversion of one site: its assumptions, and what follows from them. */
export const planScreen = (page: Page) => {
  const main = page.getByRole('main', { name: 'Plan' })
  const lease = main.getByRole('spinbutton', { name: /^Lease, / })
  const result = (label: string) =>
    main
      .getByRole('region', { name: 'Results' })
      .locator('dl > div')
      .filter({ has: page.locator('dt').getByText(label, { exact: true }) })
      .locator('dd')
      .first()
  return {
    /** NPV against keep-mining: the screen's one number; a dash where a gate forbids the conversion. */
    npv: async () =>
      (
        await main
          .getByText(/^(—|[+−]?\$[\d.,]+[KMB]?)$/)
          .first()
          .textContent()
      )?.trim() ?? '',
    result: async (label: string) => (await result(label).textContent())?.trim() ?? '',
    lease: () => lease.inputValue(),
    setLease: async (usdPerKwMonth: string) => {
      await lease.fill(usdPerKwMonth)
      await lease.press('Enter')
    },
    resetLease: () => main.getByRole('button', { name: 'Reset Lease to its default' }).click(),
    runDraws: () => main.getByRole('button', { name: /^Run (10,000 draws|the draws again)$/ }).click(),
    /** "P10 −$1.2M P90 $9.8M" beside the one number; empty while it is the entered case. */
    range: async () =>
      (
        (await main
          .getByText(/^P10 [^,]*P90 /)
          .first()
          .textContent({ timeout: 500 })
          .catch(() => '')) ?? ''
      ).trim(),
    madeOf: () => main.getByText(/^[\d,]+ draws, seed \d+, .* generator /).textContent(),
    stale: () => main.getByText(/^.*These draws belong to other assumptions/).count(),
    drawsOffered: () => main.getByRole('button', { name: /draws/ }).count(),
    showDraws: () => main.getByRole('radio', { name: 'Draws' }).click(),
    /** The histogram and what it was made of are there. */
    waitForDraws: () => main.getByText(/^[\d,]+ draws, seed \d+, .* generator /).waitFor({ timeout: 60_000 }),
    waitForScenarios: () =>
      main.getByRole('region', { name: 'Scenarios, as a table' }).getByRole('row').nth(1).waitFor({ timeout: 30_000 }),
    back: () => page.goBack(),
    showScenarios: () => main.getByRole('radio', { name: 'Scenarios' }).click(),
    scenarioRows: () => main.getByRole('region', { name: 'Scenarios, as a table' }).getByRole('row').allTextContents(),
    undo: () => page.keyboard.press('ControlOrMeta+z'),
  }
}
