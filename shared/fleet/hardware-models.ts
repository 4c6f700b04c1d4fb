/**
 * What makers' plates say of hardware models, with where each figure was found; used where a machine tells no watts and
 * nobody entered its plate. A model that is not here has no known efficiency: none is guessed from its neighbours.
 */
export type HardwareModel = {
  readonly maker: string
  readonly name: string
  /** At the wall, J/TH (W per TH/s). */
  readonly efficiencyJth: number
  readonly source: string
}

/** MiningOS's Antminer worker, Apache-2.0: the efficiency by which it works out the watts of a machine that says none. */
const MININGOS = 'tetherto/miningos-wrk-miner-antminer, workers/lib/constants.js'

export const hardwareModels: readonly HardwareModel[] = [
  { maker: 'Bitmain', name: 'Antminer S19 XP', efficiencyJth: 21, source: MININGOS },
  { maker: 'Bitmain', name: 'Antminer S19 XP Hyd', efficiencyJth: 20.8, source: MININGOS },
  { maker: 'Bitmain', name: 'Antminer S21', efficiencyJth: 17.5, source: MININGOS },
  { maker: 'Bitmain', name: 'Antminer S21 Pro', efficiencyJth: 17, source: MININGOS },
]

/** `S21 Pro`, `s21-pro`, `Antminer S21pro` and `Antminer S19 XP Hyd.` name what they name; S21+ and S21 XP are others. */
const keyOf = (model: string): string =>
  model
    .toLowerCase()
    .replace(/^\s*(bitmain\s+)?antminer\s+/, '')
    .replace(/[^a-z0-9+]/g, '')
const byKey = new Map(hardwareModels.map((m) => [keyOf(m.name), m]))

export const hardwareModel = (model: string): HardwareModel | null => byKey.get(keyOf(model)) ?? null

/**
 * Name plate of a machine, W and TH/s: as entered, else worked out from the model's efficiency and the entered rate, or
 * the rate that the machine expects of itself. Worked: an S21 of 200 TH/s at 17.5 J/TH has a plate of 3,500 W.
 */
export const nameplateOf = (m: {
  readonly model: string
  readonly saidModel: string | null
  readonly nameplateThs: number | null
  readonly nameplateW: number | null
  readonly expectedThs: number | null
}): { readonly nameplateThs: number | null; readonly nameplateW: number | null } => {
  const { nameplateThs, nameplateW } = m
  if (nameplateW !== null) return { nameplateThs, nameplateW }
  const known = hardwareModel(m.model) ?? (m.saidModel === null ? null : hardwareModel(m.saidModel))
  const ths = nameplateThs ?? m.expectedThs
  if (known === null || ths === null || ths <= 0) return { nameplateThs, nameplateW }
  return { nameplateThs: ths, nameplateW: ths * known.efficiencyJth }
}
