/**
 * What a driver is: how a family is recognised, what is asked, what the answers mean. `ask` speaks to the device and
 * keeps the answers as they came; `parse` is pure and works the same on a recorded device, keyed as in the captures:
 * `stats`, `stats|0`, `pools+summary+edevs`, `GET /cgi-bin/stats.cgi`.
 */
import type { Reading } from '#shared/fleet/reading.ts'
import { ok, type Result } from '#shared/result.ts'

export type DeviceAddress = { host: string; apiPort: number; webPort: number | null }
export type Credentials = { user: string; password: string }

export type Responses = Readonly<Record<string, unknown>>

/** One device under one total deadline, one request at a time. Each answer is kept under its capture key. */
export type Link = {
  readonly address: DeviceAddress
  readonly now: () => number
  /** A cgminer command as JSON: `{"command":"summary","parameter":"0"}`. */
  rpc(command: string, parameter?: string): Promise<Result<unknown>>
  /** The same in cgminer's text form: the bare word. */
  text(command: string): Promise<Result<unknown>>
  /** A GET on the web interface, with HTTP digest where the device asks for it and a login is known. */
  web(path: string, login?: Credentials): Promise<Result<unknown>>
  /** Realm of the digest challenge, where the web interface sent one. */
  realm(): string | null
  /** How the device's API answered last: as JSON or in cgminer's text form. */
  spoken(): 'json' | 'text' | null
  /** All answers so far. */
  responses(): Responses
}

/** What is known of a device while its family is being found: all it said so far, in capitals. */
export type Probe = { readonly text: string; readonly realm: string | null }

export type Driver = {
  readonly family: string
  recognises(probe: Probe): boolean
  read(link: Link): Promise<Result<Reading>>
  parse(responses: Responses, observedAtMs: number): Result<Reading>
}

/**
 * After this another question to the device would only cost time: it is not there, says nothing, or floods. An answer
 * that cannot be read is different; the next command may be one it knows.
 */
export const isGone = (answer: Result<unknown>): answer is Extract<typeof answer, { ok: false }> =>
  !answer.ok && ['timeout', 'unreachable', 'refused', 'too-large', 'internal'].includes(answer.failure.kind)

type Half = {
  family: string
  recognises(probe: Probe): boolean
  /** Fails only where nothing at all can be read; a secondary answer that is missing is simply not among the responses. */
  ask(link: Link): Promise<Result<void>>
  parse(responses: Responses, observedAtMs: number): Result<Reading>
}
/** Joins ask and parse; the moment of a reading is when its last answer had come. */
export const driver = (half: Half): Driver => ({
  family: half.family,
  recognises: half.recognises,
  parse: half.parse,
  read: async (link) => {
    const asked = await half.ask(link)
    return asked.ok ? half.parse(link.responses(), link.now()) : asked
  },
})

const NOTHING_KNOWN: Omit<Reading, 'family' | 'protocol' | 'state' | 'isMining' | 'problems' | 'observedAtMs'> = {
  model: null,
  firmwareVersion: null,
  apiVersion: null,
  mac: null,
  serial: null,
  hostname: null,
  algo: null,
  hashrateThs: null,
  hashrateAvgThs: null,
  expectedHashrateThs: null,
  hashrateHs: null,
  expectedHashrateHs: null,
  wattageW: null,
  wattageSource: null,
  powerLimitW: null,
  powerTargetW: null,
  envTempC: null,
  boardTempsC: [],
  chipTempsC: [],
  allTempsC: [],
  fansRpm: [],
  fansPct: [],
  fanCount: null,
  boardCount: null,
  boardChips: [],
  uptimeS: null,
  pools: [],
  poolCount: null,
  hasErrors: null,
  errors: [],
}

/** A reading in which everything that was not said is unknown. */
export const makeReading = (
  is: Pick<Reading, 'family' | 'protocol' | 'state' | 'isMining' | 'problems' | 'observedAtMs'>,
  known: Partial<typeof NOTHING_KNOWN>,
): Result<Reading> => ok({ ...NOTHING_KNOWN, ...known, ...is })
