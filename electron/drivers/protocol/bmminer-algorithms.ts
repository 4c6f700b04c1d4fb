/** What Bitmain's machines compute, whoever's firmware runs on them. */

/**
 * Algorithms other than SHA-256d by model, and what the fields named GHS count there when no `rate_unit` says otherwise:
 * scrypt, X11 and ethash models write MH/s, equihash models kSol/s (captures of L3, D3, E3 and Z11).
 */
const OTHER_ALGORITHMS: readonly (readonly [model: RegExp, algo: string, hashesPerUnit: number])[] = [
  [/^(Antminer )?L\d/i, 'scrypt', 1e6],
  [/^(Antminer )?D\d/i, 'x11', 1e6],
  [/^(Antminer )?E\d/i, 'ethash', 1e6],
  [/^(Antminer )?Z\d/i, 'equihash', 1e3],
  [/^(Antminer )?KA\d/i, 'kadena', 1e9],
  [/^(Antminer )?KS\d/i, 'kheavyhash', 1e9],
  [/^(Antminer )?K\d/i, 'eaglesong', 1e9],
  [/^(Antminer )?HS\d/i, 'handshake', 1e9],
  [/^(Antminer )?A\d/i, 'blake2b', 1e9],
  [/^(Antminer )?DR\d/i, 'blake256r14', 1e9],
]
export const otherAlgorithm = (model: string | null) => OTHER_ALGORITHMS.find(([pattern]) => model !== null && pattern.test(model))
