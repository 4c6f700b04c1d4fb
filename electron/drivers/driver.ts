/**
 * What a driver is: how a family is recognised, what is asked, what the answers mean. `ask` speaks to the device and
 * keeps the answers as they came; `parse` is pure and works the same on a recorded device, keyed as in the captures:
 * `stats`, `stats|0`, `pools+summary+edevs`, `GET /cgi-bin/stats.cgi`.
 */
import type { Reading } from '#shared/fleet/reading.ts'
import { ok, type Result } from '#shared/result.ts'

export type DeviceAddress = {
  host: string
  apiPort: number
  webPort: number | null
  /** Where a family's further port (8080, 6060 …) is reached, if not under its own number: simulator and tests. */
  furtherPorts?: Readonly<Record<number, number>>
}
export type Credentials = { user: string; password: string }

/** Sent as JSON, or as a form where the firmware's login page is one. */
export type PostBody = { json: Readonly<Record<string, unknown>> } | { form: Readonly<Record<string, string>> }

export type Responses = Readonly<Record<string, unknown>>

/** How a web request differs from a plain GET on the machine's web port. */
export type WebOptions = {
  /** The family's well-known port: 4028 stands for the machine's API port, 80 for its web port, others for themselves. */
  port?: number
  headers?: Readonly<Record<string, string>>
  /** An HTML page is an answer, too: only to find out whose it is. */
  page?: boolean
}

/** One device under one total deadline, one request at a time. Each answer is kept under its capture key. */
export type Link = {
  readonly address: DeviceAddress
  readonly now: () => number
  /** A cgminer command as JSON: `{"command":"summary","parameter":"0"}`. */
  rpc(command: string, parameter?: string): Promise<Result<unknown>>
  /** The same in cgminer's text form: the bare word. */
  text(command: string): Promise<Result<unknown>>
  /** A question of Whatsminer's API v3, length-prefixed JSON on its own port 4433. */
  framed(command: `get.${string}`, param?: string): Promise<Result<unknown>>
  /** A GET on the web interface, with HTTP digest where the device asks for it and a login is known. */
  web(path: string, login?: Credentials, o?: WebOptions): Promise<Result<unknown>>
  /**
   * A question or a login that a firmware takes as POST only, kept under `key`; a login's answer holds a secret and is
   * not kept (null). Only the paths of a fixed list are posted to: nothing here can change a device.
   */
  post(path: string, body: PostBody, key: string | null, o?: WebOptions): Promise<Result<unknown>>
  /** The login that was entered for this device, else the family's own. */
  login(factory: Credentials): Credentials
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
  /** Ports this family answers on besides its API and its web port; the egress rule has to know them. */
  readonly furtherPorts: readonly number[]
  read(link: Link): Promise<Result<Reading>>
  parse(responses: Responses, observedAtMs: number): Result<Reading>
}

/**
 * After this another question to the device would only cost time: it is not there, says nothing, or floods. An answer
 * that cannot be read is different; the next command may be one it knows.
 */
export const isGone = (answer: Result<unknown>): answer is Extract<typeof answer, { ok: false }> =>
  !answer.ok && ['timeout', 'unreachable', 'refused', 'too-large', 'internal'].includes(answer.failure.kind)

/**
 * Was the family found just now, by asking? Then the driver also asks who the machine is (MAC, serial number, model),
 * which would cost a login or more with every sweep and does not change between two.
 */
export const isFirstContact = (link: Link): boolean => Object.keys(link.responses()).length > 0 || link.realm() !== null

type Half = {
  family: string
  furtherPorts?: readonly number[]
  recognises(probe: Probe): boolean
  /** Fails only where nothing at all can be read; a secondary answer that is missing is simply not among the responses. */
  ask(link: Link): Promise<Result<void>>
  parse(responses: Responses, observedAtMs: number): Result<Reading>
}
/** Joins ask and parse; the moment of a reading is when its last answer had come. */
export const driver = (half: Half): Driver => ({
  family: half.family,
  furtherPorts: half.furtherPorts ?? [],
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
