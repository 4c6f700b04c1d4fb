import type { Migration } from '../database.ts'

export const sweepsReadingsMarket: Migration = {
  version: 1,
  // What machines, meters and markets reported. Append-only but for `latest_reading` and `feed_status`, which are the
  // newest state of each machine and feed. Unknown is NULL. For every sweep: readings + misses = machines.
  up: (db) =>
    db.exec(`
      CREATE TABLE sweep (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        started_at_ms INTEGER NOT NULL,
        finished_at_ms INTEGER NOT NULL,
        interval_ms INTEGER NOT NULL CHECK (interval_ms > 0),
        machines INTEGER NOT NULL CHECK (machines >= 0),
        reported INTEGER NOT NULL CHECK (reported BETWEEN 0 AND machines),
        meters INTEGER NOT NULL CHECK (meters >= 0),
        meters_reported INTEGER NOT NULL CHECK (meters_reported BETWEEN 0 AND meters)
      ) STRICT;
      CREATE INDEX sweep_by_start ON sweep (started_at_ms);

      -- Stays when the readings beneath are pruned.
      CREATE TABLE site_sweep (
        sweep_id INTEGER NOT NULL REFERENCES sweep (id),
        site_id TEXT NOT NULL,
        machines INTEGER NOT NULL,
        reported INTEGER NOT NULL,
        hashrate_ths REAL,
        power_w REAL,
        power_known INTEGER NOT NULL,
        meter_power_w REAL,
        PRIMARY KEY (sweep_id, site_id)
      ) STRICT, WITHOUT ROWID;

      -- Which device answers at a machine's address; another MAC or serial number starts another series.
      CREATE TABLE machine_identity (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        machine_id TEXT NOT NULL,
        mac TEXT,
        serial TEXT,
        hostname TEXT,
        family TEXT NOT NULL,
        model TEXT,
        firmware_version TEXT,
        first_seen_ms INTEGER NOT NULL,
        last_seen_ms INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX identity_of_machine ON machine_identity (machine_id, id);

      CREATE TABLE reading (
        sweep_id INTEGER NOT NULL REFERENCES sweep (id),
        machine_id TEXT NOT NULL,
        identity_id INTEGER NOT NULL REFERENCES machine_identity (id),
        observed_at_ms INTEGER NOT NULL,
        received_at_ms INTEGER NOT NULL,
        source TEXT NOT NULL,
        quality TEXT NOT NULL CHECK (quality IN ('measured', 'reported', 'estimated', 'nameplate', 'assumed', 'overridden')),
        state TEXT NOT NULL CHECK (state IN ('hashing', 'degraded', 'off', 'sleeping', 'overheated', 'stale', 'unknown')),
        hashrate_ths REAL CHECK (hashrate_ths >= 0),
        hashrate_avg_ths REAL CHECK (hashrate_avg_ths >= 0),
        power_w REAL CHECK (power_w >= 0),
        power_source TEXT CHECK (power_source IN ('reported', 'estimated_by_firmware', 'meter', 'nameplate')),
        temp_c REAL CHECK (temp_c BETWEEN -40 AND 150),
        uptime_s REAL CHECK (uptime_s >= 0),
        PRIMARY KEY (sweep_id, machine_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX reading_of_machine ON reading (machine_id, sweep_id);

      -- A machine that was asked and gave no reading, and why.
      CREATE TABLE miss (
        sweep_id INTEGER NOT NULL REFERENCES sweep (id),
        machine_id TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        kind TEXT NOT NULL,
        message TEXT NOT NULL,
        PRIMARY KEY (sweep_id, machine_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE latest_reading (
        machine_id TEXT PRIMARY KEY,
        sweep_id INTEGER NOT NULL,
        identity_id INTEGER NOT NULL,
        received_at_ms INTEGER NOT NULL,
        document TEXT NOT NULL CHECK (json_valid(document))
      ) STRICT;

      CREATE TABLE meter_reading (
        sweep_id INTEGER NOT NULL REFERENCES sweep (id),
        meter_id TEXT NOT NULL,
        observed_at_ms INTEGER NOT NULL,
        received_at_ms INTEGER NOT NULL,
        source TEXT NOT NULL,
        quality TEXT NOT NULL CHECK (quality IN ('measured', 'reported', 'estimated')),
        active_power_w REAL,
        reactive_power_var REAL,
        apparent_power_va REAL,
        voltage_v REAL,
        current_a REAL,
        frequency_hz REAL,
        energy_import_wh REAL,
        PRIMARY KEY (sweep_id, meter_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX reading_of_meter ON meter_reading (meter_id, sweep_id);

      CREATE TABLE meter_miss (
        sweep_id INTEGER NOT NULL REFERENCES sweep (id),
        meter_id TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        kind TEXT NOT NULL,
        message TEXT NOT NULL,
        PRIMARY KEY (sweep_id, meter_id)
      ) STRICT, WITHOUT ROWID;

      -- A later value for the same interval is a further revision; none is overwritten.
      CREATE TABLE price (
        source TEXT NOT NULL,
        location TEXT NOT NULL,
        market TEXT NOT NULL,
        interval_start_ms INTEGER NOT NULL,
        revision INTEGER NOT NULL CHECK (revision >= 1),
        interval_end_ms INTEGER NOT NULL,
        price_per_mwh REAL NOT NULL CHECK (price_per_mwh BETWEEN -1500 AND 25000),
        currency TEXT NOT NULL,
        published_at_ms INTEGER,
        fetched_at_ms INTEGER NOT NULL,
        quality TEXT NOT NULL CHECK (quality IN ('live', 'corrected', 'estimated', 'carried', 'manual', 'suspect')),
        PRIMARY KEY (source, location, market, interval_start_ms, revision),
        CHECK (interval_end_ms > interval_start_ms)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE spot (
        source TEXT NOT NULL,
        pair TEXT NOT NULL,
        observed_at_ms INTEGER NOT NULL,
        fetched_at_ms INTEGER NOT NULL,
        price REAL NOT NULL CHECK (price > 0),
        quality TEXT NOT NULL,
        PRIMARY KEY (pair, source, observed_at_ms, fetched_at_ms)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE network (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source TEXT NOT NULL,
        observed_at_ms INTEGER NOT NULL,
        fetched_at_ms INTEGER NOT NULL,
        height INTEGER,
        difficulty REAL CHECK (difficulty > 0),
        next_change REAL,
        next_retarget_at_ms INTEGER,
        hashrate_ehs REAL,
        fees_btc_per_block REAL CHECK (fees_btc_per_block >= 0),
        quality TEXT NOT NULL
      ) STRICT;
      CREATE INDEX network_by_time ON network (observed_at_ms);

      CREATE TABLE feed_status (
        feed_id TEXT PRIMARY KEY,
        last_try_ms INTEGER,
        last_good_ms INTEGER,
        next_try_ms INTEGER,
        failures_in_a_row INTEGER NOT NULL,
        last_error TEXT,
        coverage_expected INTEGER,
        coverage_received INTEGER
      ) STRICT;

      -- The wall clock jumped against the monotonic one by more than two seconds: sums over the gap are in doubt.
      CREATE TABLE clock_jump (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at_ms INTEGER NOT NULL,
        jump_ms INTEGER NOT NULL
      ) STRICT;
    `),
}
