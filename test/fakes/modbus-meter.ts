/** A Modbus TCP meter on loopback for tests: serves words from one address on, or misbehaves as told. */
import type * as net from 'node:net'
import { type Fake, listen } from './device.ts'

export type Ask = { transaction: number; unitId: number; fn: number; address: number; count: number }

export const modbusAnswer = (ask: Ask, body: readonly number[]): Buffer => {
  const head = Buffer.alloc(7)
  head.writeUInt16BE(ask.transaction, 0)
  head.writeUInt16BE(body.length + 1, 4)
  head.writeUInt8(ask.unitId, 6)
  return Buffer.concat([head, Buffer.from(body)])
}

const wordsBody = (words: readonly number[]) => [3, words.length * 2, ...words.flatMap((w) => [w >> 8, w & 0xff])]

export const modbusMeter = (onAsk: (ask: Ask, socket: net.Socket, serve: (words: readonly number[]) => void) => void): Promise<Fake> =>
  listen((socket) => {
    socket.on('data', (chunk: Buffer) => {
      if (chunk.length !== 12) return socket.destroy()
      const ask = {
        transaction: chunk.readUInt16BE(0),
        unitId: chunk.readUInt8(6),
        fn: chunk.readUInt8(7),
        address: chunk.readUInt16BE(8),
        count: chunk.readUInt16BE(10),
      }
      onAsk(ask, socket, (words) => socket.write(modbusAnswer(ask, wordsBody(words))))
    })
  })
