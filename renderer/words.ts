import type { Failure, FailureKind } from '#shared/result.ts'

/** Text that several screens share. Plain, verb first, sentence case; what happened, effect, remedy. */
const remedies: Record<FailureKind, string> = {
  unreachable: 'Check the connection, then retry.',
  timeout: 'Retry; if it lasts, look at Sources.',
  refused: 'Check the permission or the credentials.',
  'unexpected-reply': 'Look at Sources for what was received.',
  'too-large': 'Narrow the question and retry.',
  stale: 'Look at Sources for the input that is too old.',
  'invalid-input': 'Correct the value and retry.',
  'not-found': 'Choose another site or machine.',
  'not-supported': 'This version cannot do it here.',
  unwritable: 'Free space or choose another folder, then retry.',
  'in-use': 'Close the other Hashyard, then retry.',
  cancelled: 'Start it again when you want it.',
  internal: 'Retry; the log has the details.',
}
const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)
export const failureWords = (failure: Failure): string => `${sentence(failure.message)} ${remedies[failure.kind]}`

export const words = {
  screens: { now: 'Now', fleet: 'Fleet', plan: 'Plan', memo: 'Memo', sources: 'Sources' },
  noSites: 'No sites are set up yet. Open the demo farm from the first page to see this view at work.',
  allSites: 'All sites',
  powerSources: 'M meter · P PDU · R reported · E estimated · O override · N nameplate',
} as const
