/**
 * Kraken ticker, last trade `c[0]`, USD per BTC. The key in `result` is not the pair that was asked (XBTUSD answers as
 * XXBTZUSD), and errors come with status 200 in `error[]`. api.kraken.com, keyless.
 */
import * as z from 'zod'
import { failed } from '#shared/result.ts'
import { MINUTE_MS } from '#shared/time.ts'
import { excerpt, jsonOf } from './document/payload.ts'
import { spotDocument } from './document/spot.ts'
import { type Feed, readOne } from './feed.ts'

const Errors = z.object({ error: z.array(z.unknown()).min(1) })
const Ticker = z.object({ c: z.array(z.unknown()) })
const Answer = z.object({ result: z.object({ XXBTZUSD: Ticker.optional(), XBTUSD: Ticker.optional() }) })

const parse: Feed['parse'] = (body, meta) => {
  const json = jsonOf(body, meta, 'Kraken')
  if (!json.ok) return json
  const errors = Errors.safeParse(json.value)
  if (errors.success) {
    const text = errors.data.error.map(excerpt).join('; ')
    return failed(/rate limit|throttl/i.test(text) ? 'refused' : 'unexpected-reply', `Kraken answered with an error: ${text}`, {
      field: 'error',
    })
  }
  const answer = Answer.safeParse(json.value)
  const ticker = answer.success ? (answer.data.result.XXBTZUSD ?? answer.data.result.XBTUSD) : undefined
  if (!ticker) return failed('unexpected-reply', `Kraken: no BTC-USD ticker in ${excerpt(json.value)}`, { field: 'result.XXBTZUSD' })
  return spotDocument({ source: 'kraken', name: 'Kraken', price: ticker.c[0], place: 'result.XXBTZUSD.c[0]', ownTimeMs: null, meta })
}

export const krakenSpot: Feed = {
  id: 'kraken.spot',
  kind: 'spot',
  purpose: 'Bitcoin price, one of three exchanges',
  needsKey: false,
  licence: 'Keyless public API under Kraken’s terms; prices are facts, no redistribution as a feed',
  everyMs: MINUTE_MS,
  alignedToMs: null,
  limits: { staleAfterMs: 3 * MINUTE_MS, deadAfterMs: 15 * MINUTE_MS },
  verifiedLive: false,
  host: 'api.kraken.com',
  read: readOne('https://api.kraken.com/0/public/Ticker?pair=XBTUSD', parse, { deadlineMs: 5_000 }),
  parse,
}
