import { isAscii, isUtf8 } from 'node:buffer'

/**
 * Headers as `node:http` received them, as often as they came: a repeated one is joined by commas (RFC 9110 5.2), because
 * where one may come once only, a second must not vanish. Names in lower case. Values are bytes, which clients sign as
 * UTF-8; Node.js reads them as Latin-1.
 */
export function joinedHeaders(rawHeaders: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase()
    const value = decoded(rawHeaders[i + 1] ?? '')
    const before = headers[name]
    headers[name] = before === undefined ? value : `${before},${value}`
  }
  return headers
}

function decoded(value: string): string {
  if (!BEYOND_ASCII.test(value)) return value
  const bytes = Buffer.from(value, 'latin1')
  return !isAscii(bytes) && isUtf8(bytes) ? bytes.toString('utf8') : value
}

const BEYOND_ASCII = /[\u0080-\u00ff]/
