/**
 * Carries structured-cloneable values through the DevTools protocol, which knows only text. The same source runs in Node
 * and, by `toString()`, in the page: it may use nothing outside itself. What structured clone refuses is refused here.
 */
export type CloneCodec = { pack(value: unknown): string; unpack(text: string): unknown }

export function cloneCodec(): CloneCodec {
  const toBase64 = (bytes: Uint8Array) => {
    let text = ''
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
    return btoa(text)
  }
  const fromBase64 = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))

  const pack = (value: unknown): string => {
    const table: unknown[] = []
    const seen = new Map<object, number>()
    const put = (v: unknown): unknown => {
      if (v === null || typeof v === 'string' || typeof v === 'boolean') return v
      if (typeof v === 'number') return Number.isFinite(v) && !Object.is(v, -0) ? v : { n: Object.is(v, -0) ? '-0' : String(v) }
      if (typeof v === 'undefined') return { u: 1 }
      if (typeof v === 'bigint') return { b: String(v) }
      if (typeof v !== 'object') throw new Error('An object could not be cloned.')
      const known = seen.get(v)
      if (known !== undefined) return { r: known }
      const at = table.push(null) - 1
      seen.set(v, at)
      table[at] = describe(v)
      return { r: at }
    }
    const describe = (v: object): unknown[] => {
      if (Array.isArray(v)) return ['a', Array.from(v, put)]
      if (v instanceof Date) return ['d', put(v.getTime())]
      if (v instanceof RegExp) return ['x', v.source, v.flags]
      if (v instanceof Map) return ['m', Array.from(v, ([key, item]) => [put(key), put(item)])]
      if (v instanceof Set) return ['s', Array.from(v, put)]
      if (v instanceof Error) return ['e', v.name, v.message]
      if (v instanceof ArrayBuffer) return ['t', 'ArrayBuffer', toBase64(new Uint8Array(v))]
      if (ArrayBuffer.isView(v)) return ['t', v.constructor.name, toBase64(new Uint8Array(v.buffer, v.byteOffset, v.byteLength))]
      return ['o', Object.entries(v).map(([key, item]) => [key, put(item)])]
    }
    // structuredClone first: it drops prototypes, reads getters and refuses functions just as Electron's own channel does.
    const root = put(structuredClone(value))
    return JSON.stringify({ root, table })
  }

  const unpack = (text: string): unknown => {
    const { root, table } = JSON.parse(text) as { root: unknown; table: [string, ...unknown[]][] }
    const made = new Map<number, unknown>()
    const keep = <T>(at: number, v: T): T => {
      made.set(at, v)
      return v
    }
    const take = (v: unknown): unknown => {
      if (v === null || typeof v !== 'object') return v
      const tag = v as { n?: string; u?: number; b?: string; r?: number }
      if (tag.n !== undefined) return Number(tag.n)
      if (tag.u) return undefined
      if (tag.b !== undefined) return BigInt(tag.b)
      const at = tag.r ?? -1
      return made.has(at) ? made.get(at) : rebuild(at)
    }
    const rebuild = (at: number): unknown => {
      const [kind, first, second] = table[at] as [string, unknown, unknown]
      if (kind === 'd') return keep(at, new Date(take(first) as number))
      if (kind === 'x') return keep(at, new RegExp(first as string, second as string))
      if (kind === 'e') return keep(at, Object.assign(new Error(second as string), { name: first as string }))
      if (kind === 't') {
        const bytes = fromBase64(second as string)
        if (first === 'ArrayBuffer') return keep(at, bytes.buffer)
        const View = (globalThis as Record<string, unknown>)[first as string] as new (b: ArrayBuffer) => unknown
        return keep(at, new View(bytes.buffer))
      }
      if (kind === 'm') {
        const map = keep(at, new Map())
        for (const [key, item] of first as [unknown, unknown][]) map.set(take(key), take(item))
        return map
      }
      if (kind === 's') {
        const set = keep(at, new Set())
        for (const item of first as unknown[]) set.add(take(item))
        return set
      }
      if (kind === 'a') {
        const list: unknown[] = keep(at, [])
        for (const item of first as unknown[]) list.push(take(item))
        return list
      }
      const object: Record<string, unknown> = keep(at, {})
      for (const [key, item] of first as [string, unknown][])
        Object.defineProperty(object, key, { value: take(item), writable: true, enumerable: true, configurable: true })
      return object
    }
    return take(root)
  }

  return { pack, unpack }
}
