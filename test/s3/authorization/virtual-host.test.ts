import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bucketOfHost } from '../../../functions/s3/virtual-host.ts'
import { sendRaw, type Wish } from './support/raw-request.ts'
import { DOMAIN, startWorld, type World } from './support/world.ts'

let world: World
let bucket: string
let other: string
beforeAll(async () => {
  world = await startWorld()
  bucket = await world.bucket('ourroot')
  other = await world.bucket('ourroot')
})
afterAll(() => world.close())

const send = (wish: Wish) => sendRaw(world.gateway.endpoint, wish)
const root = () => world.credentials('ourroot')

describe('a bucket’s own host', () => {
  it.each([
    ['in lower case', (b: string) => `${b}.${DOMAIN}`],
    ['in upper case', (b: string) => `${b}.${DOMAIN}`.toUpperCase()],
    ['with a port', (b: string) => `${b}.${DOMAIN}:9500`],
  ])('%s serves its objects', async (_form, host) => {
    const headers = { host: host(bucket) }
    expect((await send({ path: '/k', headers, as: root() })).body).toBe('content')
    expect((await send({ path: '/?list-type=2', headers, as: root() })).body).toContain('<Key>k</Key>')
    const put = await send({ method: 'PUT', path: '/a/b', body: 'new', headers, as: root() })
    expect(put.status).toBe(200)
    expect((await send({ path: `/${bucket}/a/b`, as: root() })).body).toBe('new')
  })

  it('keeps a key that looks like a bucket a key', async () => {
    const headers = { host: `${bucket}.${DOMAIN}` }
    expect((await send({ path: `/${other}/k`, headers, as: root() })).code).toBe('NoSuchKey')
  })

  it('of the domain itself serves paths', async () => {
    expect((await send({ path: `/${bucket}/k`, headers: { host: DOMAIN }, as: root() })).status).toBe(200)
  })

  it('presigned serves that bucket and no other', async () => {
    const wish = { path: '/k', headers: { host: `${bucket}.${DOMAIN}` }, as: root(), presigned: 600 }
    expect((await send(wish)).status).toBe(200)
    const moved = { ...wish, tamper: hostTo(`${other}.${DOMAIN}`) }
    expect((await send(moved)).code).toBe('SignatureDoesNotMatch')
  })
})

const hostTo =
  (host: string) =>
  ({ path, headers }: { path: string; headers: readonly (readonly [string, string])[] }) => ({
    path,
    headers: headers.map(([name, value]) => [name, name === 'host' ? host : value] as const),
  })

describe('a signed request', () => {
  it.each([
    ['to another bucket’s host', () => `${other}.${DOMAIN}`],
    ['from a path to a bucket’s host', () => `${bucket}.${DOMAIN}`],
    ['to a host of nobody', () => 'evil.test'],
  ])('cannot be moved %s', async (_where, host) => {
    const answer = await send({ path: '/k', headers: { host: `x.${DOMAIN}` }, as: root(), tamper: hostTo(host()) })
    expect([answer.status, answer.code]).toEqual([403, 'SignatureDoesNotMatch'])
  })

  it.each(['x-forwarded-host', 'x-host', 'forwarded', 'x-original-host'])('names no bucket by %s', async (name) => {
    const headers = { [name]: `${bucket}.${DOMAIN}` }
    expect((await send({ path: '/k', headers, as: root() })).code).toBe('InvalidBucketName')
  })
})

describe('a host', () => {
  it.each([
    ['bkt.s3.test', 'bkt'],
    ['a.b.s3.test:80', 'a.b'],
    ['s3.test', undefined],
    ['xs3.test', undefined],
    ['bkt.s3.test.evil', undefined],
    ['evil.test', undefined],
    ['.s3.test', ''],
    [undefined, undefined],
  ])('%s names the bucket %s', (host, expected) => {
    expect(bucketOfHost(host, ['s3.test'])).toBe(expected)
  })

  it('of a bucket without a name is refused', async () => {
    expect((await send({ path: '/k', headers: { host: `.${DOMAIN}` }, as: root() })).code).toBe('InvalidBucketName')
  })

  it('is a domain of its own before it is a bucket of a shorter one', () => {
    expect(bucketOfHost('eu.s3.test', ['s3.test', 'eu.s3.test'])).toBeUndefined()
    expect(bucketOfHost('b.eu.s3.test', ['s3.test', 'eu.s3.test'])).toBe('b')
    expect(bucketOfHost('b.eu.s3.test', ['eu.s3.test', 's3.test'])).toBe('b')
  })
})
