/** A small farm and readings to store; figures of an S21 (200 TH/s, 3,500 W by its data sheet). */

import type { SweepBatch } from '#electron/store/sweeps.ts'
import type { Machine } from '#shared/fleet/machine.ts'
import type { Reading } from '#shared/fleet/reading.ts'
import type { Site } from '#shared/fleet/site.ts'

export const site: Site = {
  id: 'north',
  name: 'North',
  place: 'Nowhere, Texas',
  timeZone: 'America/Chicago',
  interconnectMw: 5,
  settlement: { label: 'ERCOT LZ_WEST', realTimeFeed: 'ercot.real-time', dayAheadFeed: 'ercot.day-ahead', location: 'LZ_WEST' },
  contract: { type: 'index', avoidableAdderPerMwh: 5 },
  contractOrigin: { source: 'test', observedAtMs: Date.UTC(2026, 9, 20) },
  poolFee: 0.02,
  stale: 0.004,
  overheadRatio: 1.05,
  profile: {
    fiberRttMs: 10,
    diverseFiberRoutes: 2,
    firmShare: 1,
    firmMw: 5,
    interconnectMonths: 12,
    substationFeeds: 2,
    designWetBulbC: 20,
    regionScore: 50,
    backupGeneration: true,
    permanentSite: true,
  },
  profileOrigin: { source: 'test', observedAtMs: 0 },
}

export const machine = (id: string, more: Partial<Machine> = {}): Machine => ({
  id,
  siteId: 'north',
  name: id,
  rack: null,
  position: null,
  address: '10.0.0.5',
  apiPort: 4028,
  webPort: 80,
  family: 'antminer',
  model: 'Antminer S21',
  nameplateThs: 200,
  nameplateW: 3500,
  curtailment: 'inherit',
  ...more,
})

export const reading = (observedAtMs: number, more: Partial<Reading> = {}): Reading => ({
  family: 'antminer',
  protocol: 'cgminer',
  model: 'Antminer S21',
  firmwareVersion: '49.0.1.3',
  apiVersion: null,
  mac: null,
  serial: null,
  hostname: null,
  algo: null,
  state: 'hashing',
  isMining: true,
  hashrateThs: 200,
  hashrateAvgThs: 199,
  expectedHashrateThs: 200,
  hashrateHs: null,
  expectedHashrateHs: null,
  wattageW: 3500,
  wattageSource: 'reported',
  powerLimitW: null,
  powerTargetW: null,
  envTempC: null,
  boardTempsC: [61, 63],
  chipTempsC: [72, 74],
  allTempsC: [61, 63, 72, 74],
  fansRpm: [6000],
  fansPct: [],
  fanCount: 4,
  boardCount: 3,
  boardChips: [],
  uptimeS: 3600,
  pools: [],
  poolCount: null,
  hasErrors: false,
  errors: [],
  problems: [],
  observedAtMs,
  ...more,
})

type Outcome = SweepBatch['machines'][number]['outcome']
export const batch = (startedAtMs: number, outcomes: Record<string, Outcome>, more: Partial<SweepBatch> = {}): SweepBatch => ({
  startedAtMs,
  finishedAtMs: startedAtMs + 1_000,
  intervalMs: 60_000,
  machines: Object.entries(outcomes).map(([machineId, outcome]) => ({
    machineId,
    siteId: 'north',
    receivedAtMs: startedAtMs + 500,
    outcome,
  })),
  meters: [],
  ...more,
})
