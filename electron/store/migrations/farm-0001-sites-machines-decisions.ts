import type { Migration } from '../database.ts'

export const sitesMachinesDecisions: Migration = {
  version: 1,
  // What a person entered or decided. Contract, settlement point and profile are documents with a schema of their own
  // (shared/fleet/site.ts), parsed on every read.
  up: (db) =>
    db.exec(`
      CREATE TABLE about (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        kind TEXT NOT NULL CHECK (kind IN ('farm', 'demo')),
        created_at_ms INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE site (
        id TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
        position INTEGER NOT NULL,
        document TEXT NOT NULL CHECK (json_valid(document)),
        updated_at_ms INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE machine (
        id TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
        site_id TEXT NOT NULL REFERENCES site (id),
        name TEXT NOT NULL,
        rack TEXT,
        position INTEGER,
        address TEXT NOT NULL,
        api_port INTEGER NOT NULL CHECK (api_port BETWEEN 1 AND 65535),
        web_port INTEGER CHECK (web_port BETWEEN 1 AND 65535),
        family TEXT,
        model TEXT NOT NULL,
        nameplate_ths REAL CHECK (nameplate_ths > 0),
        nameplate_w REAL CHECK (nameplate_w > 0),
        curtailment TEXT NOT NULL CHECK (curtailment IN ('inherit', 'curtailable', 'protected')),
        removed_at_ms INTEGER
      ) STRICT;
      CREATE INDEX machine_of_site ON machine (site_id);

      CREATE TABLE meter (
        id TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
        site_id TEXT NOT NULL REFERENCES site (id),
        type TEXT NOT NULL,
        host TEXT NOT NULL,
        port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
        unit_id INTEGER NOT NULL CHECK (unit_id BETWEEN 0 AND 255),
        removed_at_ms INTEGER
      ) STRICT;

      CREATE TABLE decision_record (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        site_id TEXT NOT NULL REFERENCES site (id),
        at_ms INTEGER NOT NULL,
        action TEXT NOT NULL CHECK (action IN ('ran', 'curtailed', 'ignored')),
        mw REAL CHECK (mw >= 0),
        reason TEXT NOT NULL,
        advice TEXT NOT NULL,
        margin_per_mwh REAL,
        price_per_mwh REAL,
        inputs TEXT NOT NULL CHECK (json_valid(inputs))
      ) STRICT;
      -- What was recorded stays recorded: a correction is another record.
      CREATE TRIGGER decision_record_no_update BEFORE UPDATE ON decision_record
        BEGIN SELECT RAISE(ABORT, 'decision_record is append-only'); END;
      CREATE TRIGGER decision_record_no_delete BEFORE DELETE ON decision_record
        BEGIN SELECT RAISE(ABORT, 'decision_record is append-only'); END;
    `),
}
