import type { Page } from 'playwright'

/** What the Now screen says of the site it leads with, as a reader reads it. */
export type Judged = { site: string; margin: string; breakEven: string; price: string; headline: string; reason: string }

const flat = (text: string | null) => (text ?? '').replace(/\s+/g, ' ').trim()

/** Margin, sentence and break-even of the worst site, or of the one that was chosen. */
export const nowScreen = (page: Page) => {
  const main = page.getByRole('main', { name: 'Now' })
  const hero = main.getByRole('region', { name: /margin now/ })
  return {
    /** A recommendation with its reason and a break-even are there: the first sweep and the first prices have come in. */
    waitForAdvice: async () => {
      await hero.getByText(/break-even .*\d − price /).waitFor({ timeout: 90_000 })
      await hero
        .getByText(/^(Run|Curtail)\b/)
        .first()
        .waitFor({ timeout: 90_000 })
    },
    judged: async (): Promise<Judged> => {
      const arithmetic = flat(await hero.getByText(/break-even .*\d − price /).textContent())
      const [, breakEven = '', price = ''] = /break-even (\S+) − price (\S+?)[,.]?(?: |$)/.exec(arithmetic) ?? []
      const sentence = hero
        .locator('p')
        .filter({ has: page.locator('b') })
        .first()
      const headline = flat(await sentence.locator('b').textContent())
      const reason = flat(await sentence.textContent())
        .slice(headline.length)
        .trim()
      const [site = ''] = (await hero.getAttribute('aria-label'))?.split(', ') ?? []
      const margin = flat(
        await hero
          .getByText(/^[+−]?\d[\d,]*\.\d\d$/)
          .first()
          .textContent(),
      )
      return { site, margin, breakEven, price, headline, reason }
    },
    /** Names of all sites, the leading one first. */
    sites: async () => {
      const others = await main
        .getByRole('table')
        .filter({ hasText: 'Other sites' })
        .getByRole('rowheader')
        .getByRole('link')
        .allTextContents()
      return [(await hero.getAttribute('aria-label'))?.split(', ')[0] ?? '', ...others]
    },
  }
}
