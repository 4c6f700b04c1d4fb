import type { Page } from 'playwright'

/** Preview, checks and the one click that matters. */
export const memoScreen = (page: Page) => {
  const main = page.getByRole('main', { name: 'Memo' })
  return {
    exportPdf: () => main.getByRole('button', { name: 'Export PDF' }).click(),
    /** What the screen says once the file is written: its path, pages and size. */
    waitForSaved: async () => {
      const saved = main.getByText(/^Saved to /)
      await saved.waitFor({ timeout: 60_000 })
      return (await saved.textContent())?.trim() ?? ''
    },
    checks: () => main.getByRole('complementary', { name: 'Checks' }).getByRole('listitem').allTextContents(),
  }
}
