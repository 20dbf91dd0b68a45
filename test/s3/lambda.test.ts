import { readdirSync, readFileSync } from 'node:fs'
import { PassThrough, type Writable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type FunctionUrlEvent,
  lambdaHandler,
  type StreamingRuntime,
  toS3Request,
} from '../../functions/s3/lambda-adapter.ts'
import type { S3Service } from '../../functions/s3/port.ts'
import { type Gateway, startGateway } from './support/gateway.ts'
import { openObject } from './support/open-object.ts'
import { send } from './support/raw.ts'

const EVENTS = new URL('../../events/', import.meta.url)
const eventOf = (name: string): FunctionUrlEvent => JSON.parse(readFileSync(new URL(name, EVENTS), 'utf8'))

/** Runs a handler as the Lambda runtime does, and gathers what it streams. */
async function invoke(service: S3Service, event: FunctionUrlEvent) {
  const stream = new PassThrough()
  let head: { statusCode: number; headers: Readonly<Record<string, string>> } | undefined
  const runtime: StreamingRuntime = {
    streamifyResponse: (handler) => handler,
    HttpResponseStream: {
      from(to, given) {
        head = given
        return to
      },
    },
  }
  const handler = lambdaHandler(service, runtime) as (event: FunctionUrlEvent, stream: Writable) => Promise<void>
  const [body] = await Promise.all([Array.fromAsync(stream as AsyncIterable<Buffer>), handler(event, stream)])
  return { ...head, body: Buffer.concat(body) }
}

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
  await send(gateway, { method: 'PUT', path: '/public-pages' })
  await send(gateway, { method: 'PUT', path: '/public-inbox' })
  gateway.allow((caller, { resourceAccount }) => caller !== undefined || resourceAccount !== undefined)
  await send(gateway, { method: 'PUT', path: '/public-pages/caf%C3%A9/..%2Findex.html', body: 'a page' })
})
afterAll(() => gateway.close())

it.each([
  ['s3.get-object.anonymous.json', 200, 'a page'],
  ['s3.put-object.anonymous.json', 200, ''],
  ['s3.list-buckets.anonymous.json', 403, undefined],
])('%s answers %i', async (name, status, body) => {
  const answer = await invoke(gateway.service, eventOf(name))
  expect(answer.statusCode).toBe(status)
  if (body !== undefined) expect(answer.body.toString()).toBe(body)
})

it('replays every S3 event', () => {
  expect(readdirSync(EVENTS).filter((name) => name.startsWith('s3'))).toEqual([
    's3.get-object.anonymous.json',
    's3.list-buckets.anonymous.json',
    's3.put-object.anonymous.json',
  ])
})

it('keeps an upload byte for byte, under the key as it was sent', async () => {
  await invoke(gateway.service, eventOf('s3.put-object.anonymous.json'))
  const bucket = await gateway.buckets.find('public-inbox')
  const opened = bucket && (await openObject(gateway.objects, bucket, 'a//b'))
  const content = Buffer.concat(await Array.fromAsync((await opened?.read()) ?? []))
  expect(content.toString('hex')).toBe('0001fffe')
})

it('states the body’s length when the event does not, and takes no address from a header', () => {
  const event = eventOf('s3.put-object.anonymous.json')
  const forged = { ...event.headers, 'x-forwarded-for': '10.0.0.1' }
  expect(toS3Request({ ...event, headers: forged, cookies: ['a=1', 'b=2'] })).toMatchObject({
    rawPath: '/public-inbox/a%2F%2Fb',
    sourceIp: '203.0.113.7',
    secure: true,
    headers: { 'content-length': '4', cookie: 'a=1; b=2' },
  })
})

it('fails the invocation when a body fails half-way', async () => {
  const failing = async function* () {
    yield Buffer.from('half')
    throw new Error('the store is gone')
  }
  const service: S3Service = { handle: async () => ({ status: 200, headers: {}, body: failing() }) }
  await expect(invoke(service, eventOf('s3.get-object.anonymous.json'))).rejects.toThrow('the store is gone')
})
