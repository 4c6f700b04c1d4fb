import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readArguments } from '#electron/shell/command-line.ts'
import { openSettings } from '#electron/shell/settings.ts'

let folder = ''
const log: string[] = []
const open = () => openSettings(join(folder, 'window.json'), (line) => log.push(line))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hashyard-settings-'))
  log.length = 0
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('the window comes back where it was', () => {
  open().save({ bounds: { x: 10, y: 20, width: 1400, height: 900 } })
  expect(open().get()).toEqual({ bounds: { x: 10, y: 20, width: 1400, height: 900 }, maximized: false, demo: false })
})

test('an unreadable file is set aside and reported, and the last good copy steps in', () => {
  open().save({ demo: true })
  open().save({ maximized: true })
  writeFileSync(join(folder, 'window.json'), '{"bounds":')
  const settings = open()
  expect(settings.get().demo).toBe(true)
  expect(readFileSync(join(folder, 'window.json.unreadable'), 'utf8')).toBe('{"bounds":')
  expect(log.join()).toMatch(/set aside/)
})

test('absurd bounds are not a place for a window', () => {
  writeFileSync(
    join(folder, 'window.json'),
    JSON.stringify({ bounds: { x: 0, y: 0, width: 1e9, height: 1 }, maximized: false, demo: false }),
  )
  expect(open().get().bounds).toBeNull()
})

test('a folder that takes no file costs a line in the log, not the window', () => {
  const blocked = join(folder, 'blocked')
  writeFileSync(blocked, 'a file where a folder should be')
  const settings = openSettings(join(blocked, 'window.json'), (line) => log.push(line))
  settings.save({ demo: true })
  expect(settings.get().demo).toBe(true)
  expect(log.join()).toMatch(/was not written/)
})

test('the window’s arguments are found among what Electron and Chromium are told', () => {
  expect(
    readArguments(['/app', '--no-sandbox', '--remote-debugging-port=0', '--data', '/farm', '--demo', '--seed', '7', '--poll-ms', '3000']),
  ).toEqual({
    data: '/farm',
    demo: true,
    engine: ['--seed', '7', '--poll-ms', '3000'],
  })
  expect(readArguments(['/app', '--seed', '1; rm', '--data', ''])).toEqual({ data: null, demo: false, engine: [] })
})
