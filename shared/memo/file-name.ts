/**
 * A file name made from a title that holds names typed by people or sent by machines (`threat-model.md` I5): composed form, no separators,
 * no control or direction characters, none of Windows' reserved names, at most 255 bytes with ".pdf".
 */
const LONGEST_BYTES = 255
const EXTENSION = '.pdf'
/** With or without an extension Windows opens a device, not a file. */
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

const bytesOf = (codePoint: number) => (codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4)

export const memoFileName = (title: string): string => {
  const plain = title
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[/\\:*?"<>|]/g, ' ')
    .replace(/\s+/gu, ' ')
    // A leading dot hides the file, a trailing dot or space is dropped by Windows without a word.
    .replace(/^[. ]+|[. ]+$/g, '')
  const safe = plain === '' ? 'Hashyard memo' : RESERVED.test(plain) ? `Memo ${plain}` : plain
  let name = ''
  let bytes = EXTENSION.length
  for (const character of safe) {
    bytes += bytesOf(character.codePointAt(0) ?? 0)
    if (bytes > LONGEST_BYTES) break
    name += character
  }
  return name.replace(/[. ]+$/, '') + EXTENSION
}
