import net from 'node:net'

/**
 * Schneider PM5xxx power meter on Modbus TCP (`hardware-protocols.md` 16.1): function 3, floats in big-endian, high word first,
 * documented registers from 3000, on the wire one less; powers in kW, kvar, kVA. Energy registers are not simulated.
 */
export type MeterMoment = {
  readonly activeW: number
  readonly voltageLl: number
  readonly powerFactor: number
  readonly frequencyHz: number
}

const FIRST_WIRE_ADDRESS = 2999
const WORDS = 112

/** Byte offsets from register 3000. */
const block = (m: MeterMoment): Buffer => {
  const bytes = Buffer.alloc(WORDS * 2)
  const put = (offset: number, value: number) => bytes.writeFloatBE(value, offset)
  const kw = m.activeW / 1000
  const kva = kw / m.powerFactor
  const kvar = Math.sqrt(Math.max(0, kva * kva - kw * kw))
  const ln = m.voltageLl / Math.sqrt(3)
  const amps = (kva * 1000) / (Math.sqrt(3) * m.voltageLl)
  // Phases differ by a few parts in a thousand and add up to the whole.
  const parts = [1.003, 0.999, 0.998]
  for (const [i, part] of parts.entries()) {
    put(i * 4, amps * part)
    put(40 + i * 4, m.voltageLl * (2 - part))
    put(56 + i * 4, ln * (2 - part))
    put(108 + i * 4, (kw / 3) * part)
    put(124 + i * 4, (kvar / 3) * part)
    put(140 + i * 4, (kva / 3) * part)
    put(156 + i * 4, m.powerFactor)
  }
  put(20, amps)
  put(52, m.voltageLl)
  put(72, ln)
  put(120, kw)
  put(136, kvar)
  put(152, kva)
  put(168, m.powerFactor)
  put(220, m.frequencyHz)
  return bytes
}

const MBAP = 7
const exception = (header: Buffer, fn: number, code: number): Buffer => {
  const out = Buffer.alloc(MBAP + 2)
  header.copy(out, 0, 0, 4)
  out.writeUInt16BE(3, 4)
  out.writeUInt8(header.readUInt8(6), 6)
  out.writeUInt8(fn | 0x80, 7)
  out.writeUInt8(code, 8)
  return out
}

/** One request frame to its answer. Exceptions: 1 function not known, 2 no such register, 3 bad count, 11 no such unit. */
const reply = (frame: Buffer, unitId: number, read: () => MeterMoment): Buffer => {
  const fn = frame.readUInt8(7)
  if (frame.readUInt8(6) !== unitId) return exception(frame, fn, 11)
  if (fn !== 3) return exception(frame, fn, 1)
  if (frame.length < MBAP + 5) return exception(frame, fn, 3)
  const address = frame.readUInt16BE(8)
  const count = frame.readUInt16BE(10)
  if (count < 1 || count > 125) return exception(frame, fn, 3)
  const start = address - FIRST_WIRE_ADDRESS
  if (start < 0 || start + count > WORDS) return exception(frame, fn, 2)
  const words = block(read()).subarray(start * 2, (start + count) * 2)
  const out = Buffer.alloc(MBAP + 2 + words.length)
  frame.copy(out, 0, 0, 4)
  out.writeUInt16BE(3 + words.length, 4)
  out.writeUInt8(unitId, 6)
  out.writeUInt8(3, 7)
  out.writeUInt8(words.length, 8)
  words.copy(out, 9)
  return out
}

const LONGEST_FRAME = 260
const IDLE_MS = 120_000

export const meterServer = (unitId: number, read: () => MeterMoment, track: (socket: net.Socket) => void): net.Server =>
  net.createServer({ noDelay: true }, (socket) => {
    track(socket)
    socket.on('error', () => undefined)
    socket.setTimeout(IDLE_MS, () => socket.destroy())
    let held = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      while (held.length >= MBAP + 1) {
        const length = held.readUInt16BE(4) + 6
        if (held.readUInt16BE(2) !== 0 || length < MBAP + 1 || length > LONGEST_FRAME) {
          socket.destroy()
          return
        }
        if (held.length < length) return
        socket.write(reply(held.subarray(0, length), unitId, read))
        held = held.subarray(length)
      }
    })
  })
