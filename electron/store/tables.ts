/** Columns of farm.db and telemetry.db as `migrations/` leaves them. Names carry the unit; NULL is unknown. */
import type { Generated } from 'kysely'

export type FarmTables = {
  about: { only_row: number; kind: 'farm' | 'demo'; created_at_ms: number }
  site: { id: string; position: number; document: string; updated_at_ms: number }
  machine: {
    id: string
    site_id: string
    name: string
    rack: string | null
    position: number | null
    address: string
    api_port: number
    web_port: number | null
    family: string | null
    model: string
    nameplate_ths: number | null
    nameplate_w: number | null
    curtailment: 'inherit' | 'curtailable' | 'protected'
    removed_at_ms: number | null
  }
  meter: { id: string; site_id: string; type: string; host: string; port: number; unit_id: number; removed_at_ms: number | null }
  decision_record: {
    id: Generated<number>
    site_id: string
    at_ms: number
    action: 'ran' | 'curtailed' | 'ignored'
    mw: number | null
    reason: string
    advice: string
    margin_per_mwh: number | null
    price_per_mwh: number | null
    inputs: string
  }
}

export type TelemetryTables = {
  sweep: {
    id: Generated<number>
    started_at_ms: number
    finished_at_ms: number
    interval_ms: number
    machines: number
    reported: number
    meters: number
    meters_reported: number
  }
  site_sweep: {
    sweep_id: number
    site_id: string
    machines: number
    reported: number
    hashrate_ths: number | null
    power_w: number | null
    power_known: number
    meter_power_w: number | null
  }
  machine_identity: {
    id: Generated<number>
    machine_id: string
    mac: string | null
    serial: string | null
    hostname: string | null
    family: string
    model: string | null
    firmware_version: string | null
    first_seen_ms: number
    last_seen_ms: number
  }
  reading: {
    sweep_id: number
    machine_id: string
    identity_id: number
    observed_at_ms: number
    received_at_ms: number
    source: string
    quality: string
    state: string
    hashrate_ths: number | null
    hashrate_avg_ths: number | null
    power_w: number | null
    power_source: string | null
    temp_c: number | null
    uptime_s: number | null
  }
  miss: { sweep_id: number; machine_id: string; at_ms: number; kind: string; message: string }
  latest_reading: {
    machine_id: string
    sweep_id: number
    identity_id: number
    received_at_ms: number
    document: string
  }
  meter_reading: {
    sweep_id: number
    meter_id: string
    observed_at_ms: number
    received_at_ms: number
    source: string
    quality: string
    active_power_w: number | null
    reactive_power_var: number | null
    apparent_power_va: number | null
    voltage_v: number | null
    current_a: number | null
    frequency_hz: number | null
    energy_import_wh: number | null
  }
  meter_miss: { sweep_id: number; meter_id: string; at_ms: number; kind: string; message: string }
  price: {
    source: string
    location: string
    market: string
    interval_start_ms: number
    revision: number
    interval_end_ms: number
    price_per_mwh: number
    currency: string
    published_at_ms: number | null
    fetched_at_ms: number
    quality: string
  }
  spot: { source: string; pair: string; observed_at_ms: number; fetched_at_ms: number; price: number; quality: string }
  network: {
    id: Generated<number>
    source: string
    observed_at_ms: number
    fetched_at_ms: number
    height: number | null
    difficulty: number | null
    next_change: number | null
    next_retarget_at_ms: number | null
    hashrate_ehs: number | null
    fees_btc_per_block: number | null
    quality: string
  }
  feed_status: {
    feed_id: string
    last_try_ms: number | null
    last_good_ms: number | null
    next_try_ms: number | null
    failures_in_a_row: number
    last_error: string | null
    coverage_expected: number | null
    coverage_received: number | null
  }
  clock_jump: { id: Generated<number>; at_ms: number; jump_ms: number }
}
