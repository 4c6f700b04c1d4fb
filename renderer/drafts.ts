import { useSyncExternalStore } from 'react'
import { ConversionAssumptions } from '#shared/decision/conversion.ts'

/**
 * What a person has typed over the defaults of a conversion, site by site. Plan edits it, the memo uses it. It is kept
 * between starts and can be taken back step by step; the engine never hears of it but as a question's input.
 */
const Overrides = ConversionAssumptions.partial()
export type Overrides = Partial<ConversionAssumptions>
type Drafts = Readonly<Record<string, Overrides>>

const KEY = 'hashyard.plan'
const none: Overrides = {}

/** exactOptionalPropertyTypes: a key that is undefined is a key that is not there. */
const present = (o: Record<string, unknown>): Overrides => Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined))

const load = (): Drafts => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    if (typeof kept !== 'object' || kept === null) return {}
    return Object.fromEntries(
      Object.entries(kept).flatMap(([site, value]) => {
        const parsed = Overrides.safeParse(value)
        return parsed.success ? [[site, present(parsed.data)]] : []
      }),
    )
  } catch {
    return {}
  }
}

let drafts: Drafts = load()
let past: Drafts[] = []
let future: Drafts[] = []
const listeners = new Set<() => void>()
const UNDO_STEPS = 200

const show = (next: Drafts) => {
  drafts = next
  try {
    localStorage.setItem(KEY, JSON.stringify(drafts))
  } catch {
    // A full or forbidden store costs only the memory of the edit.
  }
  for (const listener of listeners) listener()
}
const change = (next: Drafts) => {
  past = [...past.slice(-UNDO_STEPS), drafts]
  future = []
  show(next)
}

export const useOverrides = (site: string | null): Overrides =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => (site === null ? none : (drafts[site] ?? none)),
  )

/** `undefined` takes the override back. */
export const setOverride = (site: string, id: string, value: number | boolean | string | undefined) => {
  const own: Record<string, unknown> = { ...drafts[site] }
  if (value === undefined) delete own[id]
  else own[id] = value
  const parsed = Overrides.safeParse(own)
  if (parsed.success) change({ ...drafts, [site]: present(parsed.data) })
}
/** Why a plan cannot be computed with this value of an assumption; null: it can. Its range on the slider is narrower. */
export const refusalOf = (id: string, value: number): string | null => {
  const parsed = Overrides.safeParse({ [id]: value })
  if (parsed.success) return null
  const issue = parsed.error.issues[0]
  if (issue?.code === 'invalid_type') return 'Whole numbers only'
  return issue?.code === 'too_small'
    ? 'Too small for a plan'
    : issue?.code === 'too_big'
      ? 'Too large for a plan'
      : 'No plan can be made of it'
}
export const clearOverrides = (site: string) => change({ ...drafts, [site]: none })

export const undo = () => {
  const last = past.at(-1)
  if (!last) return
  past = past.slice(0, -1)
  future = [drafts, ...future]
  show(last)
}
export const redo = () => {
  const [next, ...rest] = future
  if (!next) return
  future = rest
  past = [...past, drafts]
  show(next)
}
