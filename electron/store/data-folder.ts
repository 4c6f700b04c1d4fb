/** The data folder: where it is, that it can be written, and that only its owner reads it (threat model S7). */
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { failed, ok, type Result } from '#shared/result.ts'
import { makeFolder, PRIVATE_FOLDER } from '../make-folder.ts'

/** Electron's own `userData` folder, so that the window and the command line look at the same farm. */
export const platformDataDir = ({ platform, env }: { platform: NodeJS.Platform; env: NodeJS.ProcessEnv }): string => {
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Hashyard')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Hashyard')
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'Hashyard')
}

/** Demo figures live in a folder of their own: they cannot end up among a real farm's. */
export const farmFolder = (dataDir: string, demo: boolean) => (demo ? join(dataDir, 'demo') : dataDir)

/** Creates the folder where it is missing and proves that it takes a file: permissions, read-only disks and quotas all show here. */
export const prepareFolder = (folder: string): Result<string> => {
  try {
    // A folder that was there keeps its owner's choice of group access; a new one is private whatever the umask says.
    if (makeFolder(folder)) chmodSync(folder, PRIVATE_FOLDER)
    const probe = join(folder, `.write-test-${process.pid}`)
    writeFileSync(probe, 'x', { mode: 0o600 })
    rmSync(probe)
    return ok(folder)
  } catch (error) {
    return failed('unwritable', `the data folder ${folder} cannot be written (${reasonOf(error)}). Free it, or name another with --data`)
  }
}

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  ENOTDIR: 'part of its path is a file',
  EEXIST: 'a file stands in its place',
  ENOENT: 'its disk is not there',
}
export const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
  return code === null ? (error instanceof Error ? error.message : String(error)) : (reasons[code] ?? code)
}
