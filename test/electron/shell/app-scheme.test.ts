import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileInside, isWindowPage, makeAppScheme } from '#electron/shell/app-scheme.ts'

let folder = ''
let bundle = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hashyard-scheme-'))
  bundle = join(folder, 'renderer')
  mkdirSync(join(bundle, 'assets'), { recursive: true })
  mkdirSync(join(folder, 'renderer-evil'))
  writeFileSync(join(bundle, 'index.html'), '<title>Hashyard</title>')
  writeFileSync(join(bundle, 'assets', 'a.js'), 'export {}')
  writeFileSync(join(bundle, 'notes.txt'), 'no type for this')
  writeFileSync(join(folder, 'secret.html'), 'secret')
  writeFileSync(join(folder, 'renderer-evil', 'x.html'), 'evil')
  symlinkSync(join(folder, 'secret.html'), join(bundle, 'link.html'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['/../secret.html'],
  ['/%2e%2e/secret.html'],
  ['/..%2fsecret.html'],
  ['/../renderer-evil/x.html'],
  ['/link.html'],
  ['/index.html%00.js'],
  ['/..\\secret.html'],
  ['/%zz'],
  ['/'],
  ['/no-such-file.html'],
])('the path %s leads to no file of the bundle', async (path) => {
  expect(await fileInside(bundle, path)).toBeNull()
})

test('a path is decoded once: what is still encoded afterwards is a name, not a separator', async () => {
  expect(await fileInside(bundle, '/%252e%252e/secret.html')).toBeNull()
  expect(await fileInside(bundle, '/assets/a.js')).toMatch(/assets.a\.js$/)
})

test('every answer carries the policy, and scripts come with their type', async () => {
  const { handle } = makeAppScheme(bundle)
  const page = await handle(new Request('app://hashyard/index.html'))
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
  expect((await handle(new Request('app://hashyard/assets/a.js'))).headers.get('content-type')).toMatch(/^text\/javascript/)
  for (const refused of ['app://hashyard/notes.txt', 'app://elsewhere/index.html', 'app://hashyard/../secret.html'])
    expect((await handle(new Request(refused))).status).toBe(404)
  expect((await handle(new Request('app://hashyard/index.html', { method: 'POST' }))).status).toBe(400)
})

test('a memo is served under an origin of its own, without scripts, until it is printed', async () => {
  const { handle, memos } = makeAppScheme(bundle)
  const { url, remove } = memos.add('<h1>Memo</h1>')
  const page = await handle(new Request(url))
  expect(await page.text()).toBe('<h1>Memo</h1>')
  expect(page.headers.get('content-security-policy')).not.toContain('script-src')
  expect(isWindowPage(url)).toBe(false)
  remove()
  expect((await handle(new Request(url))).status).toBe(404)
})
