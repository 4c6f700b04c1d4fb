import type { Page } from 'playwright'

export const memoScreen = (page: Page) => ({
  exportPdf: () => page.getByRole('main').getByRole('button', { name: 'Export PDF' }).click(),
})
