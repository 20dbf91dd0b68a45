/** Where something begins or ends in a text: line and column, from 1. */
export interface TextPosition {
  readonly Line: number
  readonly Column: number
}

export interface TextSpan {
  readonly start: TextPosition
  readonly end: TextPosition
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs

/**
 * Where the statements of a policy document stand, in their order, as AWS's simulator tells it: from behind the token
 * before a statement (the opening bracket, the colon, or the statement before) to behind its closing brace. The text must
 * be a policy document that was parsed already.
 */
export function statementSpans(document: string): readonly TextSpan[] {
  const spans: TextSpan[] = []
  let depth = 0
  let member = ''
  let begin: number | undefined
  let behind = 0
  let level = 0
  for (const { 0: token, index } of document.matchAll(TOKENS)) {
    const end = index + token.length
    if (token === '{' || token === '[') {
      depth++
      if (begin === undefined && token === '{' && depth === level + 1 && member === 'Statement') begin = behind
      if (token === '[' && depth === 2 && member === 'Statement') level = 2
      behind = end
    } else if (token === '}' || token === ']') {
      depth--
      if (begin !== undefined && depth === level) {
        spans.push({ start: positionAt(document, begin), end: positionAt(document, end) })
        begin = undefined
        behind = end
      }
      if (token === ']' && depth === 1) level = 1
    } else if (token === ':' && depth === 1) {
      behind = end
      level = 1
    } else if (depth === 1 && token.startsWith('"') && /^\s*:/.test(document.slice(end))) {
      member = String(JSON.parse(token))
    }
  }
  return spans
}

function positionAt(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset)
  return { Line: before.split('\n').length, Column: offset - before.lastIndexOf('\n') }
}
