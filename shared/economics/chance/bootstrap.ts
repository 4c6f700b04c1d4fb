import * as z from 'zod'
import { finite, model, positive, wholeAtLeastZero } from '../model.ts'
import { pathOf } from './gbm.ts'

/** Days of a block, after Politis and Romano's circular block bootstrap: long enough that calm and storm keep their length. */
export const BLOCK_DAYS = 20

/**
 * A path out of blocks of past returns, given where each block starts (0-based); a block that runs past the end goes on at
 * the beginning.
 * Worked: returns 0.1, 0.2, 0.3, blocks of 2 from 2 and 0: 0.3, 0.1, 0.1, 0.2 in turn; 100 ends at 100 e^0.7 = 201.38.
 */
export const bootstrapPath = model(
  { id: 'network.bootstrapPath', section: '3.5' },
  z
    .object({
      startPrice: positive,
      logReturns: z.array(finite.min(-50).max(50)).min(1).max(200_000),
      blockLength: z.int().min(1),
      blockStarts: z.array(wholeAtLeastZero).max(10_000),
    })
    .superRefine((i, refuse) => {
      const add = (path: string, message: string) => refuse.addIssue({ code: 'custom', path: [path], message })
      const { length } = i.logReturns
      if (i.blockLength > length) add('blockLength', `is longer than the ${length} returns`)
      else if (i.blockStarts.some((start) => start >= length)) add('blockStarts', `must lie inside the ${length} returns`)
      else if (i.blockStarts.length * i.blockLength > 1e6) add('blockStarts', 'times blockLength must not exceed 1000000')
    }),
  (i) => {
    const returns = i.blockStarts.flatMap((start) =>
      Array.from({ length: i.blockLength }, (_, k) => i.logReturns[(start + k) % i.logReturns.length] ?? 0),
    )
    return { path: pathOf(i.startPrice, returns) }
  },
)
