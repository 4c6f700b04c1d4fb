import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { needNode24 } from './node24.mjs'

/**
 * Builds `dist/`: main and preload for the shell, engine, its threads and command line for plain Node, the window for Chromium.
 * Does nothing when no source has changed since the last time, so that every start may ask for it.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const stampFile = join(dist, 'built-from.txt')

/** @param {string} folder @returns {string[]} */
const filesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const stamp = () => {
  const hash = createHash('sha256')
  const files = ['electron', 'renderer', 'shared'].flatMap((folder) => filesIn(join(root, folder)))
  const own = ['build/bundle.mjs', 'build/vite.config.ts', 'package.json', 'package-lock.json'].map((file) => join(root, file))
  for (const file of [...files, ...own].sort()) hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}
const lastStamp = () => {
  try {
    return readFileSync(stampFile, 'utf8').trim()
  } catch {
    return null
  }
}

/** What a bundle still asks for when it runs. @param {import('esbuild').Metafile | undefined} metafile */
const importsOf = (metafile) => Object.values(metafile?.outputs ?? {}).flatMap((output) => output.imports.map((i) => i.path))

const build = async () => {
  const { build: esbuild } = await import('esbuild')
  const { contract } = await import(pathToFileURL(join(root, 'shared/contract.ts')).href)
  const { FONT_FILES } = await import(pathToFileURL(join(root, 'electron/memo/fonts.ts')).href)
  /** @param {'ask' | 'tell'} type */
  const names = (type) => Object.entries(contract).flatMap(([name, entry]) => (entry.type === type ? [name] : []))

  /** @type {import('esbuild').BuildOptions} */
  const common = { bundle: true, absWorkingDir: root, logLevel: 'warning', sourcemap: 'linked', metafile: true, charset: 'utf8' }
  /** @type {import('esbuild').BuildOptions} */
  const node = { ...common, platform: 'node', target: 'node22', external: ['electron', 'better-sqlite3', 'highs'] }
  // Packages written for `require` keep it inside an ES module.
  const banner = { js: "import { createRequire as __require } from 'node:module'; const require = __require(import.meta.url);" }
  const forNode = async (/** @type {string} */ entry, /** @type {string} */ out) => {
    const { metafile } = await esbuild({ ...node, entryPoints: [entry], outfile: `dist/${out}`, format: 'esm', banner })
    if (importsOf(metafile).includes('electron'))
      throw new Error(`${entry} is plain Node, but something in it imports electron (only the shell may)`)
  }

  const window = async () => {
    const vite = await import('vite')
    await vite.build({ configFile: join(root, 'build/vite.config.ts'), mode: 'production' })
  }
  const [preload] = await Promise.all([
    esbuild({
      ...common,
      entryPoints: ['electron/preload.ts'],
      outfile: 'dist/preload.cjs',
      format: 'cjs',
      platform: 'browser',
      target: 'es2024',
      external: ['electron'],
      // The preload needs the names of the contract, not its schemas.
      define: { CONTRACT_QUESTIONS: JSON.stringify(names('ask')), CONTRACT_NOTICES: JSON.stringify(names('tell')) },
    }),
    esbuild({ ...node, entryPoints: ['electron/main.ts'], outfile: 'dist/main.cjs', format: 'cjs' }),
    forNode('electron/engine-process.ts', 'engine.mjs'),
    forNode('electron/simulator/farm-thread.ts', 'simulator-thread.mjs'),
    forNode('electron/compute/compute-thread.ts', 'compute-thread.mjs'),
    forNode('electron/cli/hashyard.ts', 'cli.mjs'),
    window(),
  ])
  const foreign = importsOf(preload.metafile).filter((path) => path !== 'electron')
  if (foreign.length > 0) throw new Error(`the sandboxed preload may require only electron, but wants ${foreign.join(', ')}`)

  const fonts = join(dist, 'fonts')
  mkdirSync(fonts, { recursive: true })
  const require = createRequire(import.meta.url)
  for (const file of FONT_FILES) copyFileSync(require.resolve(`@fontsource/ibm-plex-sans/files/${file}`), join(fonts, file))
}

/** True when something was built, false when `dist/` was up to date. */
export const bundle = async ({ force = false } = {}) => {
  const now = stamp()
  if (!force && lastStamp() === now) return false
  // The stamp goes first: a build that fails half-way must not pass for a finished one.
  rmSync(stampFile, { force: true })
  mkdirSync(dist, { recursive: true })
  await build()
  writeFileSync(stampFile, `${now}\n`)
  return true
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await needNode24(import.meta.url)
  const started = Date.now()
  const built = await bundle({ force: process.argv.includes('--force') })
  process.stdout.write(built ? `dist/ built in ${((Date.now() - started) / 1000).toFixed(1)} s\n` : 'dist/ is up to date\n')
}
