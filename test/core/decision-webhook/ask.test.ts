import { gzipSync } from 'node:zlib'
import { decisionWebhook, webhookFetch } from '@daypass/core/decision-webhook/ask.ts'
import type { WebhookInput } from '@daypass/core/decision-webhook/input.ts'
import type { LogRecord } from '@daypass/core/deps.ts'
import { guardedFetch } from '@daypass/core/net/guarded-fetch.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FakeWebhook, saying, startFakeWebhook } from './fake-webhook.ts'

let opa: FakeWebhook
beforeAll(async () => {
  opa = await startFakeWebhook()
})
afterAll(() => opa.close())
const logged: LogRecord[] = []
beforeEach(() => {
  logged.length = 0
  opa.asked.length = 0
})

const keep = (record: LogRecord) => void logged.push(record)
const log = { info: keep, warn: keep, error: keep }
const input: WebhookInput = {
  account: 'AKIAALICE',
  groups: ['projecta'],
  action: 's3:GetObject',
  bucket: 'b',
  object: 'o',
  owner: false,
  conditions: { SourceIp: ['192.0.2.1'] },
  claims: {},
  denyOnly: false,
}
const ask = (authorization?: string) =>
  decisionWebhook({ url: opa.url, ...(authorization && { authorization }) }, { fetch: webhookFetch(), log })(input)

describe('a webhook', () => {
  it('is asked by POST, in JSON, under `input`', async () => {
    opa.answer(saying('{"result":true}'))
    expect(await ask()).toBe('allow')
    const [asked] = opa.asked
    expect(asked).toMatchObject({ method: 'POST', path: '/v1/data/httpapi/authz' })
    expect(asked?.headers['content-type']).toBe('application/json')
    expect(asked?.headers).not.toHaveProperty('authorization')
    expect(JSON.parse(asked?.body ?? '')).toEqual({ input })
  })

  it('is shown its token as it was set', async () => {
    opa.answer(saying('{"result":true}'))
    await ask('Bearer of-the-webhook')
    expect(opa.asked[0]?.headers.authorization).toBe('Bearer of-the-webhook')
  })

  it.each([
    ['{"result":true}'],
    ['{"result":{"allow":true}}'],
    ['{"result":{"allow":true,"reason":"a \\" : b"},"decision_id":"1"}'],
    [' {"decision_id":"1", "result" : true}\n'],
  ])('allows with %s', async (body) => {
    opa.answer(saying(body))
    expect(await ask()).toBe('allow')
    expect(logged).toEqual([])
  })

  it('allows with a body that is compressed and within its limit', async () => {
    opa.answer(saying(gzipSync('{"result":true}'), { 'content-encoding': 'gzip' }))
    expect(await ask()).toBe('allow')
  })

  it.each([
    ['{"result":false}'],
    ['{"result":{"allow":false}}'],
    ['{}'],
    ['{"result":"true"}'],
    ['{"result":1}'],
    ['{"result":null}'],
    ['{"result":[true]}'],
    ['{"result":{}}'],
    ['{"result":{"allow":"true"}}'],
    ['{"result":{"allow":1}}'],
    ['{"Result":true}'],
    ['{"allow":true}'],
    ['{"result":{"result":true}}'],
    ['{"__proto__":{"result":true}}'],
    ['{"result":{"__proto__":{"allow":true}}}'],
  ])('does not allow with %s', async (body) => {
    opa.answer(saying(body))
    expect(await ask()).toBe('deny')
  })

  it.each([
    ['no body', ''],
    ['no JSON', 'true!'],
    ['a bare true', 'true'],
    ['a list', '[{"result":true}]'],
    ['two answers', '{"result":true}{"result":true}'],
    ['HTML', '<html>{"result":true}</html>'],
    ['a member twice', '{"result":false,"result":true}'],
    ['a member twice inside', '{"result":{"allow":false,"allow":true}}'],
    ['a byte order mark', '\ufeff{"result":true}'],
    ['invalid UTF-8', Buffer.from('{"result":true,"reason":"\xff"}', 'latin1')],
    ['more than 64 KiB', `{"result":true,"reason":"${'x'.repeat(64 * 1024)}"}`],
    ['deep nesting', `{"result":true,"x":${'['.repeat(50_000 / 2)}${']'.repeat(50_000 / 2)}}`],
  ])('fails with %s, and the log says so', async (_what, body) => {
    opa.answer(saying(body))
    expect(await ask('Bearer of-the-webhook')).toBe('failed')
    expect(logged).toHaveLength(1)
    expect(logged[0]).toMatchObject({ event: 'decision-webhook-failed' })
    expect(JSON.stringify(logged)).not.toContain('of-the-webhook')
  })

  it('fails with a small body that unpacks to more than 64 KiB', async () => {
    const bomb = gzipSync(`{"result":true,"reason":"${'x'.repeat(1024 * 1024)}"}`)
    expect(bomb.length).toBeLessThan(8 * 1024)
    opa.answer(saying(bomb, { 'content-encoding': 'gzip' }))
    expect(await ask()).toBe('failed')
  })

  it.each([201, 202, 203, 204, 206, 300, 400, 401, 403, 404, 500, 503])('fails with status %i', async (status) => {
    opa.answer((_request, response) => response.writeHead(status).end(status === 204 ? undefined : '{"result":true}'))
    expect(await ask()).toBe('failed')
    expect(logged).toEqual([{ event: 'decision-webhook-failed', reason: `status ${status}` }])
  })

  it.each([301, 302, 303, 307, 308])('fails with redirect %i, which is not followed', async (status) => {
    opa.answer((request, response) => {
      if (request.url === '/elsewhere') response.end('{"result":true}')
      else response.writeHead(status, { location: '/elsewhere' }).end('{"result":true}')
    })
    expect(await ask('Bearer of-the-webhook')).toBe('failed')
    expect(opa.asked).toHaveLength(1)
  })

  it('fails when the connection breaks in the middle of an answer', async () => {
    opa.answer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"result":true}')
      setImmediate(() => response.destroy())
    })
    expect(await ask()).toBe('failed')
  })

  it('fails when it does not answer in time', async () => {
    opa.answer(() => {})
    const fetch = guardedFetch({ addresses: 'any', timeoutMs: 50 })
    expect(await decisionWebhook({ url: opa.url }, { fetch, log })(input)).toBe('failed')
    expect(logged[0]).toMatchObject({ reason: 'no answer within 50 ms' })
  })

  it('fails when nobody listens', async () => {
    const gone = await startFakeWebhook()
    await gone.close()
    expect(await decisionWebhook({ url: gone.url }, { fetch: webhookFetch(), log })(input)).toBe('failed')
  })
})
