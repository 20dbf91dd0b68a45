import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Gateway, type Rule, startGateway } from './support/gateway.ts'
import { element, send } from './support/raw.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway()
  await send(gateway, { method: 'PUT', path: '/alices' })
  await send(gateway, { method: 'PUT', path: '/alices/there', body: 'secret' })
  await send(gateway, { method: 'PUT', path: '/bobs', as: 'AKIDBOB' })
})
afterAll(() => gateway.close())

const everything: Rule = () => true
const nothing: Rule = () => false
const only =
  (...actions: string[]): Rule =>
  (_caller, { action }) =>
    actions.includes(action)

beforeEach(() => {
  gateway.allow(everything)
  gateway.asked.length = 0
})

describe('an operation', () => {
  it.each([
    ['GET', '/', 's3:ListAllMyBuckets', 'arn:aws:s3:::*'],
    ['PUT', '/alices', 's3:CreateBucket', 'arn:aws:s3:::alices'],
    ['HEAD', '/alices', 's3:ListBucket', 'arn:aws:s3:::alices'],
    ['GET', '/alices?location', 's3:GetBucketLocation', 'arn:aws:s3:::alices'],
    ['GET', '/alices', 's3:ListBucket', 'arn:aws:s3:::alices'],
    ['GET', '/alices?list-type=2', 's3:ListBucket', 'arn:aws:s3:::alices'],
    ['GET', '/alices/there', 's3:GetObject', 'arn:aws:s3:::alices/there'],
    ['HEAD', '/alices/there', 's3:GetObject', 'arn:aws:s3:::alices/there'],
    ['PUT', '/alices/new', 's3:PutObject', 'arn:aws:s3:::alices/new'],
    ['DELETE', '/alices/new', 's3:DeleteObject', 'arn:aws:s3:::alices/new'],
    ['GET', '/alices/..%2Fbobs%2Fx', 's3:GetObject', 'arn:aws:s3:::alices/../bobs/x'],
    ['DELETE', '/alices', 's3:DeleteBucket', 'arn:aws:s3:::alices'],
  ])('%s %s needs %s on %s', async (method, path, action, resource) => {
    await send(gateway, { method, path })
    expect(gateway.asked[0]).toMatchObject({ action, resource })
    if (path !== '/') expect(gateway.asked[0]?.resourceAccount).toBe('111111111111')
    gateway.allow((_caller, request) => request.action !== action)
    const refused = await send(gateway, { method, path, as: 'AKIDBOB' })
    // Whoever may list a bucket still sees it in the list of all.
    if (path !== '/') expect(refused.status).toBe(403)
    gateway.allow(nothing)
    expect((await send(gateway, { method, path })).status).toBe(403)
  })

  it('does nothing when it is refused', async () => {
    gateway.allow(nothing)
    await send(gateway, { method: 'PUT', path: '/alices/there', body: 'overwritten' })
    await send(gateway, { method: 'DELETE', path: '/alices/there' })
    await send(gateway, { method: 'PUT', path: '/alices/unwanted', body: 'x' })
    await send(gateway, { method: 'PUT', path: '/unwanted' })
    gateway.allow(everything)
    expect((await send(gateway, { path: '/alices/there' })).body).toBe('secret')
    expect((await send(gateway, { path: '/alices/unwanted' })).status).toBe(404)
    expect((await send(gateway, { path: '/unwanted' })).status).toBe(404)
  })

  it('tells the policies what it lists', async () => {
    await send(gateway, { path: '/alices?list-type=2&prefix=home%2F&delimiter=%2F&max-keys=7' })
    const { context } = gateway.asked[0] ?? {}
    expect(context?.get('s3:prefix')).toEqual(['home/'])
    expect(context?.get('s3:delimiter')).toEqual(['/'])
    expect(context?.get('s3:max-keys')).toEqual(['7'])
  })

  it('tells an empty prefix from none', async () => {
    await send(gateway, { path: '/alices?prefix=' })
    await send(gateway, { path: '/alices' })
    expect(gateway.asked.map(({ context }) => context.get('s3:prefix'))).toEqual([[''], undefined])
  })

  it('tells the policies where a bucket is to be and what an upload asks for', async () => {
    const body =
      '<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>'
    await send(gateway, { method: 'PUT', path: '/in-ireland', body })
    expect(gateway.asked[0]?.context.get('s3:LocationConstraint')).toEqual(['eu-west-1'])
    await send(gateway, { method: 'PUT', path: '/alices/once', body: 'x', headers: { 'if-none-match': '*' } })
    expect(gateway.asked[1]?.context.get('s3:if-none-match')).toEqual(['*'])
  })

  it('takes no condition key, and no address, from a header that claims one', async () => {
    await send(gateway, { path: '/alices/there', headers: { prefix: 'home/', 'x-forwarded-for': '10.0.0.1' } })
    const { context, head } = gateway.asked[0] ?? {}
    expect([...(context?.keys() ?? [])].sort()).toEqual([
      's3:ResourceAccount',
      's3:authType',
      's3:signatureversion',
      's3:x-amz-content-sha256',
    ])
    expect(head?.sourceIp).toBe('127.0.0.1')
  })
})

describe('a missing object', () => {
  it.each(['GET', 'HEAD'])('is not told from a hidden one by %s to who may not list', async (method) => {
    gateway.allow(only('s3:GetObject'))
    expect((await send(gateway, { method, path: '/alices/missing' })).status).toBe(403)
    expect((await send(gateway, { method, path: '/alices/there' })).status).toBe(200)
    gateway.allow(only('s3:GetObject', 's3:ListBucket'))
    expect((await send(gateway, { method, path: '/alices/missing' })).status).toBe(404)
    gateway.allow(only('s3:ListBucket'))
    expect((await send(gateway, { method, path: '/alices/missing' })).status).toBe(403)
    expect((await send(gateway, { method, path: '/alices/there' })).status).toBe(403)
  })
})

describe('a bucket', () => {
  it('that is missing is told as missing, as S3 does', async () => {
    gateway.allow(nothing)
    const answer = await send(gateway, { path: '/nowhere/k' })
    expect([answer.status, element(answer, 'Code'), element(answer, 'BucketName')]).toEqual([
      404,
      'NoSuchBucket',
      'nowhere',
    ])
  })

  it('of another account keeps its name, and is neither listed nor removed by others', async () => {
    gateway.allow((caller, { resourceAccount }) => caller?.account === (resourceAccount ?? caller?.account))
    const taken = await send(gateway, { method: 'PUT', path: '/bobs' })
    expect([taken.status, element(taken, 'Code')]).toEqual([409, 'BucketAlreadyExists'])
    expect((await send(gateway, { method: 'DELETE', path: '/bobs' })).status).toBe(403)
    expect((await send(gateway, { path: '/' })).body).not.toContain('bobs')
  })

  it.each([
    ['111111111111', 200],
    ['222222222222', 403],
    ['', 403],
  ])('expected of account %s answers %i', async (owner, status) => {
    const headers = { 'x-amz-expected-bucket-owner': owner }
    expect((await send(gateway, { path: '/alices/there', headers })).status).toBe(status)
  })
})

describe('the list of buckets', () => {
  it('shows all of the account to who may list them all', async () => {
    gateway.allow(only('s3:ListAllMyBuckets'))
    const { body } = await send(gateway, { path: '/' })
    expect(body).toContain('<Name>alices</Name>')
    expect(body).toContain('<Name>in-ireland</Name>')
    expect(body).not.toContain('bobs')
  })

  it('shows to anyone else the buckets that they may list', async () => {
    gateway.allow((_caller, { action, resource }) => action === 's3:ListBucket' && resource === 'arn:aws:s3:::alices')
    const { body, status } = await send(gateway, { path: '/' })
    expect(status).toBe(200)
    expect(body.match(/<Name>/g)).toHaveLength(1)
    expect(body).toContain('<Name>alices</Name>')
  })

  it.each([
    ['who may list none', 'AKIDALICE'],
    ['an anonymous caller', null],
  ] as const)('is refused to %s', async (_who, as) => {
    if (as !== null) gateway.allow(only('s3:GetObject'))
    const answer = await send(gateway, { path: '/', as })
    expect([answer.status, element(answer, 'Code')]).toEqual([403, 'AccessDenied'])
  })

  it('comes in pages', async () => {
    const first = await send(gateway, { path: '/?max-buckets=1' })
    expect(first.body).toContain('<Name>alices</Name>')
    const token = element(first, 'ContinuationToken') ?? ''
    const second = await send(gateway, { path: `/?continuation-token=${token}` })
    expect(second.body).not.toContain('<Name>alices</Name>')
    expect(second.body).toContain('<Name>in-ireland</Name>')
    expect(element(second, 'ContinuationToken')).toBeUndefined()
    expect((await send(gateway, { path: '/?continuation-token=rubbish' })).status).toBe(400)
  })
})

describe('an anonymous caller', () => {
  it('has what the resource policy grants, and makes no bucket whatever is granted', async () => {
    gateway.allow((caller) => caller === undefined)
    expect((await send(gateway, { path: '/alices/there', as: null })).body).toBe('secret')
    expect((await send(gateway, { method: 'PUT', path: '/anonymous', as: null })).status).toBe(403)
    gateway.allow((caller) => caller !== undefined)
    expect((await send(gateway, { path: '/alices/there', as: null })).status).toBe(403)
  })

  it('may not choose headers of the answer', async () => {
    const path = '/alices/there?response-content-type=text%2Fhtml'
    expect((await send(gateway, { path, as: null })).status).toBe(400)
    expect((await send(gateway, { path })).headers['content-type']).toBe('text/html')
  })
})
