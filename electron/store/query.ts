/**
 * Kysely writes and types the SQL, better-sqlite3 runs it at once. Each text is prepared once a connection.
 * Hot paths (one statement for every machine of a sweep) prepare their own statement.
 */
import type Database from 'better-sqlite3'
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'

export const queriesOver = <Tables>() =>
  new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })

export type Runner = {
  all<Row>(query: Compilable<Row>): Row[]
  first<Row>(query: Compilable<Row>): Row | null
  run(query: Compilable): { changes: number; lastInsertRowid: number }
}

export const runnerOf = (db: Database.Database): Runner => {
  const prepared = new Map<string, Database.Statement>()
  const prepare = (sql: string) => {
    let statement = prepared.get(sql)
    if (!statement) {
      statement = db.prepare(sql)
      prepared.set(sql, statement)
    }
    return statement
  }
  return {
    all: <Row>(query: Compilable<Row>) => {
      const { sql, parameters } = query.compile()
      return prepare(sql).all(...parameters) as Row[]
    },
    first: <Row>(query: Compilable<Row>) => {
      const { sql, parameters } = query.compile()
      return (prepare(sql).get(...parameters) as Row | undefined) ?? null
    },
    run: (query) => {
      const { sql, parameters } = query.compile()
      const { changes, lastInsertRowid } = prepare(sql).run(...parameters)
      return { changes, lastInsertRowid: Number(lastInsertRowid) }
    },
  }
}
