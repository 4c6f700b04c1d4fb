import type { Page } from 'playwright'

/** The first start: three doors, one of which is open in this version. */
export const firstRunScreen = (page: Page) => ({
  expectDoors: async () => {
    await page.getByRole('main', { name: 'First run' }).waitFor()
    return await page.getByRole('heading', { level: 2 }).allInnerTexts()
  },
  openDemo: () => page.getByRole('button', { name: 'Open demo' }).click(),
})
