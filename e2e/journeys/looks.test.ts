import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { journey } from '../hashyard.ts'

/**
 * Every screen in both themes at the smallest usual and at a large size: nothing is cut off, and the pictures are there to be
 * looked at (`.cache/e2e`). With HASHYARD_README_PICTURE=1 the README's own picture is taken anew from this run.
 */
const SCREENS = ['Now', 'Fleet', 'Plan', 'Memo', 'Sources'] as const
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]
const README_PICTURE = fileURLToPath(new URL('../../build/readme/now.png', import.meta.url))

journey('looks of the running demo', { args: ['--demo', '--poll-ms', '20000'] }, (hashyard) => {
  test('the whole demo farm is there', async () => {
    const { frame, now } = hashyard()
    await frame.waitForEngine()
    await now.waitForAdvice()
  })

  for (const theme of ['light', 'dark'] as const)
    for (const { width, height } of SIZES)
      test(`every screen in the ${theme} theme at ${width}×${height}: nothing reaches beyond the window`, async () => {
        const { page, frame, now, resize, theme: setTheme, picture } = hashyard()
        await resize(width, height)
        await setTheme(theme)
        for (const screen of SCREENS) {
          await frame.go(screen)
          if (screen === 'Now') await now.waitForAdvice()
          // Canvas charts and the memo's preview are drawn after the text: two frames, and whatever fonts they wait for.
          await page.evaluate(async () => {
            await document.fonts.ready
            await new Promise((done) => setTimeout(done, 600))
          })
          const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          expect(beyond, `${screen} is wider than the window`).toBeLessThanOrEqual(0)
          await picture(`${screen.toLowerCase()}-${theme}-${width}x${height}`)
        }
      })

  test('the smallest supported window, 1024×640, shows the recommendation without scrolling sideways', async () => {
    const { page, frame, now, resize, picture } = hashyard()
    await resize(1024, 640)
    await frame.go('Now')
    await now.waitForAdvice()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1024)
    await picture('now-dark-1024x640')
  })

  // The site whose price moves says most about the program.
  test('one site fills the Now screen with its own blocks and prices', async () => {
    const { frame, now, resize, theme: setTheme, picture } = hashyard()
    await resize(1280, 800)
    await setTheme('light')
    await frame.go('Now')
    await frame.chooseSite('Toyah Basin')
    await now.waitForAdvice()
    await expect.poll(() => now.sites()).toEqual(['Toyah Basin'])
    const file = await picture('now-one-site')
    if (process.env.HASHYARD_README_PICTURE === '1') {
      mkdirSync(dirname(README_PICTURE), { recursive: true })
      copyFileSync(file, README_PICTURE)
    }
  })
})
