/**
 * Modbus TCP, as much of it as reading a meter takes: function 3, read holding registers (Modbus Application Protocol
 * V1.1b3; MODBUS Messaging on TCP/IP V1.0b). One connection, requests in series, one total deadline.
 */
import { failed, ok, type Result } from '#shared/result.ts'
import { abortFailure, type Egress, place, secondsText, socketFailure } from '../../net/egress.ts'

/** A frame is a 7-byte header and at most 253 bytes of protocol data. */
const HEADER_BYTES = 7
const MAX_FRAME_BYTES = 260
const READ_HOLDING = 3

const EXCEPTIONS: Record<number, string> = {
  1: 'function 3 is not supported',
  2: 'these registers do not exist',
  3: 'this many registers cannot be read at once',
  4: 'the device failed',
  6: 'the device is busy',
  10: 'the gateway has no path to the device',
  11: 'the device behind the gateway does not answer',
}

export type Block = { address: number; count: number }

/** `address` is what goes on the wire, zero-based: register 3000 of a manual is 2999. */
const requestFrame = (transaction: number, unitId: number, block: Block): Uint8Array => {
  const frame = new DataView(new ArrayBuffer(12))
  frame.setUint16(0, transaction)
  frame.setUint16(2, 0)
  frame.setUint16(4, 6)
  frame.setUint8(6, unitId)
  frame.setUint8(7, READ_HOLDING)
  frame.setUint16(8, block.address)
  frame.setUint16(10, block.count)
  return new Uint8Array(frame.buffer)
}

type Frame = { words: number[]; length: number }

/** The answer at the start of what has arrived; null while it is not complete. */
const readFrame = (
  where: string,
  bytes: Uint8Array,
  asked: { transaction: number; unitId: number; count: number },
): Result<Frame> | null => {
  if (bytes.length < HEADER_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = 6 + view.getUint16(4)
  if (view.getUint16(2) !== 0 || length > MAX_FRAME_BYTES || length < HEADER_BYTES + 2)
    return failed('unexpected-reply', `${where}: the answer is not Modbus TCP`)
  if (bytes.length < length) return null
  const transaction = view.getUint16(0)
  if (transaction !== asked.transaction)
    return failed('unexpected-reply', `${where}: the answer belongs to another request (${transaction}, asked ${asked.transaction})`)
  if (view.getUint8(6) !== asked.unitId)
    return failed('unexpected-reply', `${where}: unit ${view.getUint8(6)} answered instead of unit ${asked.unitId}`)
  const code = view.getUint8(7)
  if (code === (READ_HOLDING | 0x80)) {
    const exception = view.getUint8(8)
    return failed('unexpected-reply', `${where}: ${EXCEPTIONS[exception] ?? 'the device refused'} (Modbus exception ${exception})`)
  }
  const byteCount = view.getUint8(8)
  if (code !== READ_HOLDING || byteCount !== asked.count * 2 || length !== 9 + byteCount)
    return failed('unexpected-reply', `${where}: the answer does not hold the ${asked.count} registers that were asked for`)
  return ok({ length, words: Array.from({ length: asked.count }, (_, i) => view.getUint16(9 + i * 2)) })
}

export type ReadHolding = {
  egress: Egress
  host: string
  port: number
  unitId: number
  blocks: readonly Block[]
  connectMs: number
  /** For all blocks together, connection included. */
  deadlineMs: number
  signal?: AbortSignal
}

/** The words of each block in turn. */
export const readHolding = async (r: ReadHolding): Promise<Result<number[][]>> => {
  const where = place(r.host, r.port)
  const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(r.deadlineMs)))
  const signal = r.signal ? AbortSignal.any([deadline, r.signal]) : deadline
  const late = () =>
    deadline.aborted ? failed('timeout', `${where}: no complete answer within ${secondsText(r.deadlineMs)}`) : abortFailure(where, signal)
  const connected = await r.egress.connect({ host: r.host, port: r.port, connectMs: Math.min(r.connectMs, r.deadlineMs), signal })
  if (!connected.ok) return deadline.aborted ? late() : connected
  const socket = connected.value

  return await new Promise((resolveResult) => {
    const read: number[][] = []
    let arrived = new Uint8Array(0)
    let settled = false
    const finish = (result: Result<number[][]>) => {
      if (settled) return
      settled = true
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      resolveResult(result)
    }
    const onAbort = () => finish(late())
    const asked = () => {
      const block = r.blocks[read.length]
      // The transaction number tells a late answer to an earlier request from the answer to this one.
      return block && { block, transaction: read.length + 1, unitId: r.unitId, count: block.count }
    }
    const next = () => {
      const ask = asked()
      if (ask) socket.write(requestFrame(ask.transaction, r.unitId, ask.block))
      else finish(ok(read))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    // Stays attached: a destroyed socket may still report why.
    socket.on('error', (error) => finish(socketFailure(where, error)))
    socket.on('close', () => finish(failed('unexpected-reply', `${where}: the connection was closed in the middle of the reading`)))
    socket.on('data', (chunk: Buffer) => {
      const ask = asked()
      if (settled || !ask) return
      const joined = new Uint8Array(arrived.length + chunk.length)
      joined.set(arrived)
      joined.set(chunk, arrived.length)
      const frame = readFrame(where, joined, ask)
      if (frame === null) {
        arrived = joined
        return
      }
      if (!frame.ok) return finish(frame)
      if (joined.length > frame.value.length) return finish(failed('unexpected-reply', `${where}: more came than was asked for`))
      read.push(frame.value.words)
      arrived = new Uint8Array(0)
      next()
    })
    if (signal.aborted) return onAbort()
    next()
  })
}
