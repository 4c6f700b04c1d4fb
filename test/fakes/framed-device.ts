/** A device that speaks in frames of four bytes of length and JSON (Whatsminer's API v3), on loopback for tests. */
import { type Fake, listen } from './device.ts'

const frame = (text: string, announced = Buffer.byteLength(text)): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt32LE(announced)
  return Buffer.concat([head, Buffer.from(text)])
}

/** Answers by capture key, `get.miner.status summary`; what is no frame is hung up on. The connection stays open, as theirs does. */
export const framedDevice = async (o: {
  answers: Readonly<Record<string, unknown>>
  /** Length to announce instead of the true one. */
  announce?: number
}): Promise<Fake> => {
  const fake = await listen((socket) => {
    let heard = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk])
      const length = heard.length < 4 ? 0 : heard.readUInt32LE(0)
      if (length > 65_536) return socket.destroy()
      if (length === 0 || heard.length < 4 + length) return
      const asked: unknown = JSON.parse(heard.subarray(4, 4 + length).toString())
      const field = (name: string) => (typeof asked === 'object' && asked !== null ? Reflect.get(asked, name) : undefined)
      const param = field('param')
      const key = param === undefined ? String(field('cmd')) : `${field('cmd')} ${param}`
      fake.requests.push(key)
      const answer = Object.hasOwn(o.answers, key) ? o.answers[key] : { code: -2, when: 1, msg: 'invalid command', desc: field('cmd') }
      socket.write(frame(typeof answer === 'string' ? answer : JSON.stringify(answer), o.announce))
    })
  })
  return fake
}
