/** The head of an answer that was read off a connection. */
export interface AnswerHead {
  readonly status: number
  /** Names and values by turns, as they came. */
  readonly rawHeaders: readonly string[]
  /** In bytes; `undefined` where the head does not state it. */
  readonly length: number | undefined
  /** Whether the connection may carry another answer behind this one. */
  readonly keptAlive: boolean
}

const STATUS = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*?)[\t ]*$/

/**
 * Parses the head of an HTTP/1.1 answer, without its blank line (RFC 9112 4, 5 and 6.3). A transfer coding is none of its
 * business: then no length is stated.
 * @throws Error for what is no such head, two lengths included
 */
export function parseAnswerHead(text: string): AnswerHead {
  const [first = '', ...lines] = text.split('\r\n')
  const [, minor, code] = STATUS.exec(first) ?? []
  if (code === undefined) throw new Error('the store does not answer in HTTP/1.1')
  const rawHeaders: string[] = []
  let length: number | undefined
  let coded = false
  let keptAlive = minor === '1'
  for (const line of lines) {
    const [, name, value = ''] = FIELD.exec(line) ?? []
    if (name === undefined) throw new Error('the store sends a header that is none')
    rawHeaders.push(name, value)
    const lower = name.toLowerCase()
    if (lower === 'content-length') {
      if (length !== undefined || !/^\d{1,15}$/.test(value)) throw new Error('the store states no clear length')
      length = Number(value)
    } else if (lower === 'transfer-encoding') coded = true
    else if (lower === 'connection' && /\bclose\b/i.test(value)) keptAlive = false
  }
  const status = Number(code)
  const none = status === 204 || status === 304
  return { status, rawHeaders, length: coded ? undefined : none ? 0 : length, keptAlive }
}
