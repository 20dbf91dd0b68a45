import { isAscii, isUtf8 } from 'node:buffer'
import { StsError } from '../errors.ts'
import type { HttpRequest } from './request.ts'

/** The parameters of one request by their decoded names. A Map, so that no name reaches a prototype. */
export type Params = ReadonlyMap<string, string>

/** IAM's simulator takes long lists; a body of 1 MiB could hold half a million empty parameters. */
const MOST_PARAMETERS = 20_000

/** With a request once it was parsed. It names the request, so that a copy with another body is parsed anew. */
const PARSED = Symbol('parsed')
interface Remembering extends HttpRequest {
  [PARSED]?: { readonly of: HttpRequest; readonly params: Params }
}

/**
 * Parses the query string and the form body into one set of parameters, once per request. Percent-decoding is strict and
 * `+` is a space in both (WHATWG URL, application/x-www-form-urlencoded). What could be read in two ways is refused:
 * a parameter that occurs twice, malformed escapes, text that is not UTF-8, a body on GET, another kind of body.
 */
export function readParams(request: Remembering): Params {
  const known = request[PARSED]
  if (known?.of === request) return known.params
  const params = new Map<string, string>()
  if (!/^[\x21-\x7e]*$/.test(request.rawQuery)) {
    throw new StsError('MalformedQueryString', 'The query string must be percent-encoded')
  }
  addPairs(params, request.rawQuery)
  if (request.body.length > 0) addPairs(params, formBody(request))
  if (Object.isExtensible(request)) request[PARSED] = { of: request, params }
  return params
}

function formBody({ method, headers, body }: HttpRequest): string {
  if (method === 'GET') throw new StsError('MalformedInput', 'A GET request carries its parameters in the query string')
  const type = headers['content-type']
  if (
    type !== undefined &&
    !/^application\/x-www-form-urlencoded(?:\s*;\s*charset="?utf-8"?)?\s*$/i.test(type.trim())
  ) {
    throw new StsError('MalformedInput', 'The body must be of type application/x-www-form-urlencoded in UTF-8')
  }
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity') {
    throw new StsError('MalformedInput', 'The body must not be compressed')
  }
  if (isAscii(body)) return body.toString('latin1')
  if (!isUtf8(body)) throw new StsError('MalformedInput', 'The body is not valid UTF-8')
  return body.toString('utf8')
}

function addPairs(params: Map<string, string>, text: string): void {
  let start = 0
  while (start < text.length) {
    let end = text.indexOf('&', start)
    if (end === -1) end = text.length
    if (end > start) {
      const pair = text.slice(start, end)
      const equals = pair.indexOf('=')
      const name = decode(equals === -1 ? pair : pair.slice(0, equals))
      if (params.has(name)) {
        throw new StsError('MalformedQueryString', `The parameter ${shown(name)} may be given only once`, {
          // The name may be the end of a password in which an & was not escaped.
          detail: { reason: 'A parameter is given twice' },
        })
      }
      if (params.size >= MOST_PARAMETERS) throw new StsError('MalformedQueryString', 'There are too many parameters')
      params.set(name, equals === -1 ? '' : decode(pair.slice(equals + 1)))
    }
    start = end + 1
  }
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced) // refuses malformed escapes, overlong forms and surrogates (ECMA-262, Decode)
  } catch {
    throw new StsError('MalformedQueryString', 'A parameter is not valid percent-encoded UTF-8')
  }
}

/** A name that the caller chose, short enough for a message. */
export const shown = (name: string) => (name.length > 128 ? `${name.slice(0, 128)}…` : name)
