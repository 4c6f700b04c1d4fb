import * as z from 'zod'

/** What a person entered about a machine. Hardware model and firmware family are separate axes. */
export const Machine = z.strictObject({
  id: z.string().min(1).max(64), // own asset id, "TB-A03-018"
  siteId: z.string(),
  name: z.string(),
  rack: z.string().nullable(),
  position: z.int().nullable(),
  /** Host name or IP address, without a port. */
  address: z.string(),
  /** Port of the family's own API (cgminer 4028 …) and of its web interface; null where it has none. */
  apiPort: z.int().min(1).max(65535),
  webPort: z.int().min(1).max(65535).nullable(),
  family: z.string().nullable(),
  model: z.string(),
  /** Name plate, TH/s and W; null where unknown. */
  nameplateThs: z.number().positive().nullable(),
  nameplateW: z.number().positive().nullable(),
  curtailment: z.enum(['inherit', 'curtailable', 'protected']),
})
export type Machine = z.infer<typeof Machine>

/** The fixed set of `ux.md` 3.2 for a machine in the fleet. `Stale`: nothing heard for three polls. `Unknown`: never heard. */
export const MachineState = z.enum(['hashing', 'degraded', 'off', 'sleeping', 'overheated', 'stale', 'unknown'])
export type MachineState = z.infer<typeof MachineState>

/** Where a power figure comes from: meter, PDU, reported by the machine, operator's override, name plate. */
export const PowerSource = z.enum(['meter', 'pdu', 'reported', 'estimated', 'override', 'nameplate'])
export type PowerSource = z.infer<typeof PowerSource>
