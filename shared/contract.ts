import * as z from 'zod'
import { ConversionAssumptions, ConversionReport } from './decision/conversion.ts'
import { DrawsProgress, DrawsState } from './decision/draws.ts'
import { FigureExplanation, FigureId } from './decision/figure.ts'
import { ScenarioReport } from './decision/scenario-report.ts'
import { SiteReport } from './decision/site-report.ts'
import { Machine, MachineState, PowerSource } from './fleet/machine.ts'
import { Freshness, TracedInput } from './market/traced.ts'

/**
 * Every question the window may ask and every notice it may receive. Preload, main, engine, the renderer's client and
 * the tests' fakes derive from this table. Input is parsed on the side that acts. `by` names that side: the shell
 * (windows, dialogs, files the user picks) or the engine (everything else; also reachable from the command line).
 */
const ask = <I extends z.ZodType, O extends z.ZodType, B extends 'engine' | 'shell'>(by: B, input: I, output: O) =>
  ({ type: 'ask', by, input, output }) as const
const tell = <P extends z.ZodType>(payload: P) => ({ type: 'tell', payload }) as const

const Nothing = z.strictObject({})
const SiteId = z.string().min(1).max(64)

export const AppStatus = z.strictObject({
  /** empty: no site yet, first run. */
  mode: z.enum(['empty', 'demo', 'farm']),
  version: z.string(),
  nowMs: z.number(),
  dataDir: z.string(),
  lastSweep: z
    .strictObject({
      startedAtMs: z.number(),
      finishedAtMs: z.number(),
      reported: z.int(),
      machines: z.int(),
      intervalMs: z.number(),
    })
    .nullable(),
  meters: z.strictObject({ reported: z.int(), configured: z.int() }),
  /** Sweeps committed since the data folder was made; never falls. */
  committedSweeps: z.int(),
  /** The last write failure while it lasts ("disk full"), else null. */
  storeProblem: z.string().nullable(),
})
export type AppStatus = z.infer<typeof AppStatus>

export const FleetSortKey = z.enum([
  'name',
  'site',
  'model',
  'state',
  'hashrateThs',
  'powerW',
  'efficiencyJth',
  'tempC',
  'breakEvenPerMwh',
  'marginPerMwh',
  'observedAtMs',
])
export type FleetSortKey = z.infer<typeof FleetSortKey>

export const FleetRow = z.strictObject({
  id: z.string(),
  name: z.string(),
  siteId: z.string(),
  siteName: z.string(),
  address: z.string(),
  family: z.string().nullable(),
  model: z.string(),
  state: MachineState,
  /** Why it is stale, unknown or degraded, in the words of the failure; null where nothing is wrong. */
  reason: z.string().nullable(),
  hashrateThs: z.number().nullable(),
  powerW: z.number().nullable(),
  powerSource: PowerSource.nullable(),
  efficiencyJth: z.number().nullable(),
  /** Hottest sensor. */
  tempC: z.number().nullable(),
  breakEvenPerMwh: z.number().nullable(),
  marginPerMwh: z.number().nullable(),
  curtailment: z.enum(['inherit', 'curtailable', 'protected']),
  observedAtMs: z.number().nullable(),
})
export type FleetRow = z.infer<typeof FleetRow>

export const PriceInterval = z.strictObject({ startMs: z.number(), endMs: z.number(), price: z.number(), quality: z.string() })
export type PriceInterval = z.infer<typeof PriceInterval>

export const SourceRow = z.strictObject({
  id: z.string(),
  purpose: z.string(),
  kind: z.enum(['feed', 'devices', 'meter']),
  licence: z.string(),
  lastGoodMs: z.number().nullable(),
  nextTryMs: z.number().nullable(),
  failuresInARow: z.int(),
  lastError: z.string().nullable(),
  limits: z.strictObject({ staleAfterMs: z.number(), deadAfterMs: z.number() }).nullable(),
  freshness: Freshness,
  /** "1,184 of 1,249 machines reported", "96 of 96 intervals" */
  coverage: z.string().nullable(),
})
export type SourceRow = z.infer<typeof SourceRow>

export const DecisionRecord = z.strictObject({
  id: z.int(),
  siteId: z.string(),
  atMs: z.number(),
  action: z.enum(['ran', 'curtailed', 'ignored']),
  mw: z.number().nullable(),
  reason: z.string(),
  /** Advice and inputs as they were when it was recorded. */
  advice: z.string(),
  marginPerMwh: z.number().nullable(),
  pricePerMwh: z.number().nullable(),
})
export type DecisionRecord = z.infer<typeof DecisionRecord>

const Overrides = ConversionAssumptions.partial()

export const contract = {
  'app.status': ask('engine', Nothing, AppStatus),
  'sites.report': ask(
    'engine',
    Nothing,
    z.strictObject({
      asOfMs: z.number(),
      sites: z.array(SiteReport),
      /** Market inputs shared by all sites (BTC price, difficulty, fees, hashprice). */
      inputs: z.array(TracedInput),
    }),
  ),
  'prices.series': ask(
    'engine',
    z.strictObject({ site: SiteId, fromMs: z.number(), toMs: z.number() }),
    z.strictObject({
      siteId: z.string(),
      label: z.string(),
      timeZone: z.string(),
      source: z.string(),
      settled: z.array(PriceInterval),
      forward: z.array(PriceInterval),
      /** A price that does not move (fixed tariff, fuel cost), USD/MWh; null where the market decides. */
      flatPerMwh: z.number().nullable(),
    }),
  ),
  'fleet.machines': ask(
    'engine',
    z.strictObject({
      site: SiteId.nullable(),
      /** `model:S21 state:stale temp>75` or free text over name, address, model. */
      filter: z.string().max(500),
      sort: FleetSortKey,
      descending: z.boolean(),
      offset: z.int().min(0),
      limit: z.int().min(1).max(500),
    }),
    z.strictObject({
      asOfMs: z.number(),
      rows: z.array(FleetRow),
      total: z.int(),
      /** A filter that was not understood, in words; the rest of it still applied. */
      filterProblem: z.string().nullable(),
      totals: z.strictObject({
        machines: z.int(),
        reported: z.int(),
        stale: z.int(),
        neverHeard: z.int(),
        hashratePhs: z.number().nullable(),
        powerMw: z.number().nullable(),
        /** Part of `powerMw` that no machine and no meter measured: name plates and the firmware's estimates. */
        estimatedMw: z.number().nullable(),
        efficiencyJth: z.number().nullable(),
        nameplatePhs: z.number().nullable(),
        staleMw: z.number(),
        protectedMw: z.number(),
        uneconomicMw: z.number().nullable(),
        judgedMw: z.number(),
      }),
    }),
  ),
  'fleet.machine': ask(
    'engine',
    z.strictObject({ id: z.string().min(1).max(64) }),
    z.strictObject({
      machine: Machine,
      row: FleetRow,
      firmwareVersion: z.string().nullable(),
      mac: z.string().nullable(),
      serial: z.string().nullable(),
      fansRpm: z.array(z.number()),
      boardTempsC: z.array(z.number()),
      chipTempsC: z.array(z.number()),
      uptimeS: z.number().nullable(),
      pools: z.array(z.strictObject({ url: z.string().nullable(), alive: z.boolean().nullable() })),
      problems: z.array(z.strictObject({ field: z.string(), reason: z.string(), raw: z.string() })),
      history: z.array(
        z.strictObject({
          observedAtMs: z.number(),
          hashrateThs: z.number().nullable(),
          powerW: z.number().nullable(),
          state: MachineState,
        }),
      ),
    }),
  ),
  'plan.conversion': ask('engine', z.strictObject({ site: SiteId, overrides: Overrides }), ConversionReport),
  /** The draws of a site's conversion that are known or on their way; `plan.drawsProgress` says when to ask again. */
  'plan.drawsState': ask('engine', z.strictObject({ site: SiteId, overrides: Overrides }), DrawsState),
  /** Starts them and answers at once; a run of this site that is on its way ends. */
  'plan.draws': ask(
    'engine',
    z.strictObject({ site: SiteId, overrides: Overrides, draws: z.int().min(1).max(1_000_000), seed: z.int().min(0).max(999_999_999) }),
    DrawsState,
  ),
  'plan.cancelDraws': ask('engine', z.strictObject({ site: SiteId }), z.strictObject({ cancelled: z.boolean() })),
  /** The scenario library, and the data folder's own, on this site's machines and conversion. */
  'plan.scenarios': ask('engine', z.strictObject({ site: SiteId, overrides: Overrides }), ScenarioReport),
  /** How one figure of a site came about; the same computation as the report's. */
  'figures.explain': ask('engine', z.strictObject({ site: SiteId, figure: FigureId, overrides: Overrides }), FigureExplanation),
  'sources.list': ask('engine', Nothing, z.array(SourceRow)),
  'sources.retry': ask('engine', z.strictObject({ id: z.string().max(100) }), SourceRow),
  'decision.record': ask(
    'engine',
    z.strictObject({
      site: SiteId,
      action: z.enum(['ran', 'curtailed', 'ignored']),
      mw: z.number().min(0).nullable(),
      reason: z.string().max(1024),
    }),
    DecisionRecord,
  ),
  'decision.list': ask('engine', z.strictObject({ limit: z.int().min(1).max(200) }), z.array(DecisionRecord)),
  /** The memo's own HTML, print style sheet and charts included: what is previewed is what is printed. */
  'memo.document': ask(
    'engine',
    z.strictObject({
      sites: z.array(SiteId).max(50),
      overrides: Overrides,
      /** Draws each conversion first, from the very figures of the memo; left out: what was drawn before is printed. */
      draws: z.strictObject({ draws: z.int().min(1).max(1_000_000), seed: z.int().min(0).max(999_999_999) }).optional(),
    }),
    z.strictObject({ memoId: z.string(), inputHash: z.string(), title: z.string(), suggestedName: z.string(), html: z.string() }),
  ),

  'shell.about': ask(
    'shell',
    Nothing,
    z.strictObject({
      version: z.string(),
      runtime: z.enum(['electron', 'chromium-host']),
      runtimeVersion: z.string(),
      chromiumVersion: z.string(),
      /** In words: whether the page is sandboxed, and what this runtime cannot do. */
      sandbox: z.string(),
      limits: z.array(z.string()),
    }),
  ),
  'shell.engine': ask(
    'shell',
    Nothing,
    z.strictObject({ state: z.enum(['starting', 'running', 'restarting', 'failed']), sinceMs: z.number(), message: z.string().nullable() }),
  ),
  'shell.openDemo': ask('shell', Nothing, Nothing),
  'shell.closeDemo': ask('shell', Nothing, Nothing),
  /** Asks where to save, prints, writes; path null: the person cancelled. */
  'memo.export': ask(
    'shell',
    z.strictObject({ sites: z.array(SiteId).max(50), overrides: Overrides }),
    z.strictObject({ path: z.string().nullable(), pages: z.int().nullable(), bytes: z.int().nullable() }),
  ),

  'fleet.changed': tell(z.strictObject({ atMs: z.number() })),
  'market.changed': tell(z.strictObject({ atMs: z.number() })),
  'plan.drawsProgress': tell(
    z.strictObject({
      siteId: z.string(),
      /** Null: it has ended, with a result, a failure or by `Cancel`. */
      working: DrawsProgress.nullable(),
    }),
  ),
  'engine.changed': tell(
    z.strictObject({ state: z.enum(['starting', 'running', 'restarting', 'failed']), sinceMs: z.number(), message: z.string().nullable() }),
  ),
} as const

export type Contract = typeof contract
export type Question = { [K in keyof Contract]: Contract[K]['type'] extends 'ask' ? K : never }[keyof Contract]
export type Notice = { [K in keyof Contract]: Contract[K]['type'] extends 'tell' ? K : never }[keyof Contract]
export type EngineQuestion = { [K in Question]: Contract[K]['by'] extends 'engine' ? K : never }[Question]
export type ShellQuestion = Exclude<Question, EngineQuestion>
export type InputOf<Q extends Question> = z.input<Contract[Q]['input']>
export type OutputOf<Q extends Question> = z.output<Contract[Q]['output']>
export type PayloadOf<N extends Notice> = Contract[N] extends { payload: infer P extends z.ZodType } ? z.output<P> : never
