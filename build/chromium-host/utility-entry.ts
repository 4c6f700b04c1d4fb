import { EventEmitter } from 'node:events'
import { pathToFileURL } from 'node:url'

/** First file of a utility process: gives the program Electron's `process.parentPort`, then starts it. */
class ParentPort extends EventEmitter {
  postMessage(message: unknown) {
    if (process.connected) process.send?.({ message: structuredClone(message) })
  }
  start() {
    // Messages flow from the first listener on; nothing to open here.
  }
}
const port = new ParentPort()
// What arrives before the program listens waits for it, as in a message port that was not started.
const early: unknown[] = []
const deliver = (message: unknown) => port.emit('message', { data: message, ports: [] })
process.on('message', (envelope) => {
  const { message } = envelope as { message: unknown }
  if (port.listenerCount('message') > 0) deliver(message)
  else early.push(message)
})
port.on('newListener', (event) => {
  if (event === 'message') queueMicrotask(() => early.splice(0).forEach(deliver))
})
// The parent is gone, and so must this be; a program that listens for SIGTERM may finish what it is writing.
process.on('disconnect', () => {
  setTimeout(() => process.exit(1), 3000).unref()
  process.kill(process.pid, 'SIGTERM')
})

Object.defineProperty(process, 'parentPort', { value: port })
// As in Electron, argv[1] is the program and what follows are its arguments.
process.argv.splice(1, 1)
await import(pathToFileURL(process.argv[1] ?? '').href)
