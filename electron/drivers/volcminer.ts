/**
 * VolcMiner D1 and its like, scrypt: Bitmain's old CGI pages behind digest, numbers as text with thousands separators,
 * MH/s in fields named `ghs5s` (hardware protocols 2.4, 12). Its cgminer listens on TCP 8359 where it is open: give that
 * as the machine's API port.
 */

import { driver } from './driver.ts'
import { askRelative, parseRelative, type Relative } from './protocol/bmminer-relatives.ts'

const kind: Relative = { family: 'volcminer', algo: 'scrypt', hashesPerGhs: 1e6, factory: { user: 'root', password: 'ltc@dog' } }

export const volcminer = driver({
  family: kind.family,
  recognises: ({ text }) => text.includes('VOLCMINER'),
  ask: askRelative(kind, 'web'),
  parse: parseRelative(kind),
})
