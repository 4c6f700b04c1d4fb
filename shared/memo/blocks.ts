import type { SourceRow } from '../contract.ts'
import type { DrawsRun, DrawsStanding } from '../decision/draws.ts'
import type { FigureExplanation } from '../decision/figure.ts'
import type { ScenarioReport } from '../decision/scenario-report.ts'
import type { SiteReport } from '../decision/site-report.ts'

/**
 * The decision memo as data: every title, sentence, table and figure that the paper shows, from the same reports and the same formatters
 * as the screens. The document (`electron/memo/document.ts`) sets it in type and adds nothing. Sections follow `ux.md` 9; this version
 * has pages 1, 2, 4 and 7, and for a site whose conversion was computed 3 and 5, the latter with its draws where they were made.
 */
export type MemoColumn = {
  readonly head: string
  readonly sub: string | null
  readonly align: 'left' | 'right'
  /** Options are told apart by shape, so that a greyscale print reads. */
  readonly shape: 'disc' | 'square' | 'diamond' | null
  /** The column the memo asks for. */
  readonly proposed: boolean
  /** Share of the table's width in percent; null: as the content needs. */
  readonly width: number | null
}

export type MemoRow = { readonly cells: readonly string[]; readonly strong: boolean }

export type MemoChart =
  | {
      readonly type: 'break-even'
      /** Present power price, USD/MWh; null where unknown or withheld. */
      readonly price: number | null
      readonly priceText: string
      readonly bars: readonly { readonly label: string; readonly value: number; readonly text: string; readonly below: boolean }[]
    }
  | {
      readonly type: 'tornado'
      readonly base: number
      readonly baseText: string
      readonly bars: readonly {
        readonly label: string
        readonly atLow: number
        readonly atHigh: number
        readonly lowText: string
        readonly highText: string
      }[]
    }
  | {
      readonly type: 'distribution'
      readonly bins: readonly { readonly fromUsd: number; readonly toUsd: number; readonly count: number }[]
      readonly marks: readonly { readonly name: string; readonly usd: number; readonly text: string }[]
      /** Shares of the draws below and above zero. */
      readonly lossText: string
      readonly gainText: string
    }
  | { readonly type: 'cumulative'; readonly monthly: readonly number[]; readonly lowestMonth: number; readonly lowestText: string }

export type MemoBlock =
  | {
      readonly kind: 'facts'
      readonly id: string
      readonly ruled: boolean
      readonly rows: readonly { readonly label: string; readonly text: string }[]
    }
  | {
      readonly kind: 'verdict'
      readonly id: string
      readonly heading: string
      readonly sentence: string
      readonly reason: string
      readonly figure: string
      readonly captions: readonly string[]
    }
  | { readonly kind: 'text'; readonly id: string; readonly heading: string; readonly paragraphs: readonly string[] }
  | {
      readonly kind: 'table'
      readonly id: string
      readonly heading: string
      readonly caption: string | null
      readonly look: 'options' | 'dense'
      readonly columns: readonly MemoColumn[]
      readonly rows: readonly MemoRow[]
      readonly note: string | null
    }
  | {
      readonly kind: 'chart'
      readonly id: string
      /** The finding. */
      readonly heading: string
      readonly caption: string
      readonly source: string
      readonly alt: string
      readonly chart: MemoChart
    }
  | { readonly kind: 'formula'; readonly id: string; readonly heading: string; readonly words: string; readonly worked: readonly string[] }

export type MemoSection = {
  readonly id: string
  readonly siteId: string | null
  /** Running head, left and right. */
  readonly running: string
  readonly scope: string
  readonly heading: string
  /** The page a board reads alone: set larger. */
  readonly opening: boolean
  readonly blocks: readonly MemoBlock[]
}

export type MemoStatement = {
  readonly title: string
  readonly scope: string
  readonly suggestedName: string
  readonly demo: boolean
  readonly version: string
  readonly generatedAtMs: number
  /** With zone: "Wed 25 Nov 2026, 14:52 CST". */
  readonly generatedAt: string
  readonly paper: 'a4' | 'letter'
  readonly sections: readonly MemoSection[]
  /** What the memo was made from; its hash is printed on every page. */
  readonly basis: {
    readonly reports: readonly SiteReport[]
    readonly explained: readonly FigureExplanation[]
    /** Without how long they took: that is no part of what they say. */
    readonly draws: readonly Omit<DrawsRun, 'durationMs'>[]
    readonly scenarios: readonly MemoScenarios[]
    readonly sources: readonly SourceRow[]
    readonly version: string
    readonly demo: boolean
  }
}

/** A run whose assumptions are the memo's own; `moved`: prices and machines are a little newer than it. */
export type MemoDraws = { readonly run: DrawsRun; readonly standing: Exclude<DrawsStanding, 'other'> }

/** A site's conversion under the scenarios, or why they could not be computed. */
export type MemoScenarios =
  | { readonly siteId: string; readonly report: ScenarioReport }
  | { readonly siteId: string; readonly problem: string }

export type MemoInput = {
  readonly reports: readonly SiteReport[]
  /** How the headline figures of these reports came about (`headlineFigures`). */
  readonly explained: readonly FigureExplanation[]
  /** At most one a site; none: its figures are the entered case alone. */
  readonly draws: readonly MemoDraws[]
  /** At most one a site whose conversion was computed. */
  readonly scenarios: readonly MemoScenarios[]
  readonly sources: readonly SourceRow[]
  readonly nowMs: number
  readonly version: string
  readonly demo: boolean
  /** Left out: Letter where all sites lie in the Americas, else A4. */
  readonly paper?: 'a4' | 'letter'
}

export const column = (head: string, more: Partial<MemoColumn> = {}): MemoColumn => ({
  head,
  sub: null,
  align: 'left',
  shape: null,
  proposed: false,
  width: null,
  ...more,
})
export const row = (...cells: string[]): MemoRow => ({ cells, strong: false })
export const strongRow = (...cells: string[]): MemoRow => ({ cells, strong: true })
