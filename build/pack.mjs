import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle } from './bundle.mjs'
import { needNode24 } from './node24.mjs'
import { findElectron, hostFolder, root } from './runtime.mjs'

/**
 * Packs the program into `release/`: `node build/pack.mjs [--dir]`. Where Electron's binary is not here, only `--dir` is
 * possible, packed around the Chromium host: it shows that the archive is whole, and is not a product (it has no fuses).
 */
await needNode24(import.meta.url)
const { build, Platform } = await import('electron-builder')
const asFolder = process.argv.includes('--dir')
const electron = findElectron()
if (electron === null && !asFolder) {
  process.stderr.write('Electron\'s binary is not here ("npm run setup" fetches it where it can), so only "--dir" can be packed.\n')
  process.exit(1)
}
await bundle()
process.chdir(root)

const stand = electron === null ? mkdtempSync(join(tmpdir(), 'hashyard-pack-')) : null
try {
  if (stand !== null) {
    cpSync(hostFolder, stand, { recursive: true })
    process.stdout.write('Packing around the Chromium host: no fuses, no archive integrity.\n')
  }
  const written = await build({
    targets: Platform.current().createTarget(asFolder ? 'dir' : undefined),
    publish: 'never',
    config: {
      extends: join(root, 'build', 'electron-builder.yml'),
      electronVersion: JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8')).version,
      ...(stand === null ? {} : { electronDist: stand, electronFuses: null }),
    },
  })
  process.stdout.write(`${asFolder ? 'Packed into release/' : written.join('\n')}\n`)
} finally {
  if (stand !== null) rmSync(stand, { recursive: true, force: true })
}
