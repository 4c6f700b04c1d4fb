import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * IBM Plex Sans inside the memo, so that the page looks the same on every computer and asks the network for nothing. In the bundle the
 * files lie in `fonts/` beside the program; in a checkout they are the package's own. Where neither is there the memo is set in the
 * system's face and says so.
 */
const FACES = [400, 500, 600].flatMap((weight) =>
  [
    // Ranges as the package's own style sheet gives them.
    {
      subset: 'latin',
      range:
        'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
    },
    {
      subset: 'latin-ext',
      range:
        'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF',
    },
  ].map((s) => ({ ...s, weight, file: `ibm-plex-sans-${s.subset}-${weight}-normal.woff2` })),
)

/** What the build copies into `fonts/` beside the bundled engine and command line. */
export const FONT_FILES: readonly string[] = FACES.map((f) => f.file)

const readFirst = (places: readonly (() => string)[]): Buffer | null => {
  for (const place of places) {
    try {
      return readFileSync(place())
    } catch {
      // not here: the next place is tried, and null says that none had it
    }
  }
  return null
}

/** The @font-face rules with the faces inside; null where a face is missing, because half a family sets worse than none. */
export const embeddedFonts = (besides: string | URL = import.meta.url): string | null => {
  const rules: string[] = []
  for (const { file, weight, range } of FACES) {
    const bytes = readFirst([
      () => fileURLToPath(new URL(`./fonts/${file}`, besides)),
      () => createRequire(besides).resolve(`@fontsource/ibm-plex-sans/files/${file}`),
    ])
    if (bytes === null) return null
    rules.push(
      `@font-face{font-family:"IBM Plex Sans";font-style:normal;font-weight:${weight};font-display:block;src:url(data:font/woff2;base64,${bytes.toString('base64')}) format("woff2");unicode-range:${range}}`,
    )
  }
  return rules.join('\n')
}
