/** A CSV file with a header as rows of named cells; line numbers as an editor counts them. */
import { parse } from 'csv-parse/sync'
import { failed, ok, type Result } from '#shared/result.ts'
import { excerpt } from './payload.ts'

export type CsvRow = { readonly line: number; readonly cells: readonly string[] }
export type CsvTable = { readonly rows: readonly CsvRow[]; column(name: string): number | null }

const MAX_RECORD = 64 * 1024
/** Header names are matched without case, spaces and underscores: operators change those between releases. */
const plainName = (name: string) => name.toLowerCase().replace(/[\s_]/g, '')

type Parsed = { record: string[]; info: { lines: number } }

/** `columns`: names that must be in the header. Cells stay text; quoted or not makes no difference. */
export const csvTable = (text: string, source: string, columns: readonly string[]): Result<CsvTable> => {
  let records: Parsed[]
  try {
    const parsed: unknown = parse(text, {
      bom: true,
      info: true,
      relaxColumnCount: true,
      skipEmptyLines: true,
      trim: true,
      maxRecordSize: MAX_RECORD,
    })
    records = parsed as Parsed[]
  } catch (error) {
    const line = error instanceof Error && 'lines' in error && typeof error.lines === 'number' ? error.lines : null
    return failed(
      'unexpected-reply',
      `${source}: broken CSV${line === null ? '' : ` in line ${line}`}: ${excerpt(error instanceof Error ? error.message : '')}`,
      {
        ...(line === null ? {} : { line }),
      },
    )
  }
  const [head, ...rest] = records
  const names = (head?.record ?? []).map(plainName)
  const missing = columns.filter((c) => !names.includes(plainName(c)))
  if (missing.length > 0)
    return failed(
      'unexpected-reply',
      `${source}: no column ${missing.join(', ')}; the header is ${excerpt((head?.record ?? []).join(','))}`,
      { line: 1 },
    )
  return ok({
    rows: rest.map((r) => ({ line: r.info.lines, cells: r.record })),
    column: (name) => {
      const at = names.indexOf(plainName(name))
      return at < 0 ? null : at
    },
  })
}
