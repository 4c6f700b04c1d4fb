import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** Only its owner reads what Hashyard keeps (threat model S7). */
export const PRIVATE_FOLDER = 0o700

/**
 * Creates what is missing of the path, outermost first; true where the folder itself is new. Throws what the file system says.
 * Not `mkdirSync`'s own `recursive`: where a file system answers ENOENT to a new folder (Linux's /proc), Node 24 tries again for ever.
 */
export const makeFolder = (folder: string): boolean => {
  if (existsSync(folder)) return false
  const parent = dirname(folder)
  if (parent !== folder) makeFolder(parent)
  mkdirSync(folder, { mode: PRIVATE_FOLDER })
  return true
}
