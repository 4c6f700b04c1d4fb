import { useSyncExternalStore } from 'react'
import { FigureId } from '#shared/decision/figure.ts'

/** The whole selection is in the address, so that Back works and a view can be restored from a string. */
export const screens = ['now', 'fleet', 'plan', 'memo', 'sources'] as const
export type ScreenName = (typeof screens)[number]
export const planViews = ['entered', 'draws', 'scenarios'] as const
export type PlanView = (typeof planViews)[number]
export type Route = {
  readonly screen: ScreenName
  /** null: all sites. */
  readonly site: string | null
  /** Open machine on Fleet. */
  readonly machine: string | null
  /** Filter text on Fleet and Sources. */
  readonly filter: string
  /** Right-hand panel that explains the advice on Now. */
  readonly why: boolean
  /** Right-hand panel that unfolds a figure, and the site whose figure it is. */
  readonly figure: { readonly id: FigureId; readonly of: string } | null
  /** What the right half of Plan shows. */
  readonly view: PlanView
}

export const readRoute = (hash: string): Route => {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2)
  const q = new URLSearchParams(query)
  return {
    screen: screens.find((s) => s === path) ?? 'now',
    site: q.get('site'),
    machine: q.get('machine'),
    filter: q.get('filter') ?? '',
    why: q.get('why') === '1',
    figure: readFigure(q.get('figure'), q.get('of')),
    view: planViews.find((v) => v === q.get('view')) ?? 'entered',
  }
}

const readFigure = (id: string | null, of: string | null): Route['figure'] => {
  const figure = FigureId.safeParse(id)
  return figure.success && of !== null ? { id: figure.data, of } : null
}

export const writeRoute = (r: Route): string => {
  const q = new URLSearchParams()
  if (r.site !== null) q.set('site', r.site)
  if (r.machine !== null) q.set('machine', r.machine)
  if (r.filter !== '') q.set('filter', r.filter)
  if (r.why) q.set('why', '1')
  if (r.figure !== null) {
    q.set('figure', r.figure.id)
    q.set('of', r.figure.of)
  }
  if (r.view !== 'entered') q.set('view', r.view)
  const text = q.toString()
  return `#/${r.screen}${text === '' ? '' : `?${text}`}`
}

let cached = { hash: '', route: readRoute('') }
const currentRoute = (): Route => {
  if (cached.hash !== location.hash) cached = { hash: location.hash, route: readRoute(location.hash) }
  return cached.route
}
const subscribe = (listener: () => void) => {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, currentRoute)

/** A new screen keeps the site and drops what belonged to the old screen. */
export const routeTo = (screen: ScreenName, change: Partial<Omit<Route, 'screen'>> = {}): Route => ({
  screen,
  site: currentRoute().site,
  machine: null,
  filter: '',
  why: false,
  figure: null,
  view: 'entered',
  ...change,
})

export const go = (change: Partial<Route>) => {
  location.hash = writeRoute({ ...currentRoute(), ...change })
}
/** For text that is being typed: one entry in the history, not one a letter. */
export const goInPlace = (change: Partial<Route>) => {
  history.replaceState(null, '', writeRoute({ ...currentRoute(), ...change }))
  window.dispatchEvent(new HashChangeEvent('hashchange'))
}
