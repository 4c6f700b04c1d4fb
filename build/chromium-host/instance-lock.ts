import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'

/**
 * Electron's single-instance lock: whoever listens on the socket in the user-data folder is the first; a later start tells
 * it its arguments. Electron answers at once, so the question is put by a child that is waited for.
 */
const KNOCK = `
const socket = require('node:net').connect(process.argv[1], () => socket.end(process.argv[2]))
socket.on('close', (failed) => process.exit(failed ? 1 : 0)).on('error', () => process.exit(1)).setTimeout(3000, () => process.exit(1)).resume()
`
let server: Server | null = null

export type SecondInstance = { argv: string[]; cwd: string }

const addressOf = (userData: string) =>
  process.platform === 'win32'
    ? `\\\\.\\pipe\\hashyard-${Buffer.from(userData).toString('hex').slice(-100)}`
    : join(userData, 'first-instance.sock')

export const hasLock = () => server !== null

export const requestLock = (userData: string, onSecond: (second: SecondInstance) => void): boolean => {
  if (server) return true
  mkdirSync(userData, { recursive: true, mode: 0o700 })
  const address = addressOf(userData)
  const knock = spawnSync(process.execPath, ['-e', KNOCK, address, JSON.stringify({ argv: process.argv, cwd: process.cwd() })], {
    stdio: 'ignore',
  })
  if (knock.status === 0) return false
  // Nobody answered: what lies there is left over from an instance that was killed.
  if (process.platform !== 'win32') rmSync(address, { force: true })
  server = createServer((socket) => {
    let text = ''
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.length > 65_536) socket.destroy()
    })
    socket.on('end', () => {
      socket.end()
      try {
        onSecond(JSON.parse(text) as SecondInstance)
      } catch {
        process.stderr.write('A second start sent no readable arguments\n')
      }
    })
    socket.on('error', () => undefined)
  })
  server.on('error', (problem) => process.stderr.write(`The single-instance socket failed: ${problem.message}\n`))
  server.listen(address).unref()
  return true
}

export const releaseLock = () => {
  server?.close()
  server = null
}
