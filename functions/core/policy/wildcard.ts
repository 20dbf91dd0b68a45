/** `*` in a pattern: any number of characters, none included. */
export const STAR: unique symbol = Symbol('*')
/** `?` in a pattern: exactly one character. */
export const ANY_CHARACTER: unique symbol = Symbol('?')

export type PatternToken = string | typeof STAR | typeof ANY_CHARACTER

/** Tells whether the whole text meets a pattern. */
export type Glob = (text: string) => boolean

/**
 * Compiles a pattern. Literal tokens stand for themselves: a `*` inside one is a star, not a wildcard.
 * Matching takes time proportional to text × pattern at worst, whatever the pattern: there is no backtracking, because
 * the leftmost place where a piece between two stars fits is always as good as any later one.
 */
export function compileGlob(tokens: readonly PatternToken[]): Glob {
  const pieces = splitAtStars(tokens)
  const [first = [''], ...rest] = pieces
  const last = rest.pop()
  const matches = last === undefined ? wholePiece(first) : piecesInOrder(first, rest, last)
  if (!tokens.includes(ANY_CHARACTER)) return matches
  // One `?` is one character, and a character outside the basic plane is two units of a JavaScript string.
  return (text) => (SURROGATE_PAIR.test(text) ? matchesCharacters(tokens, text) : matches(text))
}

/** Splits plain pattern text (no variables, no escapes) into tokens. */
export function patternTokens(pattern: string): readonly PatternToken[] {
  return pattern
    .split(/([*?])/)
    .filter((part) => part !== '')
    .map((part) => (part === '*' ? STAR : part === '?' ? ANY_CHARACTER : part))
}

/** What lies between two stars: literals with exactly one free character between each two of them. */
type Piece = readonly string[]

function splitAtStars(tokens: readonly PatternToken[]): readonly Piece[] {
  const pieces: string[][] = [['']]
  for (const token of tokens) {
    const piece = pieces.at(-1) ?? []
    if (token === STAR) pieces.push([''])
    else if (token === ANY_CHARACTER) piece.push('')
    else piece[piece.length - 1] += token
  }
  // Two stars in a row say no more than one.
  return pieces.filter((piece, index) => index === 0 || index === pieces.length - 1 || pieceLength(piece) > 0)
}

const pieceLength = (piece: Piece) => piece.reduce((length, literal) => length + literal.length, piece.length - 1)

const wholePiece =
  (piece: Piece): Glob =>
  (text) =>
    text.length === pieceLength(piece) && fitsAt(piece, text, 0)

function piecesInOrder(first: Piece, middle: readonly Piece[], last: Piece): Glob {
  const firstLength = pieceLength(first)
  const lastLength = pieceLength(last)
  return (text) => {
    const end = text.length - lastLength
    if (end < firstLength || !fitsAt(first, text, 0) || !fitsAt(last, text, end)) return false
    let at = firstLength
    for (const piece of middle) {
      const found = leftmost(piece, text, at, end)
      if (found < 0) return false
      at = found + pieceLength(piece)
    }
    return true
  }
}

function fitsAt(piece: Piece, text: string, at: number): boolean {
  for (const literal of piece) {
    if (!text.startsWith(literal, at)) return false
    at += literal.length + 1
  }
  return true
}

function leftmost(piece: Piece, text: string, from: number, end: number): number {
  const length = pieceLength(piece)
  if (piece.length === 1) {
    const found = text.indexOf(piece[0] ?? '', from)
    return found >= 0 && found + length <= end ? found : -1
  }
  for (let at = from; at + length <= end; at++) if (fitsAt(piece, text, at)) return at
  return -1
}

const SURROGATE_PAIR = /[\ud800-\udbff][\udc00-\udfff]/

/** The same answer by characters: on a mismatch only the last star grows, so the time is text × pattern at worst. */
function matchesCharacters(tokens: readonly PatternToken[], text: string): boolean {
  const pattern = tokens.flatMap((token): readonly PatternToken[] => (typeof token === 'string' ? [...token] : [token]))
  const characters = [...text]
  let at = 0
  let index = 0
  let star = -1
  let resume = 0
  while (index < characters.length) {
    const token = pattern[at]
    if (token === STAR) {
      star = at++
      resume = index
    } else if (token === ANY_CHARACTER || token === characters[index]) {
      at++
      index++
    } else if (star >= 0) {
      at = star + 1
      index = ++resume
    } else return false
  }
  while (pattern[at] === STAR) at++
  return at === pattern.length
}
