import type { Page } from 'playwright'

/** Margin, sentence and break-even of the worst site; the others in a list. */
export const nowScreen = (page: Page) => {
  const hero = page.getByRole('main').locator('section').first()
  return {
    waitForAdvice: () =>
      hero
        .getByText(/^(Run\b|Run\.|Curtail|Keep|Stop)/)
        .first()
        .waitFor({ timeout: 90_000 }),
    /** All that the first section says, as a reader sees it. */
    text: () => hero.innerText(),
    blocks: async () => {
      const table = page.getByRole('table').filter({ hasText: 'Blocks at' })
      return await table
        .locator('tbody tr')
        .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText)))
    },
  }
}
