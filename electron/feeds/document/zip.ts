/**
 * One file out of a small ZIP. Node's own inflate is used because it can be stopped: a bomb ends at the limit, not after
 * the whole of it was expanded, and the checksum tells a damaged file from a good one.
 */
import { crc32, inflateRawSync } from 'node:zlib'
import { failed, ok, type Result } from '#shared/result.ts'
import { excerpt } from './payload.ts'

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_ENTRY = 0x04034b50
const MAX_FILES = 64
const STORED = 0
const DEFLATED = 8

export type ZippedFile = { readonly name: string; readonly bytes: Uint8Array }

/** The first file whose name is wanted, at most `maxBytes` long. Names are compared, never used as paths. */
export const unzipOne = (
  zip: Uint8Array,
  o: { source: string; wanted: (name: string) => boolean; maxBytes: number },
): Result<ZippedFile> => {
  const broken = (why: string) => failed('unexpected-reply', `${o.source}: broken ZIP file (${why}; ${zip.byteLength} bytes)`)
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  try {
    // The end record is the last 22 bytes plus a comment of up to 64 KiB.
    let end = zip.byteLength - 22
    while (end >= 0 && end > zip.byteLength - 22 - 0xffff && view.getUint32(end, true) !== END_OF_DIRECTORY) end--
    if (end < 0 || view.getUint32(end, true) !== END_OF_DIRECTORY) return broken('no directory: cut off?')
    const files = view.getUint16(end + 10, true)
    if (files > MAX_FILES) return broken(`${files} files`)
    const names: string[] = []
    let at = view.getUint32(end + 16, true)
    for (let i = 0; i < files; i++) {
      if (view.getUint32(at, true) !== DIRECTORY_ENTRY) return broken('directory unreadable')
      const flags = view.getUint16(at + 8, true)
      const method = view.getUint16(at + 10, true)
      const checksum = view.getUint32(at + 16, true)
      const packed = view.getUint32(at + 20, true)
      const size = view.getUint32(at + 24, true)
      const nameLength = view.getUint16(at + 28, true)
      const name = Buffer.from(zip.buffer, zip.byteOffset + at + 46, nameLength).toString('latin1')
      const local = view.getUint32(at + 42, true)
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
      names.push(name)
      if (!o.wanted(name)) continue
      if ((flags & 1) !== 0) return broken(`${excerpt(name)} is encrypted`)
      if (size > o.maxBytes) return failed('too-large', `${o.source}: ${excerpt(name)} unpacks to more than ${o.maxBytes} bytes`)
      if (view.getUint32(local, true) !== LOCAL_ENTRY) return broken(`${excerpt(name)} not where the directory says`)
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
      if (start + packed > zip.byteLength) return broken(`${excerpt(name)} is cut off`)
      const data = zip.subarray(start, start + packed)
      if (method !== STORED && method !== DEFLATED) return broken(`${excerpt(name)} is packed by method ${method}`)
      const bytes = method === STORED ? data : inflateRawSync(data, { maxOutputLength: o.maxBytes })
      if (bytes.byteLength !== size || crc32(bytes) !== checksum) return broken(`${excerpt(name)} fails its checksum`)
      return ok({ name, bytes: new Uint8Array(bytes) })
    }
    return failed(
      'unexpected-reply',
      `${o.source}: the ZIP file holds ${names.length === 0 ? 'nothing' : names.slice(0, 5).map(excerpt).join(', ')}`,
    )
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (code === 'ERR_BUFFER_TOO_LARGE')
      return failed('too-large', `${o.source}: a file in the ZIP unpacks to more than ${o.maxBytes} bytes`)
    // Offsets that point outside the file (RangeError) and damaged deflate data end here.
    return broken(error instanceof Error ? excerpt(error.message) : 'unreadable')
  }
}
