/** Bitstamp ticker, `last` in USD per BTC with its own time in epoch seconds, all as strings. www.bitstamp.net, keyless. */
import * as z from 'zod'
import { failed } from '#shared/result.ts'
import { MINUTE_MS } from '#shared/time.ts'
import { epochSecondsMs } from './document/instant.ts'
import { excerpt, jsonOf, problem } from './document/payload.ts'
import { spotDocument } from './document/spot.ts'
import { type Feed, readOne } from './feed.ts'

const Answer = z.object({ last: z.unknown(), timestamp: z.unknown().optional() })

const parse: Feed['parse'] = (body, meta) => {
  const json = jsonOf(body, meta, 'Bitstamp')
  if (!json.ok) return json
  const answer = Answer.safeParse(json.value)
  if (!answer.success) return failed('unexpected-reply', `Bitstamp: no ticker in ${excerpt(json.value)}`, { field: 'last' })
  const ownTimeMs = epochSecondsMs(answer.data.timestamp)
  return spotDocument({
    source: 'bitstamp',
    name: 'Bitstamp',
    price: answer.data.last,
    place: 'last',
    ownTimeMs,
    problems: ownTimeMs === null ? [problem('no readable time; the time of arrival is used', 'timestamp', answer.data.timestamp)] : [],
    meta,
  })
}

export const bitstampSpot: Feed = {
  id: 'bitstamp.spot',
  kind: 'spot',
  purpose: 'Bitcoin price, one of three exchanges',
  needsKey: false,
  licence: 'Keyless public API under Bitstamp’s terms; prices are facts, no redistribution as a feed',
  everyMs: MINUTE_MS,
  alignedToMs: null,
  limits: { staleAfterMs: 3 * MINUTE_MS, deadAfterMs: 15 * MINUTE_MS },
  verifiedLive: false,
  host: 'www.bitstamp.net',
  read: readOne('https://www.bitstamp.net/api/v2/ticker/btcusd/', parse, { deadlineMs: 5_000 }),
  parse,
}
