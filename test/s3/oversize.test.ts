import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { S3Request, S3Service } from '../../functions/s3/port.ts'
import { s3Service } from '../../functions/s3/service.ts'
import { behind } from './support/backings.ts'
import { type Gateway, startGateway } from './support/gateway.ts'
import { send } from './support/raw.ts'

const LIMIT = 10

let origin: Gateway
let gateway: Gateway
let service: S3Service
beforeAll(async () => {
  origin = await startGateway()
  gateway = await startGateway(behind(origin.endpoint))
  await send(gateway, { method: 'PUT', path: '/bkt' })
  await send(gateway, { method: 'PUT', path: '/bkt/fits', body: 'a'.repeat(LIMIT) })
  await send(gateway, { method: 'PUT', path: "/bkt/la%20r/g'e%2B%C3%A9", body: 'hello world' })
  service = limited(gateway, ['curl/'])
})
afterAll(async () => {
  await gateway.close()
  await origin.close()
})

const limited = ({ buckets, objects }: Gateway, redirected: readonly string[]): S3Service => {
  const quiet = () => undefined
  return s3Service({
    answers: { bytes: LIMIT, redirected },
    authenticate: async () => ({ content: () => expect.fail('no body is read') }),
    authenticateForm: async () => expect.fail('no form is read'),
    authorize: async () => ({ allowed: true }),
    bindPolicy: async () => expect.fail('no policy is set'),
    isAccount: async () => expect.fail('no ACL is set'),
    now: () => Date.now(),
    buckets,
    objects,
    log: { info: quiet, warn: quiet, error: quiet },
  })
}

const LARGE = "/bkt/la%20r/g'e%2B%C3%A9"
const get = async (path: string, headers: Record<string, string> = {}, by = service) => {
  const [rawPath = '', rawQuery = ''] = path.split('?')
  const request: S3Request = {
    method: 'GET',
    rawPath,
    rawQuery,
    headers,
    sourceIp: '127.0.0.1',
    secure: true,
    requestId: randomUUID(),
    body: (async function* () {})(),
  }
  const { body, ...answer } = await by.handle(request)
  const text =
    typeof body === 'object' && Symbol.asyncIterator in body
      ? Buffer.concat(await Array.fromAsync(body)).toString()
      : String(body)
  return { ...answer, text }
}

describe('an object of more than one answer can carry', () => {
  it.each([
    ['a whole of just that size', '/bkt/fits', {}, 200],
    ['a range of it', LARGE, { range: 'bytes=0-9' }, 206],
  ])('is no concern of %s', async (_what, path, headers, status) => {
    expect((await get(path, headers)).status).toBe(status)
  })

  it.each([
    ['whole', {}],
    ['in a range that is too long', { range: 'bytes=0-10' }],
    ['whole by a client that is not known to follow', { 'user-agent': 'aws-cli/2 curl/8' }],
  ])('is refused %s, with the way to read it', async (_how, headers) => {
    const { status, text } = await get(LARGE, headers)
    expect(status).toBe(400)
    expect(text).toMatch(/<Code>InvalidRequest<\/Code>.*carries 10 bytes at most. Read the object in ranges/)
  })

  it('is found at the store itself, for a minute, by a client that is known to follow', async () => {
    const { status, headers } = await get(LARGE, { 'user-agent': 'curl/8.5.0' })
    expect([status, headers['cache-control']]).toEqual([307, 'no-store'])
    const location = new URL(headers.location ?? '')
    expect([location.origin, location.searchParams.get('X-Amz-Expires')]).toEqual([origin.endpoint, '60'])
    expect(await (await fetch(location)).text()).toBe('hello world')
    expect((await fetch(location, { method: 'DELETE' })).status).toBe(403)
    const altered = new URL(String(location).replace('la%20r', 'other'))
    expect((await fetch(altered)).status).toBe(403)
    const part = await fetch(location, { headers: { range: 'bytes=6-10' } })
    expect(await part.text()).toBe('world')
  })

  it('is refused to all where nobody is named, and where the store has no address', async () => {
    expect((await get(LARGE, { 'user-agent': 'curl/8' }, limited(gateway, []))).status).toBe(400)
    expect((await get(LARGE, { 'user-agent': '' }, limited(gateway, ['']))).status).toBe(400)
    await send(origin, { method: 'PUT', path: '/bkt/big', body: 'hello world', as: 'AKIDBOB' })
    expect((await get('/bkt/big', { 'user-agent': 'curl/8' }, limited(origin, ['curl/']))).status).toBe(400)
  })
})
