import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { InputOf, Notice, OutputOf, PayloadOf, Question } from '#shared/contract.ts'
import { type Failure, failed, type Result } from '#shared/result.ts'
import { setEngineTime } from './clock.ts'

/** What the preload offers: one named call for each question, one subscription for each notice, nothing else. */
export type Bridge = {
  readonly ask: { readonly [Q in Question]: (input: InputOf<Q>) => Promise<Result<OutputOf<Q>>> }
  readonly on: { readonly [N in Notice]: (listener: (payload: PayloadOf<N>) => void) => () => void }
}
declare global {
  interface Window {
    readonly hashyard?: Bridge
  }
}

const noBridge = failed('internal', 'This page runs outside Hashyard: nothing answers its questions.')

/** One question, one Result; a bridge that breaks is a failure like any other. */
export const ask = async <Q extends Question>(question: Q, input: InputOf<Q>): Promise<Result<OutputOf<Q>>> => {
  const bridge = window.hashyard
  if (!bridge) return noBridge
  try {
    return await bridge.ask[question](input)
  } catch (error) {
    return failed('internal', error instanceof Error ? error.message : String(error))
  }
}

/** TanStack keeps the last good value beside the newest failure; a rejected promise is its channel for the latter. */
const orReject = <T>(result: Result<T>): T | Promise<never> => (result.ok ? result.value : Promise.reject(result.failure))

export const makeQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        // The engine decides when a value is new and says so by a notice; it also does the retrying.
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // Offline is normal: the answers come from the process next door.
        networkMode: 'always',
        gcTime: 5 * 60_000,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })

export type Asked<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly failure: Failure; readonly retry: () => void }
  | {
      readonly state: 'ready'
      readonly value: T
      /** The newest attempt failed; `value` is the last good one. */
      readonly failure: Failure | null
      /** `value` answers the previous input; the present one is on its way. */
      readonly previous: boolean
      readonly retry: () => void
    }

export type AskOptions = {
  readonly enabled?: boolean
  /** Show the answer to the last input until the new one is there (a slider, a filter); never across sites. */
  readonly keepPrevious?: boolean
  readonly gcTime?: number
}

export const useAsk = <Q extends Question>(question: Q, input: InputOf<Q>, options: AskOptions = {}): Asked<OutputOf<Q>> => {
  const query = useQuery<OutputOf<Q>, Failure>({
    queryKey: [question, input],
    queryFn: async () => orReject(await ask(question, input)),
    enabled: options.enabled ?? true,
    ...(options.keepPrevious ? { placeholderData: keepPreviousData } : {}),
    ...(options.gcTime === undefined ? {} : { gcTime: options.gcTime }),
  })
  const retry = () => void query.refetch()
  if (query.data !== undefined) return { state: 'ready', value: query.data, failure: query.error, previous: query.isPlaceholderData, retry }
  if (query.error !== null) return { state: 'failed', failure: query.error, retry }
  return { state: 'loading' }
}

/** A question that does something (record, retry, export); what it changes is asked again. */
export const useDo = <Q extends Question>(question: Q, changes: readonly Question[] = []) => {
  const client = useQueryClient()
  return useMutation<OutputOf<Q>, Failure, InputOf<Q>>({
    mutationFn: async (input) => orReject(await ask(question, input)),
    onSuccess: () => Promise.all(changes.map((q) => client.invalidateQueries({ queryKey: [q] }))),
  })
}

/** What a notice makes old. The memo's preview stays as it is until it is asked for again: a page does not move under its reader. */
const renewedBy: Record<'fleet.changed' | 'market.changed', readonly Question[]> = {
  'fleet.changed': ['app.status', 'sites.report', 'figures.explain', 'fleet.machine', 'fleet.machines', 'sources.list'],
  'market.changed': [
    'app.status',
    'sites.report',
    'figures.explain',
    'prices.series',
    'plan.conversion',
    'plan.drawsState',
    'sources.list',
  ],
}

/** Mounted once. `held` names questions that must not change just now (rows under the pointer); they are counted instead. */
export const useNotices = () => {
  const client = useQueryClient()
  useEffect(() => {
    const bridge = window.hashyard
    if (!bridge) return
    const renew = (questions: readonly Question[]) => {
      for (const question of questions)
        if (!heldQuestions.has(question)) void client.invalidateQueries({ queryKey: [question] })
        else for (const listener of heldListeners) listener()
    }
    const off = [
      bridge.on['fleet.changed'](() => renew(renewedBy['fleet.changed'])),
      bridge.on['market.changed'](() => renew(renewedBy['market.changed'])),
      bridge.on['plan.drawsProgress'](({ siteId, working }) => {
        if (working === null) return void client.invalidateQueries({ queryKey: ['plan.drawsState'] })
        client.setQueriesData<OutputOf<'plan.drawsState'>>({ queryKey: ['plan.drawsState'] }, (known) =>
          known?.siteId === siteId ? { ...known, working } : known,
        )
      }),
      bridge.on['engine.changed']((engine) => {
        client.setQueryData(['shell.engine', {}], engine)
        if (engine.state === 'running') void client.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'shell.engine' })
      }),
    ]
    return () => {
      for (const stop of off) stop()
    }
  }, [client])
}

const heldQuestions = new Set<Question>()
const heldListeners = new Set<() => void>()
/** Keeps the answers to a question as they are while rows lie under the pointer; `onNews` hears that there are newer ones. */
export const holdQuestion = (question: Question, onNews: () => void): (() => void) => {
  heldQuestions.add(question)
  heldListeners.add(onNews)
  return () => {
    heldQuestions.delete(question)
    heldListeners.delete(onNews)
  }
}

/** The frame's own question: also sets the clock that all ages are measured with. */
export const useStatus = () => {
  const status = useAsk('app.status', {})
  const nowMs = status.state === 'ready' ? status.value.nowMs : null
  useEffect(() => {
    if (nowMs !== null) setEngineTime(nowMs)
  }, [nowMs])
  return status
}
