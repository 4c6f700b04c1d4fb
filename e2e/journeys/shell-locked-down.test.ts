import { expect, test } from 'vitest'
import { ask } from '../ask.ts'
import { journey } from '../hashyard.ts'

/** What the page may reach, tried from inside the page (threat model R1–R6, E4). */
type Ask = Record<string, (...input: unknown[]) => Promise<{ ok: boolean; failure?: { kind: string; message: string } }>>
type Page = { hashyard: { ask: Ask; on: Record<string, unknown> } }

journey('a stranger’s script in the page', {}, (hashyard) => {
  test('finds the questions of the contract and nothing else: no require, no process, no way to name a channel', async () => {
    const found = await hashyard().page.evaluate(() => {
      const page = window as unknown as Page & Record<string, unknown>
      return {
        globals: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', '__hostBinding', '__hostReceive'].filter((name) => name in page),
        top: Object.keys(page.hashyard),
        frozen: Object.isFrozen(page.hashyard) && Object.isFrozen(page.hashyard.ask),
        questions: Object.keys(page.hashyard.ask).length,
      }
    })
    expect(found).toMatchObject({ globals: [], top: ['ask', 'on'], frozen: true })
    expect(found.questions).toBeGreaterThan(10)
  })

  test('is not answered when it asks in another form, with another field, or with more than 1 MiB', async () => {
    const kinds = await hashyard().page.evaluate(async () => {
      const { ask } = (window as unknown as Page).hashyard
      const kindOf = async (question: string, ...input: unknown[]) => (await ask[question]?.(...input))?.failure?.kind
      return [
        await kindOf('app.status', { extra: 1 }),
        await kindOf('app.status', null),
        await kindOf('fleet.machine', { id: 7 }),
        await kindOf('fleet.machine', { id: 'x'.repeat(2 * 1024 * 1024) }),
      ]
    })
    expect(kinds).toEqual(['invalid-input', 'invalid-input', 'invalid-input', 'too-large'])
  })

  test('cannot run text as code, add a script, or leave for another page', async () => {
    const { page } = hashyard()
    const tried = await page.evaluate(async () => {
      // The test's own way in may run text; what a timer runs is the page's script like any other.
      await new Promise((resolve) => setTimeout(resolve))
      const thrown = (run: () => unknown) => {
        try {
          run()
          return 'ran'
        } catch {
          return 'refused'
        }
      }
      const script = document.createElement('script')
      script.textContent = 'window.injected = true'
      document.head.append(script)
      const fetched = await fetch('https://example.com/').then(
        () => 'answered',
        () => 'refused',
      )
      return {
        evaluated: thrown(() => new Function('return 1')()),
        injected: 'injected' in window,
        fetched,
        geolocation: (await navigator.permissions.query({ name: 'geolocation' })).state,
        secure: isSecureContext,
      }
    })
    expect(tried).toEqual({ evaluated: 'refused', injected: false, fetched: 'refused', geolocation: 'denied', secure: true })
    const before = page.url()
    for (const address of ['https://example.com/', 'file:///etc/passwd'])
      await page.evaluate((to) => {
        location.href = to
      }, address)
    await page.evaluate(() => window.open('https://example.com/'))
    // Long enough for a navigation that is not prevented to show.
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(page.url()).toBe(before)
    expect(await page.getByRole('main', { name: 'First run' }).count()).toBe(1)
    expect(await hashyard().program.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  test('is served under the policy of the threat model, and gets no file beside the bundle', async () => {
    const served = await hashyard().page.evaluate(async () => {
      const page = await fetch(location.href)
      const beside = await Promise.all(
        ['../main.cjs', '%2e%2e/main.cjs', '..%2fmain.cjs', '%2e%2e%2f%2e%2e%2fpackage.json', 'index.html%00.js'].map(
          async (path) => (await fetch(path).catch(() => null))?.status ?? 0,
        ),
      )
      return { policy: page.headers.get('content-security-policy'), beside }
    })
    expect(served.policy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    for (const status of served.beside) expect([0, 400, 404]).toContain(status)
  })

  test('About says which runtime this is and whether the page is sandboxed', async () => {
    const answer = await ask(hashyard().page, 'shell.about', {})
    if (!answer.ok) throw new Error(answer.failure.message)
    const about = answer.value
    expect(about.sandbox).toMatch(process.getuid?.() === 0 ? /^Off\. .*root/ : /^On\./)
    expect(about.runtime).toBe(process.env.ELECTRON_OVERRIDE_DIST_PATH ? 'chromium-host' : 'electron')
    expect(about.limits.length > 0).toBe(about.runtime === 'chromium-host')
  })
})
