import type { Page } from 'playwright'

export const fleetScreen = (page: Page) => ({ grid: () => page.getByRole('grid') })
