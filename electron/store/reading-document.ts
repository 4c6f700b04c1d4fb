/**
 * The newest reading of a machine is kept whole, as JSON. The file may have been written by another version or damaged:
 * it is parsed like anything from outside, and one that does not parse counts as never heard.
 */
import * as z from 'zod'
import { MachineState } from '#shared/fleet/machine.ts'
import type { Reading } from '#shared/fleet/reading.ts'

const text = z.string().nullable()
const figure = z.number().nullable()
const figures = z.array(z.number())

const ReadingDocument = z.object({
  family: z.string(),
  protocol: z.string(),
  model: text,
  firmwareVersion: text,
  apiVersion: text,
  mac: text,
  serial: text,
  hostname: text,
  algo: text,
  state: MachineState,
  isMining: z.boolean().nullable(),
  hashrateThs: figure,
  hashrateAvgThs: figure,
  expectedHashrateThs: figure,
  hashrateHs: figure,
  expectedHashrateHs: figure,
  wattageW: figure,
  wattageSource: z.enum(['reported', 'estimated_by_firmware', 'meter', 'nameplate']).nullable(),
  powerLimitW: figure,
  powerTargetW: figure,
  envTempC: figure,
  boardTempsC: figures,
  chipTempsC: figures,
  allTempsC: figures,
  fansRpm: figures,
  fansPct: figures,
  fanCount: figure,
  boardCount: figure,
  boardChips: figures,
  uptimeS: figure,
  pools: z.array(z.object({ url: text, user: text, alive: z.boolean().nullable(), accepted: figure, rejected: figure })),
  poolCount: figure,
  hasErrors: z.boolean().nullable(),
  errors: z.array(z.object({ code: text, message: z.string() })),
  problems: z.array(z.object({ field: z.string(), reason: z.string(), raw: z.string() })),
  observedAtMs: z.number(),
})

export const readingFromDocument = (document: string): Reading | null => {
  const parsed = ReadingDocument.safeParse(JSON.parse(document))
  return parsed.success ? parsed.data : null
}
