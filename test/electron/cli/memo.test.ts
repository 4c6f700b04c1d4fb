import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runCli } from '#electron/cli/hashyard.ts'
import { findChromium } from '#electron/memo/print-with-chromium.ts'
import { demoFarm } from '#electron/simulator/demo-farm.ts'
import { openStore } from '#electron/store/open.ts'

const CLOCK = '2026-11-25T20:52:00Z'
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hashyard-cli-memo-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

const run = async (...args: string[]) => {
  let out = ''
  let err = ''
  const code = await runCli(['memo', '--data', join(folder, 'data'), '--clock', CLOCK, ...args], {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    signal: new AbortController().signal,
    env: process.env,
  })
  return { code, out, err }
}

/** Sites as they were entered, before the first poll. */
const enterSites = async () => {
  const opened = openStore({ dataDir: join(folder, 'data'), demo: true, readOnly: false, nowMs: Date.parse(CLOCK) })
  if (!opened.ok) throw new Error(opened.failure.message)
  await opened.value.farm.define({ sites: demoFarm.sites, machines: [], meters: [] }, Date.parse(CLOCK))
  opened.value.close()
}

test('without site or file the usage is shown and nothing is written', async () => {
  expect(await run('--out', join(folder, 'memo.pdf'))).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--site ID|all') })
  expect(await run('--site', 'all')).toMatchObject({ code: 2, err: expect.stringContaining('--out FILE.pdf') })
  const { code, out } = await run('--site', 'all', '--out', 'x.pdf', '--paper', 'a5', '--json')
  expect(code).toBe(2)
  expect(JSON.parse(out)).toEqual({ error: { kind: 'invalid-input', message: '--paper is a4 or letter', field: 'paper' } })
})
test('a data folder with nothing in it is told apart from a site that does not exist', async () => {
  const empty = await run('--site', 'all', '--out', join(folder, 'memo.pdf'), '--json')
  expect(empty.code).toBe(1)
  expect(JSON.parse(empty.out).error.kind).toBe('not-found')
  await enterSites()
  const wrong = await run('--site', 'nowhere', '--out', join(folder, 'memo.pdf'), '--json')
  expect(wrong.code).toBe(1)
  expect(JSON.parse(wrong.out).error).toMatchObject({
    kind: 'not-found',
    field: 'site',
    message: expect.stringContaining(demoFarm.sites[0]?.id ?? '?'),
  })
})
test('a place that cannot be written is said before anything is read', async () => {
  const { code, out } = await run('--site', 'all', '--out', join(folder, 'missing', 'memo.pdf'), '--json')
  expect(code).toBe(1)
  expect(JSON.parse(out).error).toMatchObject({ kind: 'unwritable', field: 'out' })
})
test('without Chromium the command fails with what to do, and leaves no file', async () => {
  await enterSites()
  vi.stubEnv('CHROME_PATH', join(folder, 'no-chromium'))
  const { code, out } = await run('--site', 'all', '--out', join(folder, 'memo.pdf'), '--json')
  expect(code).toBe(1)
  expect(JSON.parse(out).error).toMatchObject({ kind: 'not-supported', message: expect.stringContaining('CHROME_PATH') })
  expect((await readdir(folder)).filter((name) => name !== 'data')).toEqual([])
})

describe.skipIf(!findChromium().ok)('with the installed Chromium', () => {
  test('sites that were never polled still get their memo: advice withheld, figures as dashes', async () => {
    await enterSites()
    const path = join(folder, 'memo.pdf')
    const { code, out } = await run('--site', 'all', '--out', path, '--json')
    expect(code).toBe(0)
    const answer = JSON.parse(out)
    expect(answer).toMatchObject({ path, memo_id: expect.stringMatching(/^HY-2026-/), sites: demoFarm.sites.map((s) => s.id) })
    expect(answer.title).toContain('Decide nothing yet')
    expect(answer.pages).toBeGreaterThan(demoFarm.sites.length * 3)
    expect((await readFile(path)).subarray(0, 5).toString()).toBe('%PDF-')
  })
  test('an existing file stays unless --replace is given', async () => {
    await enterSites()
    const path = join(folder, 'memo.pdf')
    await writeFile(path, 'signed')
    const site = demoFarm.sites[0]?.id ?? ''
    expect(await run('--site', site, '--out', path)).toMatchObject({ code: 1, err: expect.stringContaining('--replace') })
    expect(await readFile(path, 'utf8')).toBe('signed')
    expect(await run('--site', site, '--out', path, '--replace', '--paper', 'a4')).toMatchObject({
      code: 0,
      out: expect.stringContaining(`written to ${path}`),
    })
    expect((await readFile(path)).subarray(0, 5).toString()).toBe('%PDF-')
  })
})
