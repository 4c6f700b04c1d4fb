/**
 * Hammer D10 and its like, scrypt: cgminer JSON on TCP 4028 with rates in fields named MHS, and Bitmain's old CGI pages
 * behind digest with the realm `blackMiner Configuration`, which VolcMiner and Blackminer use, too (hardware protocols 12).
 */

import { driver } from './driver.ts'
import { askRelative, parseRelative, type Relative } from './protocol/bmminer-relatives.ts'

const kind: Relative = { family: 'hammer', algo: 'scrypt', hashesPerGhs: 1e6, factory: { user: 'root', password: 'root' } }

export const hammer = driver({
  family: kind.family,
  recognises: ({ text }) => /"(TYPE|MINERTYPE)":\s*"HAMMER/.test(text),
  ask: askRelative(kind, 'api'),
  parse: parseRelative(kind),
})
