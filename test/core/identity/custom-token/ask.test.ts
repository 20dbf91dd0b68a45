import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { webhookFetch } from '@daypass/core/decision-webhook/ask.ts'
import type { LogRecord } from '@daypass/core/deps.ts'
import { verifyCustomToken } from '@daypass/core/identity/custom-token/ask.ts'
import { guardedFetch } from '@daypass/core/net/guarded-fetch.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FakeWebhook, saying, startFakeWebhook } from '../../decision-webhook/fake-webhook.ts'

const TOKEN = 'a+b/c=&ü secret-token'
let hook: FakeWebhook
const logged: LogRecord[] = []
const keep = (record: LogRecord) => void logged.push(record)
const log = { info: keep, warn: keep, error: keep }

beforeAll(async () => {
  hook = await startFakeWebhook()
})
afterAll(() => hook.close())
beforeEach(() => {
  logged.length = 0
  hook.asked.length = 0
})

const source = (more: object = {}) => ({
  name: 'default',
  account: '000000000000',
  url: hook.url,
  roleArn: 'arn:minio:iam:::role/idmp-x',
  ...more,
})
const ask = (more: object = {}, fetch = webhookFetch()) =>
  verifyCustomToken({ fetch, log, tellReason: true }, source(more), TOKEN)
const honest = { user: 'alice', maxValiditySeconds: 3600, claims: { groups: ['projecta'] } }
const answering = (answer: unknown) => saying(JSON.stringify(answer))
const status =
  (code: number, body = '', headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(code, headers).end(body)

describe('an identity webhook', () => {
  it('is asked by POST, with the token in the query and no body', async () => {
    hook.answer(answering(honest))
    expect(await ask()).toEqual({
      user: 'alice',
      maxValiditySeconds: 3600,
      claims: { groups: ['projecta'], sub: 'custom:alice' },
    })
    const [asked] = hook.asked
    expect(asked).toMatchObject({ method: 'POST', body: '' })
    const url = new URL(asked?.path ?? '', hook.url)
    expect([url.pathname, ...url.searchParams]).toEqual([hook.url.pathname, ['token', TOKEN]])
    expect(asked?.headers).not.toHaveProperty('authorization')
  })

  it('is shown its own token in the header, and keeps its own query', async () => {
    hook.answer(answering(honest))
    await ask({ authorization: 'Bearer of-the-webhook', url: new URL('?realm=a&token=fixed', hook.url) })
    const [asked] = hook.asked
    expect(asked?.headers.authorization).toBe('Bearer of-the-webhook')
    expect([...new URL(asked?.path ?? '', hook.url).searchParams]).toEqual([
      ['realm', 'a'],
      ['token', TOKEN],
    ])
  })

  it.each<[string, object]>([
    ['no claims', { claims: undefined }],
    ['null claims, as Go writes them', { claims: null }],
    ['the shortest validity', { maxValiditySeconds: 900 }],
    ['the longest validity', { maxValiditySeconds: 31_536_000 }],
    ['the shortest user', { user: 'ab' }],
    ['the longest user', { user: 'u'.repeat(64) }],
    ['an address for a user', { user: 'alice+x=1,y@example.com' }],
    ['a member beside', { more: [1, { a: 2 }] }],
    ['claims of just under 8 KiB', { claims: { a: 'x'.repeat(8 * 1024 - 8) } }],
  ])('is believed with %s', async (_what, change) => {
    hook.answer(answering({ ...honest, ...change }))
    const { user } = { ...honest, ...change } as typeof honest
    expect((await ask()).user).toBe(user)
    expect(logged).toEqual([])
  })

  it('cannot set the reserved claims, of which MinIO says that they are ignored', async () => {
    hook.answer(answering({ ...honest, claims: { sub: 'root', exp: 1, parent: 'admin', name: 'A' } }))
    expect((await ask()).claims).toEqual({ sub: 'custom:alice', name: 'A' })
  })

  it('keeps a claim named __proto__ a claim', async () => {
    hook.answer(saying('{"user":"alice","maxValiditySeconds":900,"claims":{"__proto__":{"sub":"x"}}}'))
    expect(Object.keys((await ask()).claims)).toEqual(['__proto__', 'sub'])
  })

  it.each<[string, string]>([
    ['garbage', 'yes'],
    ['nothing', ''],
    ['HTML', '<html></html>'],
    ['a list', '[]'],
    ['no user', '{"maxValiditySeconds":3600}'],
    ['an empty user', '{"user":"","maxValiditySeconds":3600}'],
    ['a user of one character', '{"user":"a","maxValiditySeconds":3600}'],
    ['a user that is too long', `{"user":"${'u'.repeat(65)}","maxValiditySeconds":3600}`],
    ['a user with a slash', '{"user":"admin/alice","maxValiditySeconds":3600}'],
    ['a user with a colon', '{"user":"custom:alice","maxValiditySeconds":3600}'],
    ['a user with a space', '{"user":"alice b","maxValiditySeconds":3600}'],
    ['a user with a newline', '{"user":"alice\\n","maxValiditySeconds":3600}'],
    ['a user with a wildcard', '{"user":"al*ce","maxValiditySeconds":3600}'],
    ['a user in another script', '{"user":"аlice","maxValiditySeconds":3600}'],
    ['a user with a lone surrogate', '{"user":"alice\\ud800","maxValiditySeconds":3600}'],
    ['a number for a user', '{"user":12345,"maxValiditySeconds":3600}'],
    ['a list for a user', '{"user":["alice"],"maxValiditySeconds":3600}'],
    ['two users', '{"user":"alice","user":"admin","maxValiditySeconds":3600}'],
    ['a user spelt twice', '{"user":"alice","\\u0075ser":"admin","maxValiditySeconds":3600}'],
    ['a claim twice', '{"user":"alice","maxValiditySeconds":3600,"claims":{"a":1,"a":2}}'],
    ['no validity', '{"user":"alice"}'],
    ['a negative validity', '{"user":"alice","maxValiditySeconds":-3600}'],
    ['no seconds', '{"user":"alice","maxValiditySeconds":0}'],
    ['less than 900 seconds', '{"user":"alice","maxValiditySeconds":899}'],
    ['more than a year', '{"user":"alice","maxValiditySeconds":31536001}'],
    ['a huge validity', '{"user":"alice","maxValiditySeconds":1e300}'],
    ['an infinite validity', '{"user":"alice","maxValiditySeconds":1e999}'],
    ['a broken number of seconds', '{"user":"alice","maxValiditySeconds":3600.5}'],
    ['a text for a validity', '{"user":"alice","maxValiditySeconds":"3600"}'],
    ['claims that are a list', '{"user":"alice","maxValiditySeconds":3600,"claims":[]}'],
    ['claims that are a text', '{"user":"alice","maxValiditySeconds":3600,"claims":"{}"}'],
    ['claims over 8 KiB', `{"user":"alice","maxValiditySeconds":3600,"claims":{"a":"${'x'.repeat(8 * 1024)}"}}`],
    [
      'claims nested deeply',
      `{"user":"alice","maxValiditySeconds":3600,"claims":${'{"a":'.repeat(40)}1${'}'.repeat(40)}}`,
    ],
    ['two documents', '{"user":"alice","maxValiditySeconds":3600}{}'],
    ['a byte order mark', '\ufeff{"user":"alice","maxValiditySeconds":3600}'],
  ])('is not believed with %s: IDPCommunicationError', async (_lie, body) => {
    hook.answer(saying(body))
    await expect(ask()).rejects.toMatchObject({ code: 'IDPCommunicationError', status: 400 })
    expect(logged).toMatchObject([{ event: 'identity-webhook-failed', source: 'default' }])
  })

  it.each<[string, RequestListener]>([
    ['fails', status(500)],
    ['has moved within its own origin', status(307, '', { location: '/elsewhere' })],
    ['redirects elsewhere', status(302, '', { location: 'http://169.254.169.254/' })],
    ['redirects without saying where', status(302, JSON.stringify(honest))],
    ['answers 201', status(201, JSON.stringify(honest))],
    ['answers 204', status(204)],
    ['answers 401', status(401, '{"reason":"who are you"}')],
    ['answers more than 64 KiB', saying(Buffer.alloc(64 * 1024 + 1, ' '))],
    ['unpacks to more than 64 KiB', saying(gzipSync(Buffer.alloc(1 << 20, ' ')), { 'content-encoding': 'gzip' })],
    ['hangs up', (_request, response) => void response.destroy()],
    [
      'hangs up halfway',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '1000' })
        response.write('{"user":"alice",', () => response.destroy())
      },
    ],
  ])('that %s is of no use: IDPCommunicationError', async (_fault, listener) => {
    hook.answer(listener)
    await expect(ask()).rejects.toMatchObject({ code: 'IDPCommunicationError', status: 400 })
    expect(logged).toMatchObject([{ event: 'identity-webhook-failed' }])
    expect(hook.asked).toHaveLength(1)
  })

  it.each<[string, RequestListener]>([
    ['never answers', () => undefined],
    [
      'drips its answer',
      (_request, response) => {
        response.writeHead(200)
        const drip = setInterval(() => response.write(' '), 5)
        response.on('close', () => clearInterval(drip))
      },
    ],
  ])('that %s is given up', async (_fault, listener) => {
    hook.answer(listener)
    const impatient = guardedFetch({ addresses: 'any', timeoutMs: 60 })
    await expect(ask({}, impatient)).rejects.toMatchObject({ code: 'IDPCommunicationError' })
    expect(logged).toMatchObject([{ reason: 'no answer within 60 ms' }])
  })

  it('that nobody answers for is of no use', async () => {
    const gone = await startFakeWebhook()
    await gone.close()
    await expect(ask({ url: gone.url })).rejects.toMatchObject({ code: 'IDPCommunicationError' })
  })

  it('says no with 403, and its reason is told', async () => {
    hook.answer(status(403, '{"reason":"token expired: Müller, ask again"}'))
    await expect(ask()).rejects.toMatchObject({
      code: 'AccessDenied',
      status: 403,
      message: 'The identity webhook does not accept the token: token expired: Müller, ask again',
    })
    expect(logged).toEqual([])
  })

  it.each([
    ['no body', ''],
    ['no JSON', 'forbidden'],
    ['a reason that is no text', '{"reason":{"a":1}}'],
    ['a reason with a newline', '{"reason":"a\\nb"}'],
    ['a reason with an escape sequence', '{"reason":"\\u001b[2J"}'],
    ['a reason that turns the text around', '{"reason":"\\u202e"}'],
    ['a reason that is too long', `{"reason":"${'x'.repeat(257)}"}`],
    ['an identity', JSON.stringify(honest)],
  ])('says no with 403 and %s, which is not told', async (_what, body) => {
    hook.answer(status(403, body))
    await expect(ask()).rejects.toMatchObject({
      code: 'AccessDenied',
      message: 'The identity webhook does not accept the token.',
    })
  })

  it('never has the token in a refusal or a log line', async () => {
    for (const listener of [status(500), saying('no'), status(302, '', { location: 'http://x.example/' })]) {
      hook.answer(listener)
      const error = await ask().catch((thrown: unknown) => thrown)
      expect(JSON.stringify([String(error), error, logged])).not.toContain('secret-token')
    }
  })
})
