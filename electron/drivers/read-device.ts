/** Reads one device now: identifies it where its family is not known, asks its driver, and ends by the deadline. */
import type { Reading } from '#shared/fleet/reading.ts'
import { failed, type Result } from '#shared/result.ts'
import { type Egress, place } from '../net/egress.ts'
import type { Credentials, DeviceAddress } from './driver.ts'
import { identify } from './identify.ts'
import { makeLink } from './link.ts'
import { driverFor } from './registry.ts'

/** For all requests to one device together; a single one has 5 s. */
export const DEVICE_DEADLINE_MS = 10_000

export type ReadDevice = {
  address: DeviceAddress
  /** Null: find out. */
  family: string | null
  egress: Egress
  deadlineMs: number
  now: () => number
  credentials?: Credentials
  signal?: AbortSignal
}

export const readDevice = async (o: ReadDevice): Promise<Result<Reading>> => {
  const where = place(o.address.host, o.address.apiPort)
  try {
    const link = makeLink(o)
    const known = o.family === null ? null : driverFor(o.family)
    if (o.family !== null && known === null)
      return failed('not-supported', `${where}: machines of the family "${o.family}" cannot be read yet`)
    const driver = known ?? (await identify(link))
    if ('ok' in driver && !driver.ok) return driver
    const reading = await ('ok' in driver ? driver.value : driver).read(link)
    if (reading.ok || reading.failure.message.includes(o.address.host)) return reading
    return failed(reading.failure.kind, `${where}: ${reading.failure.message}`)
  } catch (error) {
    // A mistake of ours in a driver costs this device its reading, not the sweep.
    return failed('internal', `${where}: reading failed inside Hashyard (${error instanceof Error ? error.message : 'unknown'})`)
  }
}
