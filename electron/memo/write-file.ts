import { randomUUID } from 'node:crypto'
import { link, lstat, open, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { failed, ok, type Result } from '#shared/result.ts'

/**
 * A memo, or a table to hand on, is there whole or not at all (`threat-model.md` I5): written under another name in the same folder, brought to the disk, then
 * named. A reader, a crash or a full disk never meets half a file.
 */
export type WriteChoice = {
  /** True only where a person has agreed to lose the file of that name; else an existing file stays and the answer says so. */
  readonly replace: boolean
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown'

const WHY: Record<string, string> = {
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the disk can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  ENAMETOOLONG: 'the name is too long',
  EISDIR: 'a folder has that name',
}
const notWritten = (path: string, cause: unknown) =>
  failed(
    'unwritable',
    `Nothing was written to ${path}: ${WHY[codeOf(cause)] ?? `the system answered ${codeOf(cause)}`}. Choose another place and export again.`,
    {
      field: 'out',
    },
  )
const alreadyThere = (path: string) =>
  failed(
    'unwritable',
    `${path} is there already and was left as it is. Choose another name, or agree to replace it (--replace on the command line).`,
    {
      field: 'out',
    },
  )

/** Whether a memo could be written there, asked before minutes of work are spent on it. */
export const checkOut = async (path: string, { replace }: WriteChoice): Promise<Result<void>> => {
  const target = resolve(path)
  try {
    await realpath(dirname(target))
  } catch (cause) {
    return notWritten(target, cause)
  }
  try {
    const there = await lstat(target)
    if (there.isDirectory())
      return failed('unwritable', `Nothing was written to ${target}: a folder has that name. Name the file too.`, { field: 'out' })
    return replace ? ok(undefined) : alreadyThere(target)
  } catch (cause) {
    return codeOf(cause) === 'ENOENT' ? ok(undefined) : notWritten(target, cause)
  }
}

/** A name that appears or not, in one step. Where the file system knows no hard links (FAT, some shares), looked for and then renamed. */
const nameIt = async (temporary: string, target: string, { replace }: WriteChoice): Promise<Result<void>> => {
  if (replace) {
    await rename(temporary, target)
    return ok(undefined)
  }
  try {
    await link(temporary, target)
    await rm(temporary, { force: true })
    return ok(undefined)
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return alreadyThere(target)
    const free = await checkOut(target, { replace })
    if (!free.ok) return free
    await rename(temporary, target)
    return ok(undefined)
  }
}

/** The folder's own record of the new name, or a power cut can undo it. Windows keeps no such record to sync. */
const syncFolder = async (folder: string) => {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Resolves to the absolute path written. `replace` is left out where the person was asked by a save dialog. */
export const writeMemo = async (
  path: string,
  bytes: Uint8Array,
  choice: WriteChoice = { replace: true },
): Promise<Result<{ path: string }>> => {
  const named = resolve(path)
  const free = await checkOut(named, choice)
  if (!free.ok) return free
  let temporary: string | null = null
  try {
    const folder = await realpath(dirname(named))
    const target = join(folder, basename(named))
    temporary = join(folder, `.hashyard-${randomUUID()}.part`)
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    const placed = await nameIt(temporary, target, choice)
    if (!placed.ok) return placed
    await syncFolder(folder)
    return ok({ path: target })
  } catch (cause) {
    return notWritten(named, cause)
  } finally {
    if (temporary !== null) await rm(temporary, { force: true })
  }
}
