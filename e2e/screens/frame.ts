import type { Page } from 'playwright'

/** What surrounds every screen: rail, top bar, banner, status line. */
export const frame = (page: Page) => {
  const main = page.getByRole('main')
  const status = page.locator('[data-region="status"]')
  return {
    go: async (screen: 'Now' | 'Fleet' | 'Plan' | 'Memo' | 'Sources') => {
      await page.locator('[data-region="rail"]').getByRole('link', { name: screen }).click()
      await page.getByRole('main', { name: screen }).waitFor()
    },
    chooseSite: async (name: string) => {
      await page.locator('[data-shortcut="site"]').click()
      await page.getByRole('option', { name }).click()
    },
    /** The line that says the engine is away. */
    engineBanner: () => main.getByText(/The engine stopped at .*nothing committed is lost/i),
    waitForEngine: () => status.getByText('Engine running').waitFor({ timeout: 60_000 }),
    waitForSweep: () => status.getByText(/[\d,]+ of [\d,]+ machines/).waitFor({ timeout: 60_000 }),
    isDemo: () => page.locator('[data-region="top"]').getByText('Demo', { exact: true }).waitFor(),
  }
}
