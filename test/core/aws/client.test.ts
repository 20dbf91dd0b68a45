import dns from 'node:dns'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AwsClient, awsClient } from '@daypass/core/aws/client.ts'
import { AwsError } from '@daypass/core/aws/error.ts'
import { invokeFunction } from '@daypass/core/aws/invoke.ts'
import { secretReader } from '@daypass/core/aws/secrets.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { signRequest } from '../../support/sign.ts'

const NOW = Date.parse('2026-03-04T05:06:07Z')
const KEYS = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'example-secret', sessionToken: 'example-token' }

interface Arrived {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly port: number | undefined
}

let arrived: Arrived[] = []
let answers: ((response: ServerResponse) => unknown)[] = []
const server = createServer(async (request, response) => {
  const body = Buffer.concat(await Array.fromAsync(request)).toString()
  arrived.push({ path: request.url ?? '', headers: request.headers, body, port: request.socket.remotePort })
  const respond = answers.shift()
  if (respond) respond(response)
  else response.end('{"ok":true}')
})
let endpoint = ''
let client: AwsClient
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  arrived = []
  answers = []
  client = awsClient('dynamodb', { endpoint, region: 'eu-west-1', credentials: KEYS, clock: { now: () => NOW } })
  return () => client.close()
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

const says =
  (status: number, body: string, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    response.writeHead(status, headers).end(body)

describe('a call', () => {
  it('is signed, and sent whole', async () => {
    const { body } = await client.post({ headers: { 'x-amz-target': 'T' }, body: '{"text":"ä"}' })
    expect(body.toString()).toBe('{"ok":true}')
    const [sent] = arrived
    expect(sent?.body).toBe('{"text":"ä"}')
    const again = signRequest({
      ...KEYS,
      service: 'dynamodb',
      region: 'eu-west-1',
      now: NOW,
      method: 'POST',
      url: `${endpoint}/`,
      headers: { 'x-amz-target': 'T' },
      body: '{"text":"ä"}',
      contentSha256: true,
    })
    expect(sent?.headers.authorization).toBe(again.headers.authorization)
  })

  it('asks for its credentials each time', async () => {
    const credentials = vi.fn(async () => KEYS)
    const renewing = awsClient('dynamodb', { endpoint, region: 'eu-west-1', credentials })
    await renewing.post({ body: '{}' })
    await renewing.post({ body: '{}' })
    expect(credentials).toHaveBeenCalledTimes(2)
    renewing.close()
  })

  it('goes over the connection of the one before', async () => {
    await client.post({ body: '{}' })
    await client.post({ body: '{}' })
    expect(new Set(arrived.map(({ port }) => port)).size).toBe(1)
  })

  it('keeps the path that its endpoint has', async () => {
    const below = awsClient('dynamodb', { endpoint: `${endpoint}/aws/`, region: 'eu-west-1', credentials: KEYS })
    await below.post({ path: '/a', body: '{}' })
    expect(arrived[0]?.path).toBe('/aws/a')
    below.close()
  })

  it.each([
    [
      'the document',
      says(400, '{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException"}'),
      'ThrottlingException',
    ],
    [
      'the header, with an address behind it',
      says(404, '{}', { 'x-amzn-errortype': 'NotThere:http://x/#y' }),
      'NotThere',
    ],
    ['nowhere', says(503, '<html>'), 'UnknownError'],
    ['a redirect, which nobody follows', says(307, '', { location: 'http://127.0.0.1:1/' }), 'UnknownError'],
  ])('ends in the refusal that it met, named in %s', async (_where, respond, name) => {
    answers = [respond]
    await expect(client.post({ body: '{}' })).rejects.toMatchObject({ name })
    expect(arrived).toHaveLength(1)
  })

  it('tells a refusal with its status and id, and without the service’s words', async () => {
    answers = [says(400, '{"__type":"No","message":"quotes what was sent"}', { 'x-amzn-requestid': 'id-1' })]
    const error = await client.post({ body: '{}' }).catch((each: unknown) => each)
    expect(error).toBeInstanceOf(AwsError)
    expect(error).toMatchObject({ status: 400, requestId: 'id-1', message: 'AWS answered No' })
  })

  it.each([
    [
      'ends before its length',
      (r: ServerResponse) => r.writeHead(200, { 'content-length': 9 }).write('{}', () => r.destroy()),
    ],
    ['never begins', (r: ServerResponse) => r.destroy()],
  ])('is no success when its answer %s', async (_how, respond) => {
    answers = [respond]
    await expect(client.post({ body: '{}' })).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('waits a second for a connection and no longer', async () => {
    const nobodyKnows = vi.spyOn(dns, 'lookup').mockImplementation(() => {})
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const far = awsClient('lambda', { endpoint: 'http://aws.example', region: 'eu-west-1', credentials: KEYS })
      const refused = expect(far.post({ body: '{}' })).rejects.toMatchObject({ code: 'ETIMEDOUT' })
      await vi.waitUntil(() => vi.getTimerCount() > 0, { interval: 1 })
      await vi.advanceTimersByTimeAsync(1_000)
      await refused
    } finally {
      vi.useRealTimers()
      nobodyKnows.mockRestore()
    }
  })

  it('ends when it is given up', async () => {
    const giveUp = new AbortController()
    answers = [() => giveUp.abort()]
    await expect(client.post({ body: '{}', signal: giveUp.signal })).rejects.toMatchObject({ name: 'AbortError' })
  })
})

it('needs a region', () => {
  vi.stubEnv('AWS_REGION', undefined)
  expect(() => awsClient('dynamodb', { endpoint })).toThrow('AWS_REGION')
  vi.unstubAllEnvs()
})

describe('a secret', () => {
  const read = (arn: string) => secretReader({ endpoint, region: 'eu-west-1', credentials: KEYS })(arn)

  it('is read by its ARN', async () => {
    answers = [says(200, '{"SecretString":"text"}')]
    expect(await read('arn:1')).toBe('text')
    expect(arrived).toMatchObject([
      { body: '{"SecretId":"arn:1"}', headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' } },
    ])
  })

  it('is read again when the service failed', async () => {
    answers = [says(500, '{}'), says(200, '{"SecretString":"text"}')]
    expect(await read('arn:1')).toBe('text')
  })

  it.each([
    ['is refused', says(400, '{"__type":"AccessDeniedException"}'), 'AccessDeniedException'],
    ['holds bytes in place of text', says(200, '{"SecretBinary":"AA=="}'), 'no text'],
  ])('ends in an error when it %s', async (_how, respond, message) => {
    answers = [respond]
    await expect(read('arn:1')).rejects.toThrow(message)
    expect(arrived).toHaveLength(1)
  })
})

describe('a function', () => {
  it('is called by its ARN', async () => {
    answers = [says(200, '{"a":1}')]
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:f'
    expect(await invokeFunction(client, arn, { b: 2 })).toEqual({ payload: { a: 1 } })
    expect(arrived).toMatchObject([
      { path: `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`, body: '{"b":2}' },
    ])
    // Signed is the path encoded once more, as every service but S3 has it.
    const { headers } = signRequest({
      ...KEYS,
      service: 'dynamodb',
      region: 'eu-west-1',
      now: NOW,
      method: 'POST',
      url: `${endpoint}/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`,
      headers: { 'content-type': 'application/json' },
      body: '{"b":2}',
      contentSha256: true,
    })
    expect(arrived[0]?.headers.authorization).toBe(headers.authorization)
  })

  it.each([
    ['threw', says(200, '{"errorMessage":"x"}', { 'x-amz-function-error': 'Unhandled' }), 'Unhandled'],
    ['answered nothing', says(200, ''), 'it answered nothing'],
  ])('has failed when it %s', async (_how, respond, failed) => {
    answers = [respond]
    expect(await invokeFunction(client, 'f', {})).toEqual({ failed })
  })

  it('is not answered for when Lambda refuses to call it', async () => {
    answers = [says(403, '{"Message":"no"}', { 'x-amzn-errortype': 'AccessDeniedException' })]
    await expect(invokeFunction(client, 'f', {})).rejects.toThrow('AccessDeniedException')
  })
})
