import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import { makeFolder } from '../make-folder.ts'

/** What the window remembers from one start to the next. The farm itself is the engine's; losing this loses a window's place. */
const Bounds = z.strictObject({ x: z.int(), y: z.int(), width: z.int().min(200).max(20_000), height: z.int().min(200).max(20_000) })
const Settings = z.strictObject({ bounds: Bounds.nullable(), maximized: z.boolean(), demo: z.boolean() })
export type Settings = z.infer<typeof Settings>
const NONE: Settings = { bounds: null, maximized: false, demo: false }

/** An unreadable file is set aside and reported, not silently replaced; the last good copy steps in (threat model S9). */
export const openSettings = (file: string, log: (line: string) => void) => {
  const lastGood = `${file}.last-good`
  const read = (from: string) => Settings.parse(JSON.parse(readFileSync(from, 'utf8')))
  const load = (): Settings => {
    if (!existsSync(file)) return NONE
    try {
      return read(file)
    } catch {
      const aside = `${file}.unreadable`
      try {
        renameSync(file, aside)
        log(`${file} could not be read and was set aside as ${aside}`)
        return existsSync(lastGood) ? read(lastGood) : NONE
      } catch {
        return NONE
      }
    }
  }
  let current = load()
  return {
    get: () => current,
    save: (change: Partial<Settings>) => {
      current = { ...current, ...change }
      const temporary = `${file}.part`
      try {
        makeFolder(dirname(file))
        const handle = openSync(temporary, 'w', 0o600)
        writeFileSync(handle, `${JSON.stringify(current)}\n`)
        fsyncSync(handle)
        closeSync(handle)
        if (existsSync(file)) copyFileSync(file, lastGood)
        renameSync(temporary, file)
      } catch (error) {
        log(`${file} was not written: ${error instanceof Error ? error.message : String(error)}`)
      }
    },
  }
}
