/** A reading as `poll` and `parse` print it: names of `cli.md`, snake_case, each ending in its unit. */
import type { MeterReading, Reading } from '#shared/fleet/reading.ts'
import { isoInstant } from '#shared/time.ts'

export const readingJson = (r: Reading) => ({
  family: r.family,
  protocol: r.protocol,
  model: r.model,
  firmware_version: r.firmwareVersion,
  api_version: r.apiVersion,
  mac: r.mac,
  serial: r.serial,
  hostname: r.hostname,
  state: r.state,
  is_mining: r.isMining,
  // A machine of another algorithm has no TH/s at all, not an unknown one.
  ...(r.algo === null
    ? { hashrate_ths: r.hashrateThs, hashrate_avg_ths: r.hashrateAvgThs, expected_hashrate_ths: r.expectedHashrateThs }
    : { algo: r.algo, hashrate_hs: r.hashrateHs, expected_hashrate_hs: r.expectedHashrateHs }),
  wattage_w: r.wattageW,
  wattage_source: r.wattageSource,
  power_limit_w: r.powerLimitW,
  power_target_w: r.powerTargetW,
  env_temp_c: r.envTempC,
  board_temps_c: r.boardTempsC,
  chip_temps_c: r.chipTempsC,
  all_temps_c: r.allTempsC,
  fans_rpm: r.fansRpm,
  fans_pct: r.fansPct,
  fan_count: r.fanCount,
  board_count: r.boardCount,
  board_chips: r.boardChips,
  uptime_s: r.uptimeS,
  pools: r.pools.map(({ url, user, alive, accepted, rejected }) => ({ url, user, alive, accepted, rejected })),
  pool_count: r.poolCount,
  has_errors: r.hasErrors,
  errors: r.errors.map(({ code, message }) => ({ code, message })),
  problems: r.problems.map(({ field, reason, raw }) => ({ field, reason, raw })),
  observed_at: isoInstant(r.observedAtMs),
})

export const meterReadingJson = (m: MeterReading) => ({
  type: m.type,
  model: m.model,
  active_power_w: m.activePowerW,
  reactive_power_var: m.reactivePowerVar,
  apparent_power_va: m.apparentPowerVa,
  voltage_v: m.voltageV,
  voltage_ll_v: m.voltageLlV,
  current_a: m.currentA,
  frequency_hz: m.frequencyHz,
  energy_import_wh: m.energyImportWh,
  problems: m.problems.map(({ field, reason, raw }) => ({ field, reason, raw })),
  observed_at: isoInstant(m.observedAtMs),
})
