import * as z from 'zod'

/** What not consuming a MWh is worth follows from the contract (`economics.md` 4.1). Prices in USD/MWh, volume in MW. */
export const PowerContract = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('index'),
    /** Avoidable delivery charges on top of the market price, USD/MWh. */
    avoidableAdderPerMwh: z.number().min(0),
  }),
  z.strictObject({
    type: z.literal('ppa'),
    strikePerMwh: z.number(),
    contractMw: z.number().min(0),
    resaleAllowed: z.boolean(),
    /** Taken off the market price when contract energy is sold back, USD/MWh. */
    resaleSpreadPerMwh: z.number().min(0),
    avoidableAdderPerMwh: z.number().min(0),
  }),
  z.strictObject({
    type: z.literal('fixed'),
    tariffPerMwh: z.number(),
    avoidableAdderPerMwh: z.number().min(0),
  }),
])
export type PowerContract = z.infer<typeof PowerContract>

/** Inputs of the suitability score (`economics.md` 5.7); typed in by a person, with a note in `origin`. */
export const SiteProfile = z.strictObject({
  fiberRttMs: z.number().min(0),
  diverseFiberRoutes: z.int().min(0),
  /** Share of hours with firm power, 0..1. */
  firmShare: z.number().min(0).max(1),
  firmMw: z.number().min(0),
  interconnectMonths: z.number().min(0),
  substationFeeds: z.int().min(0),
  designWetBulbC: z.number(),
  regionScore: z.number().min(0).max(100),
  backupGeneration: z.boolean(),
  permanentSite: z.boolean(),
})
export type SiteProfile = z.infer<typeof SiteProfile>

export const Site = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(200),
  /** Where it is, in words: "Reeves County, Texas". */
  place: z.string(),
  /** IANA zone, such as America/Chicago. */
  timeZone: z.string(),
  /** Power the grid connection may deliver, MW. */
  interconnectMw: z.number().min(0),
  /** The market price the site settles at; null for a site without a market. */
  settlement: z
    .strictObject({
      label: z.string(), // "ERCOT LZ_WEST"
      realTimeFeed: z.string(), // feed id, "ercot.real-time"
      dayAheadFeed: z.string().nullable(),
      location: z.string(), // "LZ_WEST"
    })
    .nullable(),
  contract: PowerContract,
  contractOrigin: z.strictObject({ source: z.string(), observedAtMs: z.number() }),
  /** Pool fee and stale shares as fractions of 1. */
  poolFee: z.number().min(0).lt(1),
  stale: z.number().min(0).lt(1),
  /** Assumed metered MWh / machine MWh (>= 1); a meter replaces it by the measured ratio. */
  overheadRatio: z.number().min(1),
  profile: SiteProfile,
  profileOrigin: z.strictObject({ source: z.string(), observedAtMs: z.number() }),
})
export type Site = z.infer<typeof Site>
