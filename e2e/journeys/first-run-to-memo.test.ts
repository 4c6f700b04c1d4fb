import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { journey } from '../hashyard.ts'
import { pdfPages } from '../pdf-text.ts'
import type { Judged } from '../screens/now.ts'

/**
 * The whole job: first start, demo farm, a break-even and a recommendation with its reason, and a memo on paper that says the same.
 * One sweep only, so that screen and paper can be compared at leisure; prices may still move, and then both are read again.
 */
journey('from the first run to a memo on paper', { args: ['--machines', '300', '--poll-ms', '600000'] }, (hashyard, dataDir) => {
  let sites: string[] = []

  test('the first run shows three doors, not an empty dashboard', async () => {
    expect(await hashyard().firstRun.expectDoors()).toEqual(['Open demo', 'Import CSV', 'Find machines'])
  })

  test('the demo opens with a break-even and a recommendation with its reason for each of three sites', async () => {
    const { firstRun, frame, now } = hashyard()
    await firstRun.openDemo()
    await frame.isDemo()
    await now.waitForAdvice()
    sites = await now.sites()
    expect(sites.length).toBe(3)
    for (const site of sites) {
      await frame.chooseSite(site)
      const judged = await now.judged()
      expect(judged.site).toBe(site)
      expect(judged.breakEven).toMatch(/^−?\$\d+\.\d\d$/)
      expect(judged.headline).toMatch(/^(Run|Curtail)/)
      expect(judged.reason).toMatch(/\d/)
    }
  })

  test('the margin on screen is the break-even less the price, to the cent', async () => {
    const { breakEven, price, margin } = await hashyard().now.judged()
    const usd = (text: string) => Math.round(Number(text.replace('−', '-').replace(/[$+,]/g, '')) * 100)
    // Both are rounded for display: their difference may be a cent off.
    expect(Math.abs(usd(breakEven) - usd(price) - usd(margin))).toBeLessThanOrEqual(1)
  })

  test('the exported memo is a PDF of at least four pages that says what the window says', async () => {
    const { frame, now, plan, memo, answerSaveDialog } = hashyard()
    const file = join(dataDir, 'decision memo.pdf')
    await answerSaveDialog(file)

    const readScreen = async () => {
      const read: { judged: Judged; npv: string; lease: string }[] = []
      for (const site of sites) {
        await frame.go('Now')
        await frame.chooseSite(site)
        const judged = await now.judged()
        await frame.go('Plan')
        const npv = await plan.npv()
        read.push({ judged, npv, lease: npv === '—' ? '' : await plan.result('Break-even lease') })
      }
      return read
    }
    const exportOnce = async () => {
      await frame.chooseSite('All sites')
      await frame.go('Memo')
      await memo.exportPdf()
      return await memo.waitForSaved()
    }
    let screen = await readScreen()
    let saved = await exportOnce()
    for (let tries = 0; tries < 3; tries++) {
      const again = await readScreen()
      if (JSON.stringify(again) === JSON.stringify(screen)) break
      screen = again
      saved = await exportOnce()
    }

    expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-')
    const pages = await pdfPages(file)
    expect(pages.length).toBeGreaterThanOrEqual(4)
    expect(saved).toContain(`${pages.length} pages`)
    for (const page of pages) expect(page).toMatch(/DEMO/)
    for (const { judged, npv, lease } of screen) {
      const own = pages.filter((page) => page.includes(judged.site)).join(' ')
      expect(own, judged.site).toContain(judged.breakEven)
      expect(own, judged.site).toContain(judged.price)
      // On screen a model goes without its maker.
      expect(own.replace(/\b(Antminer|Whatsminer|Avalon) /g, ''), judged.site).toContain(judged.headline)
      if (npv === '—') {
        expect(own, judged.site).toContain('Do not convert')
        continue
      }
      // Tables on paper write a loss in parentheses (ux.md 5).
      const onPaper = npv.startsWith('−') ? [npv, `(${npv.slice(1)})`] : [npv]
      expect(
        onPaper.some((text) => own.includes(text)),
        `${npv} of ${judged.site}`,
      ).toBe(true)
      expect(own, judged.site).toContain(lease)
    }
    expect(screen.some(({ npv }) => npv !== '—')).toBe(true)
  })

  test('the page reported no error and no breach of its policy on the way', () => {
    expect(hashyard().wrongs()).toEqual([])
  })
})
