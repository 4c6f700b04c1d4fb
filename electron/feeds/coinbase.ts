/** Coinbase spot price, mid-like, USD per BTC; a string without a time of its own. api.coinbase.com, keyless. */
import * as z from 'zod'
import { failed } from '#shared/result.ts'
import { MINUTE_MS } from '#shared/time.ts'
import { excerpt, jsonOf } from './document/payload.ts'
import { spotDocument } from './document/spot.ts'
import { type Feed, readOne } from './feed.ts'

const Answer = z.object({ data: z.object({ amount: z.unknown(), base: z.unknown(), currency: z.unknown() }) })

const parse: Feed['parse'] = (body, meta) => {
  const json = jsonOf(body, meta, 'Coinbase')
  if (!json.ok) return json
  const answer = Answer.safeParse(json.value)
  if (!answer.success) return failed('unexpected-reply', `Coinbase: no data.amount in ${excerpt(json.value)}`, { field: 'data.amount' })
  const { amount, base, currency } = answer.data.data
  if (base !== 'BTC' || currency !== 'USD')
    return failed('unexpected-reply', `Coinbase: asked for BTC-USD, got ${excerpt(base)}-${excerpt(currency)}`, { field: 'data.currency' })
  return spotDocument({ source: 'coinbase', name: 'Coinbase', price: amount, place: 'data.amount', ownTimeMs: null, meta })
}

export const coinbaseSpot: Feed = {
  id: 'coinbase.spot',
  kind: 'spot',
  purpose: 'Bitcoin price, one of three exchanges',
  needsKey: false,
  licence: 'Keyless public API under Coinbase’s terms; prices are facts, no redistribution as a feed',
  everyMs: MINUTE_MS,
  alignedToMs: null,
  limits: { staleAfterMs: 3 * MINUTE_MS, deadAfterMs: 15 * MINUTE_MS },
  verifiedLive: false,
  host: 'api.coinbase.com',
  read: readOne('https://api.coinbase.com/v2/prices/BTC-USD/spot', parse, { deadlineMs: 5_000 }),
  parse,
}
