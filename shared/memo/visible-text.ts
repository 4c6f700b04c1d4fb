/**
 * Text from outside as it may stand on paper: what would hide, reorder or break a line is written out (`threat-model.md` D10). A name
 * with U+202E in it prints as "‹U+202E›", so that nobody signs a page whose words run the other way. Escaping for HTML comes after this.
 */
const LONGEST_TEXT = 1024

// C0, DEL, C1; Arabic letter mark; zero width and direction marks, embeddings, isolates; line and paragraph separators; soft hyphen;
// byte order mark; tag characters; halves of a pair without the other half.
const HIDDEN =
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])/gu

export const named = (hidden: string) => `‹U+${(hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`

/** `longest` counts code points of what is shown. A cut is said. */
export const visibleText = (text: string, longest = LONGEST_TEXT): string => {
  // Twice the length is cut off first: 60,000 characters need not be searched to show 1,024.
  const shown = Array.from(text.slice(0, longest * 2).replace(HIDDEN, named))
  return shown.length <= longest && text.length <= longest * 2 ? shown.join('') : `${shown.slice(0, longest - 1).join('')}…`
}
