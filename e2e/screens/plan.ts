import type { Page } from 'playwright'

export const planScreen = (page: Page) => ({ main: () => page.getByRole('main') })
