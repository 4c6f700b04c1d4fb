/**
 * Blackminer F1 and F2, FPGA: what they compute is the bitstream that is loaded. Bitmain's cgminer JSON and old CGI pages
 * (hardware protocols 12), rates in GH/s; `chipTempN` lists the chips of board N, and beyond them what memory held.
 */

import { driver } from './driver.ts'
import { askRelative, parseRelative, type Relative } from './protocol/bmminer-relatives.ts'

const kind: Relative = {
  family: 'blackminer',
  algo: 'various (FPGA)',
  hashesPerGhs: 1e9,
  factory: { user: 'root', password: 'root' },
  chipTempsKey: 'chipTemp',
}

export const blackminer = driver({
  family: kind.family,
  // The realm alone may also be a Hammer's or a VolcMiner's that could not be asked for its name.
  recognises: ({ text, realm }) => /"(TYPE|MINERTYPE)":\s*"BLACKMINER/.test(text) || /^blackminer/i.test(realm ?? ''),
  ask: askRelative(kind, 'api'),
  parse: parseRelative(kind),
})
