import type { Page } from 'playwright'

/** The panel in which a figure is unfolded into the way it was computed. */
export const figurePanel = (page: Page) => {
  const button = (name: string) => page.getByRole('button', { name: `How this figure was computed: ${name}`, exact: true })
  const panel = (label: string) => page.getByRole('complementary', { name: label, exact: true })
  return {
    /** By keyboard, as by hand: the focus goes into the panel. */
    open: async (name: string, label: string) => {
      await button(name).focus()
      await page.keyboard.press('Enter')
      await panel(label).getByRole('list').first().waitFor()
    },
    text: async (label: string) => (await panel(label).textContent()) ?? '',
    /** Unfolds an input that was computed. */
    unfold: (label: string, input: string) =>
      panel(label)
        .getByRole('button', { name: new RegExp(`^${input}\\b`) })
        .first()
        .click(),
    close: async (name: string) => {
      await page.keyboard.press('Escape')
      await button(name).and(page.locator(':focus')).waitFor()
    },
  }
}
