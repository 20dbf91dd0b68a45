import { hash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  canonicalHeaderValue,
  canonicalPath,
  canonicalQuery,
  canonicalRequest,
  queryPairs,
  stringToSign,
} from '../../../functions/core/sigv4/canonical.ts'
import { parseSignature } from '../../../functions/core/sigv4/parse.ts'
import { parseBasicTimestamp } from '../../../functions/core/sigv4/timestamp.ts'
import { verifySignature } from '../../../functions/core/sigv4/verify.ts'

const folder = process.env.DAYPASS_VECTORS && join(process.env.DAYPASS_VECTORS, 'sigv4')
if (!folder) console.warn("LEFT OUT: AWS's SigV4 suite. Set DAYPASS_VECTORS to the folder that holds sigv4/ to run it.")

interface Context {
  readonly credentials: { readonly secret_access_key: string; readonly token?: string }
  readonly normalize: boolean
  readonly omit_session_token?: boolean
  readonly region: string
  readonly service: string
  readonly timestamp: string
}

interface Vector {
  readonly title: string
  readonly context: Context
  readonly kind: 'header' | 'query'
  read(file: string): string
}

const vectors: Vector[] = folder
  ? readdirSync(folder)
      .filter((name) => existsSync(join(folder, name, 'context.json')))
      .flatMap((name) =>
        (['header', 'query'] as const).map((kind) => ({
          title: `${name} (${kind})`,
          context: JSON.parse(readFileSync(join(folder, name, 'context.json'), 'utf8')) as Context,
          kind,
          read: (file: string) => readFileSync(join(folder, name, `${kind}-${file}.txt`), 'utf8'),
        })),
      )
  : []

describe.skipIf(!folder)("AWS's SigV4 suite", () => {
  it('is whole', () => expect(vectors).toHaveLength(76))

  it.each(vectors)('$title: each stage is what AWS has', ({ context, kind, read }) => {
    const request = parseHttp(read('signed-request'))
    const { normalize, omit_session_token: omitToken, region, service } = context
    const signedHeaders = read('canonical-request').split('\n').at(-2)?.split(';') ?? []
    const pairs = queryPairs(request.rawQuery).filter(
      ([name]) => name !== 'X-Amz-Signature' && !(omitToken && name === 'X-Amz-Security-Token'),
    )
    const canonical = canonicalRequest(
      request.method,
      canonicalPath(request.path, normalize ? 'normalized' : 'as-sent'),
      canonicalQuery(pairs),
      signedHeaders.map((name) => [name, canonicalHeaderValue(request.headers[name] ?? '')] as const),
      hash('sha256', request.body, 'hex'),
    )
    expect(canonical).toBe(read('canonical-request'))
    const scope = `20150830/${region}/${service}/aws4_request`
    expect(stringToSign('20150830T123600Z', scope, hash('sha256', canonical, 'hex'))).toBe(read('string-to-sign'))
    const claimed = kind === 'query' ? /X-Amz-Signature=(\w+)/ : /Signature=(\w+)$/
    expect((kind === 'query' ? request.rawQuery : request.headers.authorization)?.match(claimed)?.[1]).toBe(
      read('signature'),
    )
  })

  // A token that was added after signing, a path that was signed as it stands, and a body on a presigned GET are all
  // legitimate of other services; ours refuse them.
  const refused = (v: Vector) =>
    v.context.omit_session_token ||
    (!v.context.normalize &&
      canonicalPath(parseHttp(v.read('signed-request')).path, 'normalized') !==
        canonicalPath(parseHttp(v.read('signed-request')).path, 'as-sent'))

  it.each(vectors.filter((v) => !refused(v)))('$title: is proven, and not with one bit changed', (vector) => {
    const signed = parseHttp(vector.read('signed-request'))
    expect(verify(vector, signed)).toMatchObject({ accessKeyId: 'AKIDEXAMPLE' })
    const mutations: [string, Parsed, string?][] = [
      ['method', { ...signed, method: flip(signed.method) }],
      ['path', { ...signed, path: `${signed.path}x` }],
      ['query', { ...signed, rawQuery: `${signed.rawQuery}&x=` }],
      ['body', { ...signed, body: Buffer.concat([signed.body, Buffer.from('x')]) }],
      ['secret', signed, flip(vector.context.credentials.secret_access_key)],
      ...Object.entries(signed.headers).map(([name, value]): [string, Parsed] => [
        name,
        { ...signed, headers: { ...signed.headers, [name]: flip(value) } },
      ]),
      ...signed.rawQuery
        .split('&')
        .filter(Boolean)
        .map((part, index, parts): [string, Parsed] => [
          `query ${part}`,
          { ...signed, rawQuery: parts.with(index, flip(part)).join('&') },
        ]),
    ]
    for (const [part, mutated, secret] of mutations) {
      expect(() => verify(vector, mutated, secret), part).toThrow(expect.objectContaining({ name: 'SignatureRefusal' }))
    }
  })

  it.each(vectors.filter(refused))('$title: is refused', (vector) => {
    expect(() => verify(vector, parseHttp(vector.read('signed-request')))).toThrow(
      expect.objectContaining({ name: 'SignatureRefusal' }),
    )
  })
})

function verify({ context }: Vector, request: Parsed, secret = context.credentials.secret_access_key) {
  const unverified = parseSignature(request, { service: context.service })
  if (!unverified) return undefined
  const now = parseBasicTimestamp(context.timestamp.replace(/[-:]/g, '')) ?? Number.NaN
  return verifySignature(unverified, secret, { now, body: request.body })
}

/** Changes the last character's lowest bit. */
function flip(text: string): string {
  return text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) ^ 1)
}

type Parsed = ReturnType<typeof parseHttp>

function parseHttp(text: string) {
  const [head = '', ...rest] = text.split('\n\n')
  const [requestLine = '', ...lines] = head.split('\n')
  const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(requestLine) ?? []
  const question = target.indexOf('?')
  const headers: Record<string, string> = {}
  let last = ''
  for (const line of lines) {
    if (/^\s/.test(line)) headers[last] += `\n${line}`
    else {
      const [, name = '', value = ''] = /^([^:]+):(.*)$/.exec(line) ?? []
      last = name.toLowerCase()
      headers[last] = headers[last] === undefined ? value : `${headers[last]},${value}`
    }
  }
  return {
    method,
    path: question < 0 ? target : target.slice(0, question),
    rawQuery: question < 0 ? '' : target.slice(question + 1),
    headers,
    body: Buffer.from(rest.join('\n\n')),
  }
}
