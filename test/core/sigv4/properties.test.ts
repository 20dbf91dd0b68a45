import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseSignature } from '../../../functions/core/sigv4/parse.ts'
import { verifySignature } from '../../../functions/core/sigv4/verify.ts'
import { presign, type RequestToSign, type SignedRequest, signRequest } from '../../support/sign.ts'

const text = fc.string({ unit: 'binary', maxLength: 12 })
const token = fc.string({ unit: fc.constantFrom(...'abcXYZ019-._/+='), minLength: 1, maxLength: 20 })
const query = fc
  .array(fc.tuple(text, text), { maxLength: 4 })
  .map((pairs) => pairs.map(([a, b]) => `q${encodeURIComponent(a)}=${encodeURIComponent(b)}`).join('&'))
const path = fc
  .array(
    text.filter((segment) => segment !== '.' && segment !== '..'),
    { maxLength: 3 },
  )
  .map((segments) => `/${segments.map(encodeURIComponent).join('/')}`)

const request: fc.Arbitrary<RequestToSign> = fc
  .record({
    method: fc.constantFrom('POST', 'PUT', 'DELETE'),
    path,
    query,
    body: fc.string({ maxLength: 30 }),
    header: fc.string({ unit: fc.constantFrom(...'ab ,;:=\t'), maxLength: 8 }),
    sessionToken: fc.option(token, { nil: undefined }),
    region: fc.constantFrom('', 'us-east-1', 'US'),
    service: fc.constantFrom('sts', 'iam', 's3'),
    secretAccessKey: fc.string({ minLength: 1 }),
    now: fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1_000),
  })
  .map(({ path, query, header, sessionToken, ...rest }) => ({
    ...rest,
    url: `https://host.example.com${path}${query ? `?${query}` : ''}`,
    headers: { 'content-type': header },
    accessKeyId: 'AKIDEXAMPLE',
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }))

const signed = fc
  .tuple(request, fc.boolean())
  .map(([input, inQuery]) => ({ input, signed: inQuery ? presign(input) : signRequest(input) }))

function verify(input: RequestToSign, { body, ...received }: SignedRequest) {
  const unverified = parseSignature(received, { service: input.service })
  return unverified && verifySignature(unverified, input.secretAccessKey, { now: input.now, body })
}

it('proves any request that was signed', () => {
  fc.assert(
    fc.property(signed, ({ input, signed }) => {
      expect(verify(input, signed)).toMatchObject({ accessKeyId: 'AKIDEXAMPLE', scope: { region: input.region } })
    }),
  )
})

/** One change of what a signature binds; each returns undefined where the request has no such part. */
const MUTATIONS: Record<string, (request: SignedRequest, input: RequestToSign) => SignedRequest | undefined> = {
  method: (r) => ({ ...r, method: r.method === 'POST' ? 'PUT' : 'POST' }),
  path: (r) => ({ ...r, path: `${r.path}x` }),
  'a further parameter': (r) => ({ ...r, rawQuery: r.rawQuery === '' ? 'z=1' : `${r.rawQuery}&z=1` }),
  'a parameter less': (r) =>
    r.rawQuery === '' ? undefined : { ...r, rawQuery: r.rawQuery.split('&').slice(1).join('&') },
  'a signed header': (r) => ({ ...r, headers: { ...r.headers, 'content-type': `${r.headers['content-type']}x` } }),
  host: (r) => ({ ...r, headers: { ...r.headers, host: 'other.example.com' } }),
  body: (r, input) =>
    input.service === 's3' && r.headers['x-amz-content-sha256'] === undefined
      ? undefined
      : { ...r, body: Buffer.concat([r.body, Buffer.from('x')]) },
  date: (r, input) =>
    rewritten(
      r,
      new Date(input.now).toISOString().replace(/[-:]|\.\d{3}/g, ''),
      new Date(input.now + 1_000).toISOString().replace(/[-:]|\.\d{3}/g, ''),
    ),
  region: (r) => rewritten(r, /(AKIDEXAMPLE(?:\/|%2F)\d{8}(?:\/|%2F))[^/%]*/, '$1elsewhere'),
  terminator: (r) => rewritten(r, /aws4_request/, 'aws4_reques'),
  token: (r) =>
    r.headers['x-amz-security-token'] === undefined
      ? rewritten(r, /X-Amz-Security-Token=/, 'X-Amz-Security-Token=x')
      : { ...r, headers: { ...r.headers, 'x-amz-security-token': `${r.headers['x-amz-security-token']}x` } },
  'the token, taken away': (r) => {
    const { 'x-amz-security-token': token, ...headers } = r.headers
    return token === undefined ? rewritten(r, /&X-Amz-Security-Token=[^&]*/, '') : { ...r, headers }
  },
  'the token, added': (r) =>
    'x-amz-security-token' in r.headers || r.rawQuery.includes('Security-Token')
      ? undefined
      : { ...r, headers: { ...r.headers, 'x-amz-security-token': 'x' } },
  lifetime: (r) => rewritten(r, /X-Amz-Expires=900/, 'X-Amz-Expires=901'),
  signature: (r) => rewritten(r, /Signature=(.)/, (_, digit: string) => `Signature=${digit === '0' ? '1' : '0'}`),
}

function rewritten(
  request: SignedRequest,
  from: string | RegExp,
  to: string | ((...found: string[]) => string),
): SignedRequest | undefined {
  const replace = (text: string) => (typeof to === 'string' ? text.replace(from, to) : text.replace(from, to))
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, replace(value)]))
  const rawQuery = replace(request.rawQuery)
  const same = rawQuery === request.rawQuery && JSON.stringify(headers) === JSON.stringify(request.headers)
  return same ? undefined : { ...request, headers, rawQuery }
}

it.each(Object.keys(MUTATIONS))('refuses any signed request with another %s', (name) => {
  fc.assert(
    fc.property(signed, ({ input, signed }) => {
      const mutated = MUTATIONS[name]?.(signed, input)
      fc.pre(mutated !== undefined)
      expect(() => verify(input, mutated)).toThrow(expect.objectContaining({ name: 'SignatureRefusal' }))
    }),
    { numRuns: 60 },
  )
})
