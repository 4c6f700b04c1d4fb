/** All families, in the order in which they are tried against what a device says of itself. */
import { antminer } from './antminer.ts'
import { auradine } from './auradine.ts'
import { avalon } from './avalon.ts'
import { bitaxe } from './bitaxe.ts'
import { blackminer } from './blackminer.ts'
import { braiins } from './braiins.ts'
import type { Driver } from './driver.ts'
import { ebang } from './ebang.ts'
import { elphapex } from './elphapex.ts'
import { epic } from './epic.ts'
import { goldshell } from './goldshell.ts'
import { hammer } from './hammer.ts'
import { innosilicon } from './innosilicon.ts'
import { luxos } from './luxos.ts'
import { mskminer } from './mskminer.ts'
import { proto } from './proto.ts'
import { sealminer } from './sealminer.ts'
import { strongu } from './strongu.ts'
import { unknownCgminer } from './unknown-cgminer.ts'
import { vnish } from './vnish.ts'
import { volcminer } from './volcminer.ts'
import { whatsminer } from './whatsminer.ts'

export const registry: readonly Driver[] = [
  // Firmwares of others on Antminers come before stock: what they answer may still say ANTMINER.
  braiins,
  luxos,
  vnish,
  mskminer,
  epic,
  // BTMINER and BITMICRO are said by nobody else, and Whatsminer never says ANTMINER.
  whatsminer,
  // AVALON stands in PROD, in ID (AVA100) and in the model; its cgminer is otherwise like any.
  avalon,
  // GCMINER and FLUXOS are Auradine's own words.
  auradine,
  // Each of these has words of its own in its version, on its start page or in the path of its questions.
  sealminer,
  innosilicon,
  goldshell,
  bitaxe,
  proto,
  ebang,
  // cgminer as everybody's: only a field of the summary or a driver's name gives it away.
  strongu,
  // Makers that took Bitmain's miner over and name themselves in its Type; a bare realm "blackMiner" is all three's.
  elphapex,
  hammer,
  volcminer,
  blackminer,
  // Last of the known: firmwares of others run on Antminers and call themselves so, too.
  antminer,
]

export const driverFor = (family: string): Driver | null =>
  family === unknownCgminer.family ? unknownCgminer : (registry.find((d) => d.family === family) ?? null)

/** Ports a machine of this family answers on besides its API and web port; of any family where it is not known yet. */
export const furtherPortsOf = (family: string | null): readonly number[] =>
  family === null ? registry.flatMap((d) => d.furtherPorts) : (driverFor(family)?.furtherPorts ?? [])
