import type { Page } from 'playwright'

/** Uneconomic MW, merit order, and every machine in a table. */
export const fleetScreen = (page: Page) => {
  const main = page.getByRole('main', { name: 'Fleet' })
  const grid = main.getByRole('grid')
  const price = main.getByRole('spinbutton')
  return {
    /** Rows on screen without the head; the table keeps blank ones where it has scrolled away from. */
    rows: async () => (await grid.getByRole('row').allTextContents()).slice(1).filter((row) => row !== ''),
    rowCount: async () => Number(await grid.getAttribute('aria-rowcount')) - 1,
    filter: async (text: string) => {
      await page.locator('[data-shortcut="filter"]').fill(text)
    },
    /** The finding of the merit-order chart: its title. */
    finding: () => main.getByRole('img').first().getAttribute('aria-label'),
    addToAllPrices: async (usdPerMwh: number) => {
      await price.fill(String(usdPerMwh))
      await price.press('Enter')
    },
    backToNow: () => main.getByRole('button', { name: 'Back to now' }).click(),
    openMachine: (name: string) => grid.getByRole('button', { name }).click(),
    machinePanel: (name: string) => page.getByRole('complementary').filter({ hasText: name }),
  }
}
