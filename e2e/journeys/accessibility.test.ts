import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from 'vitest'
import { journey } from '../hashyard.ts'

/** WCAG 2.2 AA as far as a program can judge it, on every screen in both themes, with real figures on it (ux.md 12). */
const SCREENS = ['Now', 'Fleet', 'Plan', 'Memo', 'Sources'] as const
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

journey('accessibility of the first run and of every screen', { args: ['--machines', '300', '--poll-ms', '600000'] }, (hashyard) => {
  const violations = async () => {
    // Legacy mode: one page and no second window, which this program does not open.
    const { passes, violations: found } = await new AxeBuilder({ page: hashyard().page }).setLegacyMode().withTags(RULES).analyze()
    // Axe that judged nothing has not looked.
    expect(passes.length).toBeGreaterThan(10)
    return found.map(
      (v) =>
        `${v.id} (${v.impact}): ${v.nodes
          .map((n) => n.target.join(' '))
          .slice(0, 3)
          .join(' | ')}`,
    )
  }

  test('the first run', async () => {
    await hashyard().firstRun.expectDoors()
    expect(await violations()).toEqual([])
    await hashyard().firstRun.openDemo()
    await hashyard().now.waitForAdvice()
  })

  for (const theme of ['light', 'dark'] as const)
    for (const screen of SCREENS)
      test(`${screen} in the ${theme} theme`, async () => {
        const { frame, now, theme: setTheme } = hashyard()
        await setTheme(theme)
        await frame.go(screen)
        if (screen === 'Now') await now.waitForAdvice()
        expect(await violations()).toEqual([])
      })

  for (const theme of ['light', 'dark'] as const)
    test(`a figure of Now and one of Plan unfolded in the ${theme} theme, by keyboard`, async () => {
      const { frame, now, figure, theme: setTheme, picture } = hashyard()
      await setTheme(theme)
      await frame.go('Now')
      await now.waitForAdvice()
      await figure.open('Margin', 'Margin')
      expect(await figure.text('Margin')).toMatch(/site\.siteMargin.*breakeven\.groupBreakEven.*curtailment\.opportunityPrice/)
      await figure.unfold('Margin', 'btcPerPhDay')
      expect(await figure.text('Margin')).toMatch(/revenue\.hashprice.*difficulty[\d.]+ Tmempool/)
      expect(await violations()).toEqual([])
      await picture(`figure-margin-${theme}`)
      await figure.close('Margin')
      await frame.go('Plan')
      await figure.open('NPV against keep-mining', 'NPV against keep-mining')
      expect(await violations()).toEqual([])
      await picture(`figure-npv-${theme}`)
      await figure.close('NPV against keep-mining')
    })

  // After the figures: with draws the one number is their P50, and the entered case unfolds in its own view.
  for (const theme of ['light', 'dark'] as const) {
    test(`the draws of Plan in the ${theme} theme`, async () => {
      const { frame, plan, theme: setTheme, picture } = hashyard()
      await setTheme(theme)
      await frame.go('Plan')
      await plan.showDraws()
      if (theme === 'light') await plan.runDraws()
      await plan.waitForDraws()
      expect(await violations()).toEqual([])
      await picture(`plan-draws-${theme}`)
    })
    test(`the scenarios of Plan in the ${theme} theme, open again after another screen`, async () => {
      const { frame, plan, theme: setTheme, picture } = hashyard()
      await setTheme(theme)
      await frame.go('Plan')
      await plan.showScenarios()
      await plan.waitForScenarios()
      expect(await violations()).toEqual([])
      await picture(`plan-scenarios-${theme}`)
      // The view is in the address: Back leads to it.
      await frame.go('Sources')
      await plan.back()
      await plan.waitForScenarios()
    })
  }
})
