/**
 * The arithmetic of a derivation's `how`, read again and evaluated: numbers, names, + - * / ^, unary minus, parentheses, and
 * sqrt exp ln min max floor. Throws on anything else, and on a name that nobody gave a value.
 */
type Token = { readonly kind: 'number' | 'name' | 'mark'; readonly text: string }

const tokensOf = (how: string): Token[] => {
  const found = [...how.matchAll(/(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*)|([-+*/^(),])|(\s+)|(.)/g)]
  return found.flatMap(([, number, name, mark, space, other]): Token[] => {
    if (number !== undefined) return [{ kind: 'number', text: number }]
    if (name !== undefined) return [{ kind: 'name', text: name }]
    if (mark !== undefined) return [{ kind: 'mark', text: mark }]
    if (space !== undefined) return []
    throw new Error(`"${other}" is no arithmetic: ${how}`)
  })
}

const functions: Readonly<Record<string, (...n: number[]) => number>> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  ln: Math.log,
  min: Math.min,
  max: Math.max,
  floor: Math.floor,
}

export const evaluate = (how: string, named: (name: string) => number): number => {
  const tokens = tokensOf(how)
  let at = 0
  const takes = (text: string): boolean => {
    if (tokens[at]?.kind !== 'mark' || tokens[at]?.text !== text) return false
    at++
    return true
  }
  const wants = (text: string) => {
    if (!takes(text)) throw new Error(`"${text}" is missing: ${how}`)
  }
  const sum = (): number => {
    let n = product()
    for (;;)
      if (takes('+')) n += product()
      else if (takes('-')) n -= product()
      else return n
  }
  const product = (): number => {
    let n = signed()
    for (;;)
      if (takes('*')) n *= signed()
      else if (takes('/')) n /= signed()
      else return n
  }
  const signed = (): number => (takes('-') ? -signed() : power())
  const power = (): number => {
    const base = atom()
    return takes('^') ? base ** signed() : base
  }
  const atom = (): number => {
    if (takes('(')) {
      const n = sum()
      wants(')')
      return n
    }
    const token = tokens[at]
    at++
    if (token?.kind === 'number') return Number(token.text)
    if (token?.kind !== 'name') throw new Error(`a number or a name is missing: ${how}`)
    const of = functions[token.text]
    if (of === undefined) return named(token.text)
    wants('(')
    const list = [sum()]
    while (takes(',')) list.push(sum())
    wants(')')
    return of(...list)
  }
  const n = sum()
  if (at < tokens.length) throw new Error(`"${tokens[at]?.text}" is too much: ${how}`)
  return n
}
