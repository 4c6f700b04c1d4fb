import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from './chromium-host/find-chromium.mjs'

/** What there is on this machine to show a window with: Electron's own binary, else the Chromium host. Runs on Node 20. */
export const root = fileURLToPath(new URL('..', import.meta.url))
export const hostFolder = join(root, 'build', 'chromium-host')

/** The binary that the `electron` package has fetched; null: it has not. */
export const findElectron = () => {
  const folder = join(root, 'node_modules', 'electron')
  try {
    const program = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'))
    return existsSync(program) ? program : null
  } catch {
    return null
  }
}

/** @typedef {{ kind: 'electron', program: string, name: string } | { kind: 'chromium-host', program: string, name: string }} Runtime */

/** @returns {Runtime | null} */
export const findRuntime = () => {
  const electron = findElectron()
  if (electron !== null) return { kind: 'electron', program: electron, name: 'Electron' }
  const chromium = process.platform === 'win32' ? null : findChromium()
  return chromium === null
    ? null
    : { kind: 'chromium-host', program: join(hostFolder, 'electron'), name: `the Chromium host (${chromium})` }
}

export const hasDisplay = () => process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
export const isRoot = () => process.getuid?.() === 0
