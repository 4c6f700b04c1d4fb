/** The scenarios that a person can ask for: the shipped ones, and the files of `<data folder>/scenarios`. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { shippedScenarios } from '#shared/economics/scenario/library.ts'
import { readScenario, type Scenario } from '#shared/economics/scenario/scenario.ts'
import { type Failure, failed, ok, type Result } from '#shared/result.ts'
import { readJsonFile } from '../cli/read-json-file.ts'
import { reasonOf } from '../store/data-folder.ts'

/** More files than anybody writes by hand; past them the folder is something else. */
const MOST_FILES = 1000

export type KnownScenario = {
  readonly scenario: Scenario
  /** Null: shipped with the program. */
  readonly file: string | null
  /** Stands in place of a shipped one. */
  readonly overrides: boolean
}
/** A file that is no scenario. `ids` are the names under which somebody may ask for it. */
export type BadScenario = { readonly file: string; readonly ids: readonly string[]; readonly failure: Failure }
export type ScenarioShelf = { readonly known: readonly KnownScenario[]; readonly bad: readonly BadScenario[] }

const idIn = (json: unknown): string[] =>
  typeof json === 'object' && json !== null && 'id' in json && typeof json.id === 'string' ? [json.id] : []

const named = (file: string, f: Failure): Failure => ({ ...f, message: `${file}: ${f.message}` })

export const readScenarios = async (folder: string, signal: AbortSignal): Promise<Result<ScenarioShelf>> => {
  const shelf = new Map<string, KnownScenario>(
    shippedScenarios.map((scenario) => [scenario.id, { scenario, file: null, overrides: false }]),
  )
  const bad: BadScenario[] = []
  let names: string[]
  try {
    names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()
  } catch (error) {
    // No folder: nobody added any.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ok({ known: [...shelf.values()], bad })
    return failed('invalid-input', `${folder} cannot be read (${reasonOf(error)})`)
  }
  if (names.length > MOST_FILES) return failed('too-large', `${folder} holds more than ${MOST_FILES} files`)
  for (const name of names) {
    const file = join(folder, name)
    const stem = name.slice(0, -'.json'.length)
    const json = await readJsonFile(file, signal)
    if (!json.ok) {
      bad.push({ file, ids: [stem], failure: named(file, json.failure) })
      continue
    }
    const ids = [...idIn(json.value), stem]
    const read = readScenario(json.value)
    if (!read.ok) {
      bad.push({ file, ids, failure: named(file, read.failure) })
      continue
    }
    const there = shelf.get(read.value.id)
    if (there !== undefined && there.file !== null) {
      const failure = failed('invalid-input', `id: "${read.value.id}" is already the one of ${there.file}`, { field: 'id' }).failure
      bad.push({ file, ids: [], failure: named(file, failure) })
      continue
    }
    shelf.set(read.value.id, { scenario: read.value, file, overrides: there !== undefined })
  }
  return ok({ known: [...shelf.values()], bad })
}
