import type { BlockReport, SiteReport } from '../decision/site-report.ts'
import { mwText } from '../economics/site/advice-words.ts'
import { count, dollars, UNKNOWN } from '../format.ts'
import { visibleText } from './visible-text.ts'

/** Names stand in titles and table heads: 60 characters tell two sites apart, 60,000 would push the decision off its page. */
export const nameText = (name: string) => visibleText(name, 60)
export const perMwh = (n: number | null) => (n === null ? UNKNOWN : `${dollars(n)}/MWh`)
export const listed = (names: readonly string[]): string =>
  names.length <= 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
/** Ends a sentence that came from elsewhere, once. */
export const ended = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

export const mwOrUnknown = (mw: number | null) => (mw === null ? UNKNOWN : mwText(mw))
/** For a column whose head names the unit. */
export const mwFigure = (mw: number | null) => mwOrUnknown(mw).replace(/ MW$/, '')

export const scopeOf = (r: SiteReport) =>
  [nameText(r.name), visibleText(r.place, 60), mwText(r.interconnectMw)].filter((s) => s !== '').join(', ')

export const judgedBlocks = (r: SiteReport): readonly (BlockReport & { breakEvenPowerPerMwh: number })[] =>
  r.blocks
    .flatMap((b) => (b.breakEvenPowerPerMwh === null ? [] : [{ ...b, breakEvenPowerPerMwh: b.breakEvenPowerPerMwh }]))
    .sort((a, b) => b.breakEvenPowerPerMwh - a.breakEvenPowerPerMwh || a.label.localeCompare(b.label))

export const advisedBlocks = (r: SiteReport) => r.blocks.filter((b) => r.recommendation.blockIds.includes(b.id))

/** What the advice says to stop: whole blocks, or the part of one that is not protected. */
export const blocksPhrase = (r: SiteReport): string => {
  const off = advisedBlocks(r)
  const labels = off.map((b) => nameText(b.label))
  const [only] = off
  if (off.length === 1 && only) {
    const { mw } = r.recommendation
    const part = mw !== null && only.powerMw !== null && mw < only.powerMw * 0.98
    return part ? `${mwText(mw)} of the ${labels[0]} block` : `the ${labels[0]} block`
  }
  return labels.length === 0 || labels.length > 3 ? count(r.recommendation.blockIds.length, 'block') : `the ${listed(labels)} blocks`
}

/** What the advice amounts to: a site at rest that should stay so is advised to curtail, one that should wake to run. */
export type Switching = 'stop' | 'rest' | 'start' | 'run' | 'none'
export const switchingOf = (r: SiteReport): Switching => {
  switch (r.recommendation.action) {
    case 'none':
      return 'none'
    case 'curtail':
      return r.recommendation.blockIds.length > 0 ? 'stop' : 'rest'
    case 'run':
      return r.marginalBlockId === null ? 'start' : 'run'
  }
}

export const marginalBlock = (r: SiteReport) => r.blocks.find((b) => b.id === r.marginalBlockId) ?? null
