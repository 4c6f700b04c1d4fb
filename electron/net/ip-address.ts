/**
 * Which addresses Hashyard never connects to (threat model E3), judged on numeric addresses only: names and other
 * spellings (0177.0.0.1, 2130706433) are resolved first and judged by what came out.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

/** The 16 bytes of an IPv6 address as text; a zone (`%eth0`) is not part of the address. */
const ipv6Bytes = (text: string): number[] => {
  const address = text.split('%')[0] ?? ''
  // An IPv4 tail (`::ffff:10.0.0.1`) stands for the last two groups.
  const tail = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const groupsOnly = tail
    ? address.slice(0, tail.index) +
      [tail.slice(1, 3), tail.slice(3, 5)].map((pair) => pair.map((b) => Number(b).toString(16).padStart(2, '0')).join('')).join(':')
    : address
  const [head = '', rest] = groupsOnly.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((g) => Number.parseInt(g, 16)))
  const before = groups(head)
  const after = rest === undefined ? [] : groups(rest)
  const all = [...before, ...new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after]
  return all.flatMap((g) => [g >> 8, g & 0xff])
}

/** The IPv4 address an IPv6 address stands for: mapped, compatible, NAT64 and 6to4 forms all reach an IPv4 host. */
const embeddedIpv4 = (bytes: readonly number[]): string | null => {
  const at = (i: number) => bytes.slice(i, i + 4).join('.')
  const zeros = (n: number) => bytes.slice(0, n).every((b) => b === 0)
  if (zeros(10) && bytes[10] === 0xff && bytes[11] === 0xff) return at(12)
  if (zeros(12) && bytes.slice(12, 15).some((b) => b !== 0)) return at(12)
  if (bytes[0] === 0 && bytes[1] === 0x64 && bytes[2] === 0xff && bytes[3] === 0x9b && bytes.slice(4, 12).every((b) => b === 0))
    return at(12)
  if (bytes[0] === 0x20 && bytes[1] === 0x02) return at(2)
  return null
}

export type AddressClass =
  | 'loopback'
  | 'unspecified'
  | 'link-local'
  | 'multicast'
  | 'broadcast'
  | 'reserved'
  | 'own'
  | 'ordinary'
  | 'not an address'

const ownAddresses = (): { own: BlockList; broadcast: Set<string> } => {
  const own = new BlockList()
  const broadcast = new Set<string>()
  for (const entry of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
    const address = entry.address.split('%')[0] ?? ''
    own.addAddress(address, entry.family === 'IPv6' ? 'ipv6' : 'ipv4')
    if (entry.family !== 'IPv4') continue
    const mask = entry.netmask.split('.').map(Number)
    // /31 and /32 have no broadcast address (RFC 3021).
    if ((mask[3] ?? 0) >= 254) continue
    broadcast.add(
      address
        .split('.')
        .map((b, i) => (Number(b) | (~(mask[i] ?? 255) & 0xff)).toString())
        .join('.'),
    )
  }
  return { own, broadcast }
}

export const classify = (address: string): AddressClass => {
  if (isIPv4(address)) {
    const [a = 0] = address.split('.').map(Number)
    if (a === 127) return 'loopback'
    if (a === 0) return 'unspecified' // 0.0.0.0/8: "this host"; Linux connects 0.0.0.0 to loopback
    if (address.startsWith('169.254.')) return 'link-local'
    if (a >= 224 && a <= 239) return 'multicast'
    if (address === '255.255.255.255') return 'broadcast'
    if (a >= 240) return 'reserved'
    const { own, broadcast } = ownAddresses()
    if (broadcast.has(address)) return 'broadcast'
    return own.check(address, 'ipv4') ? 'own' : 'ordinary'
  }
  if (!isIPv6(address)) return 'not an address'
  const bytes = ipv6Bytes(address)
  if (bytes.every((b) => b === 0)) return 'unspecified'
  if (bytes.slice(0, 15).every((b) => b === 0) && bytes[15] === 1) return 'loopback'
  const v4 = embeddedIpv4(bytes)
  if (v4 !== null) return classify(v4)
  if (bytes[0] === 0xff) return 'multicast'
  // fe80::/10, and fec0::/10 which older systems treat alike (RFC 3879).
  if (bytes[0] === 0xfe && (bytes[1] ?? 0) >= 0x80) return 'link-local'
  return ownAddresses().own.check(address.split('%')[0] ?? '', 'ipv6') ? 'own' : 'ordinary'
}

/** Whether the text is an IPv6 address, which holds colons that separate no port. */
export const isIpv6 = (host: string): boolean => isIPv6(host)
