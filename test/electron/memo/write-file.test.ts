import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkOut, writeMemo } from '#electron/memo/write-file.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hashyard-write-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const memo = new TextEncoder().encode('%PDF-memo')
const messageOf = (r: Awaited<ReturnType<typeof writeMemo>>) => (r.ok ? '' : r.failure.message)

test('a memo is there whole, for its owner only, and nothing else is left behind', async () => {
  const path = join(folder, 'memo.pdf')
  expect(await writeMemo(path, memo)).toEqual({ ok: true, value: { path } })
  expect(await readFile(path, 'utf8')).toBe('%PDF-memo')
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(folder)).toEqual(['memo.pdf'])
})
test('a missing folder is said, not made', async () => {
  const written = await writeMemo(join(folder, 'missing', 'memo.pdf'), memo)
  expect(written).toMatchObject({ ok: false, failure: { kind: 'unwritable', field: 'out' } })
  expect(messageOf(written)).toContain('the folder does not exist')
  expect(await readdir(folder)).toEqual([])
})
test('a folder of that name, or a file where a folder should be, is refused', async () => {
  await mkdir(join(folder, 'memo.pdf'))
  expect(messageOf(await writeMemo(join(folder, 'memo.pdf'), memo))).toContain('a folder has that name')
  await writeFile(join(folder, 'file'), 'x')
  expect(messageOf(await writeMemo(join(folder, 'file', 'memo.pdf'), memo))).toContain('is a file, not a folder')
})
test('an existing file stays where nobody agreed to lose it', async () => {
  const path = join(folder, 'memo.pdf')
  await writeFile(path, 'signed')
  const refused = await writeMemo(path, memo, { replace: false })
  expect(refused).toMatchObject({ ok: false, failure: { kind: 'unwritable' } })
  expect(await readFile(path, 'utf8')).toBe('signed')
  expect(await checkOut(path, { replace: false })).toMatchObject({ ok: false })
  expect(await writeMemo(path, memo, { replace: true })).toMatchObject({ ok: true })
  expect(await readFile(path, 'utf8')).toBe('%PDF-memo')
  expect(await readdir(folder)).toEqual(['memo.pdf'])
})
test('of two memos written to one name at once, one is kept whole and the other is told', async () => {
  const path = join(folder, 'memo.pdf')
  const results = await Promise.all([writeMemo(path, memo, { replace: false }), writeMemo(path, memo, { replace: false })])
  expect(results.filter((r) => r.ok)).toHaveLength(1)
  expect(await readFile(path, 'utf8')).toBe('%PDF-memo')
  expect(await readdir(folder)).toEqual(['memo.pdf'])
})
test.skipIf(process.platform === 'win32')('a link is replaced itself, what it points at stays', async () => {
  await writeFile(join(folder, 'precious'), 'precious')
  await symlink(join(folder, 'precious'), join(folder, 'memo.pdf'))
  expect(await writeMemo(join(folder, 'memo.pdf'), memo, { replace: true })).toMatchObject({ ok: true })
  expect(await readFile(join(folder, 'precious'), 'utf8')).toBe('precious')
})
test('a name longer than the file system takes is said in words', async () => {
  expect(messageOf(await writeMemo(join(folder, `${'x'.repeat(300)}.pdf`), memo))).toContain('the name is too long')
})
