import type { OutputOf } from '#shared/contract.ts'
import type { SiteReport } from '#shared/decision/site-report.ts'
import { age, count, decimal } from '#shared/format.ts'
import { ageOf } from '../../input-view.ts'

export type Document = OutputOf<'memo.document'>
export type Check = { readonly id: string; readonly passed: boolean; readonly label: string; readonly note: string }

/** What can be said about the memo before anyone reads it. A check that fails says why and what to do. */
export const memoChecks = (document: Document, sites: readonly SiteReport[], nowMs: number): Check[] => {
  const inputs = [...new Map(sites.flatMap((s) => s.inputs.map((i) => [`${i.id} ${i.source}`, i] as const))).values()]
  const unsourced = inputs.filter((i) => i.source.trim() === '')
  const old = inputs.filter((i) => i.freshness !== 'fresh')
  const reported = sites.reduce((sum, s) => sum + s.coverage.reported, 0)
  const machines = sites.reduce((sum, s) => sum + s.coverage.machines, 0)
  const swings = sites.filter((s) => s.ai.figures !== null)
  return [
    { id: 'decision', passed: document.title.trim() !== '', label: 'Decision stated', note: 'page 1' },
    { id: 'baseline', passed: true, label: 'Baseline named', note: 'Keep mining, same prices' },
    {
      id: 'sources',
      passed: inputs.length > 0 && unsourced.length === 0,
      label: 'Every input sourced',
      note: `${decimal(inputs.length - unsourced.length, 0)} of ${decimal(inputs.length, 0)}`,
    },
    {
      id: 'fresh',
      passed: old.length === 0,
      label: 'No stale input',
      note:
        old.length === 0
          ? `all ${decimal(inputs.length, 0)} within their limits`
          : `${old
              .slice(0, 3)
              .map((i) => (i.observedAtMs === null ? `${i.label} not known` : `${i.label}, ${age(ageOf(i, nowMs))} old`))
              .join('; ')}${old.length > 3 ? ` and ${old.length - 3} more` : ''}. The memo prints each age.`,
    },
    {
      id: 'sensitivity',
      passed: swings.length > 0,
      label: 'Sensitivity run',
      note: swings.length > 0 ? 'one input at a time; draws where Plan has run them' : 'a gate forbids every conversion: nothing to vary',
    },
    {
      id: 'coverage',
      passed: machines > 0 && reported === machines,
      label: 'All machines reported',
      note: `${decimal(reported, 0)} of ${count(machines, 'machine')}${reported < machines ? '. Totals in the memo name their denominator.' : ''}`,
    },
  ]
}

export const fileSize = (bytes: number | null): string =>
  bytes === null ? '' : bytes >= 1e6 ? `${decimal(bytes / 1e6, 1)} MB` : `${decimal(bytes / 1e3, 0)} kB`

/** What came of an export, in words. */
export const exportedWords = (result: OutputOf<'memo.export'>): string =>
  result.path === null
    ? 'Nothing was saved: the dialog was closed.'
    : `Saved to ${result.path}${result.pages === null ? '' : `, ${count(result.pages, 'page')}`}${result.bytes === null ? '' : `, ${fileSize(result.bytes)}`}.`
