import { expect, test } from 'vitest'
import { journey } from '../hashyard.ts'

/** The fleet as a table and as a merit order; a plan whose lease is changed by hand. */
journey('fleet and plan on the demo farm', { args: ['--demo', '--machines', '300', '--poll-ms', '600000'] }, (hashyard) => {
  test('the fleet lists every machine, the least economic first', async () => {
    const { frame, fleet, now } = hashyard()
    await frame.waitForEngine()
    await now.waitForAdvice()
    await frame.go('Fleet')
    await expect.poll(() => fleet.rowCount()).toBe(300)
    expect((await fleet.rows()).length).toBeGreaterThan(10)
  })

  test('a filter narrows the table to what it names', async () => {
    const { fleet } = hashyard()
    await fleet.filter('model:S19j')
    await expect.poll(() => fleet.rowCount()).toBeLessThan(300)
    const rows = await fleet.rows()
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row).toContain('S19j')
    await fleet.filter('')
    await expect.poll(() => fleet.rowCount()).toBe(300)
  })

  test('a price above every break-even puts every block below it, and the way back is one click', async () => {
    const { fleet } = hashyard()
    const before = await fleet.finding()
    await fleet.addToAllPrices(500)
    await expect.poll(() => fleet.finding()).toMatch(/At \+\$?500\.00.*blocks at 3 sites stand below the price/)
    await fleet.backToNow()
    await expect.poll(() => fleet.finding()).toBe(before)
  })

  test('a higher lease is worth more, its break-even stays, and undo takes it back', async () => {
    const { frame, plan, now } = hashyard()
    await frame.go('Now')
    const [site = ''] = (await now.sites()).filter((name) => name === 'Toyah Basin')
    await frame.chooseSite(site)
    await frame.go('Plan')
    const millions = (text: string) => {
      const [, sign = '', figure = '', scale = ''] = /^([+−]?)\$([\d.,]+)([KMB]?)$/.exec(text) ?? []
      return (sign === '−' ? -1 : 1) * Number(figure.replaceAll(',', '')) * ({ K: 1e-3, M: 1, B: 1e3 }[scale] ?? 1e-6)
    }
    const dollars = (text: string) => Number(text.replace('$', ''))
    const before = await plan.npv()
    const breakEven = await plan.result('Break-even lease')
    const lease = await plan.lease()
    await plan.setLease('200')
    await expect.poll(plan.npv).not.toBe(before)
    expect(millions(await plan.npv())).toBeGreaterThan(millions(before))
    // The lease at which converting earns as much as mining does not depend on the lease that was entered. The demo's market
    // moves meanwhile: a few cents, against the $65 the lease was moved by.
    expect(Math.abs(dollars(await plan.result('Break-even lease')) - dollars(breakEven))).toBeLessThan(1)
    await plan.undo()
    await expect.poll(plan.lease).toBe(lease)
    await expect.poll(async () => Math.abs(millions(await plan.npv()) - millions(before))).toBeLessThan(1)
  })

  test('10,000 draws give the one number its P10 and P90; another lease leaves them behind, the old one brings them back', async () => {
    const { plan } = hashyard()
    expect(await plan.range()).toBe('')
    await plan.runDraws()
    await expect.poll(plan.range, { timeout: 30_000 }).toMatch(/^P10 [−$\d.KMB]+P90 [−$\d.KMB]+$/)
    expect(await plan.madeOf()).toMatch(/^10,000 draws, seed 1, .* s, generator xoshiro/)
    expect(await plan.stale()).toBe(0)
    await plan.setLease('200')
    await expect.poll(plan.stale).toBe(1)
    await expect.poll(plan.range).toBe('')
    await plan.undo()
    await expect.poll(plan.range).toMatch(/^P10 /)
    expect(await plan.stale()).toBe(0)
  })

  test('the run is there after another screen, and the scenarios stand against today', async () => {
    const { frame, plan } = hashyard()
    await frame.go('Fleet')
    await frame.go('Plan')
    await expect.poll(plan.range).toMatch(/^P10 /)
    await plan.showScenarios()
    await expect.poll(async () => (await plan.scenarioRows()).length, { timeout: 15_000 }).toBe(16)
    expect((await plan.scenarioRows())[1]).toMatch(/^Today goes on.*baseline/)
  })

  test('the page reported no error and no breach of its policy on the way', () => {
    expect(hashyard().wrongs()).toEqual([])
  })
})
