import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** The program as a script starts it, without a driver: what it says and how it ends is all there is to see. */
const root = fileURLToPath(new URL('../..', import.meta.url))
const host = process.env.ELECTRON_OVERRIDE_DIST_PATH

const startedWith = (dataDir: string) =>
  new Promise<{ code: number | null; said: string }>((resolve, reject) => {
    const child = spawn(join(host ?? '', 'electron'), [root, '--data', dataDir], { stdio: ['ignore', 'pipe', 'pipe'] })
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000)
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(late)
      resolve({ code, said })
    })
  })

test.skipIf(host === undefined || process.platform !== 'linux').each(['/proc/hashyard', '/dev/null/hashyard'])(
  'the window with the data folder %s is one clear message and exit 1',
  async (folder) => {
    const { code, said } = await startedWith(folder)
    expect(said).toContain(`The data folder ${folder} cannot be written`)
    expect(said).not.toMatch(/\n\s+at /)
    expect(code).toBe(1)
  },
)
