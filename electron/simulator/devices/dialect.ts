import type { MachineMoment, SimulatedMachine } from '../machine-world.ts'

/** One command as it came over TCP. Text mode is the bare word instead of JSON (`hardware-protocols.md` 2.1). */
export type ApiRequest = {
  readonly mode: 'json' | 'text'
  readonly command: string
  readonly parameter: string | null
  /** Bitmain's `"new_api": true`. */
  readonly newApi: boolean
}

/** How the answer ends: NUL and close, newline and close, nothing and close, or NUL and the connection left open. */
export type Ending = 'nul' | 'newline' | 'bare' | 'nul-held'

/** What a device family says. Answers are whole texts without their ending. */
export type Dialect = {
  answer(m: SimulatedMachine, now: MachineMoment, request: ApiRequest, nowMs: number): string
  ending(m: SimulatedMachine): Ending
}

/** The same in the three families: a miner names its pool account after the site. Reserved domain: nobody's pool. */
export const poolUrls = ['stratum+tcp://btc.pool-one.example:3333', 'stratum+tcp://btc.pool-two.example:3333'] as const
export const poolUser = (m: SimulatedMachine): string => `${m.group.siteId.replaceAll('-', '')}.${m.id.toLowerCase()}`

export const seconds = (ms: number): number => Math.floor(ms / 1000)
/** cgminer's STATUS block. */
export const status = (letter: string, nowMs: number, code: number, msg: string, description: string) => [
  { STATUS: letter, When: seconds(nowMs), Code: code, Msg: msg, Description: description },
]
