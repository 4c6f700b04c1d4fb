/** Pools as every cgminer descendant lists them; Antminer's web interface writes the same keys in small letters. */
import type { PoolReading } from '#shared/fleet/reading.ts'
import { COUNT, type Figures } from './figures.ts'
import { asText, type Fields, ownOf } from './own-fields.ts'

/** A device has three or four pools; a list longer than this is not one. */
const MAX_POOLS = 64

/** Slots nobody configured (no URL) are no pools. A pool that is not "Alive" is not alive: "Dead", "Deed", "Disabled", "Rejecting". */
export const readPools = (
  figures: Figures,
  list: readonly (Fields | null)[] | null,
): { pools: readonly PoolReading[]; poolCount: number | null } => {
  if (list === null) return { pools: [], poolCount: null }
  const pools = list.slice(0, MAX_POOLS).flatMap((pool, i): PoolReading[] => {
    const url = asText(ownOf(pool, 'URL', 'url'))
    if (!pool || url === null) return []
    const status = asText(ownOf(pool, 'Status', 'status'))
    return [
      {
        url,
        user: asText(ownOf(pool, 'User', 'user', 'account')),
        alive: status === null ? null : status.toLowerCase() === 'alive',
        accepted: figures.number(`pools[${i}].accepted`, ownOf(pool, 'Accepted', 'accepted'), COUNT, 'shares'),
        rejected: figures.number(`pools[${i}].rejected`, ownOf(pool, 'Rejected', 'rejected'), COUNT, 'shares'),
      },
    ]
  })
  return { pools, poolCount: pools.length }
}
