import { issuerKeyPartition } from '@daypass/core/store/keys.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, credentialsOf } from '../support/deployment.ts'
import { type FakeIssuer, startFakeIssuer } from '../support/fake-issuer.ts'
import { type IamDeployment, iamDeployment, members, policy, ROOT } from '../support/iam.ts'

const arn = (name: string) => `arn:aws:iam::${ACCOUNT}:oidc-provider/${name}`
const PRINT = 'a'.repeat(40)

let daypass: IamDeployment

beforeEach(async () => {
  daypass = await iamDeployment()
})

const create = (Url: string, params = {}) => daypass.iam(ROOT, 'CreateOpenIDConnectProvider', { Url, ...params })
const made = async (Url: string, params = {}): Promise<string> =>
  (await daypass.root('CreateOpenIDConnectProvider', { Url, ...params })).OpenIDConnectProviderArn
const get = (OpenIDConnectProviderArn: string) => daypass.root('GetOpenIDConnectProvider', { OpenIDConnectProviderArn })

describe('CreateOpenIDConnectProvider', () => {
  it('answers the ARN, and the provider is told without its https', async () => {
    const { result } = await create('https://idp.example/realms/demo', {
      ClientIDList: ['app', 'other', 'app'],
      ThumbprintList: [PRINT],
      Tags: [{ Key: 'k', Value: 'v' }],
    })
    expect(result).toEqual({
      OpenIDConnectProviderArn: arn('idp.example/realms/demo'),
      Tags: { member: [{ Key: 'k', Value: 'v' }] },
    })
    expect(await get(result.OpenIDConnectProviderArn)).toEqual({
      Url: 'idp.example/realms/demo',
      ClientIDList: { member: ['app', 'other'] },
      ThumbprintList: { member: [PRINT] },
      CreateDate: '2026-01-01T00:00:00Z',
      Tags: { member: [{ Key: 'k', Value: 'v' }] },
    })
  })

  it.each([
    ['http://localhost:8080/auth/realms/demo', 'localhost:8080/auth/realms/demo'],
    ['https://[::1]:8443', '[::1]:8443'],
    ['https://idp.example:443/', 'idp.example:443/'],
    ['https://idp.example/@tenant', 'idp.example/@tenant'],
  ])('takes %s', async (url, name) => {
    expect(await made(url)).toBe(arn(name))
  })

  it('tells that a provider is reached without TLS', async () => {
    expect((await get(await made('http://localhost:8080/x'))).Url).toBe('http://localhost:8080/x')
  })

  it.each([
    ['idp.example', 'InvalidInput'],
    ['ftp://idp.example', 'InvalidInput'],
    ['https://', 'InvalidInput'],
    ['https:///path', 'InvalidInput'],
    ['https://idp.example?tenant=a', 'InvalidInput'],
    ['https://idp.example/#a', 'InvalidInput'],
    ['https://user@idp.example', 'InvalidInput'],
    ['https://user:secret@idp.example', 'InvalidInput'],
    ['https://idp.example\\@other.example', 'InvalidInput'],
    ['https://*.example', 'InvalidInput'],
    ['https://%69dp.example', 'InvalidInput'],
    ['https://idp.example/ä', 'InvalidInput'],
    ['https://idp.example/a b', 'InvalidInput'],
    ['https://idp.example\n', 'InvalidInput'],
    ['https://IDP.example', 'InvalidInput'],
    ['https://aws', 'InvalidInput'],
    ['http://sts', 'InvalidInput'],
    [`https://${'x'.repeat(248)}`, 'ValidationError'],
  ])('refuses the URL %j', async (url, code) => {
    expect((await create(url)).code).toBe(code)
    expect(members((await daypass.root('ListOpenIDConnectProviders')).OpenIDConnectProviderList)).toEqual([])
  })

  it.each(['https://idp.example', 'http://idp.example'])(
    'refuses %s when it is there, whatever its scheme',
    async (url) => {
      await made('https://idp.example', { ClientIDList: ['first'] })
      const answer = await create(url)
      expect([answer.status, answer.code, answer.message]).toEqual([
        409,
        'EntityAlreadyExists',
        `Provider with url ${url} already exists.`,
      ])
      expect((await get(arn('idp.example'))).ClientIDList).toEqual({ member: ['first'] })
      expect(await made(`${url}/`)).toBe(arn('idp.example/'))
    },
  )

  it.each([
    ['101 client ids', { ClientIDList: Array.from({ length: 101 }, (_, n) => `app${n}`) }, 'LimitExceeded'],
    ['100 client ids', { ClientIDList: Array.from({ length: 100 }, (_, n) => `app${n}`) }, undefined],
    ['an empty client id', { ClientIDList: [''] }, 'ValidationError'],
    ['a client id of 256 characters', { ClientIDList: ['x'.repeat(256)] }, 'ValidationError'],
    ['a thumbprint of 39 digits', { ThumbprintList: ['a'.repeat(39)] }, 'ValidationError'],
    ['a thumbprint that is not hexadecimal', { ThumbprintList: ['g'.repeat(40)] }, 'InvalidInput'],
    ['six thumbprints', { ThumbprintList: Array.from({ length: 6 }, () => PRINT) }, 'InvalidInput'],
    [
      'a tag key twice',
      {
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'A', Value: '' },
        ],
      },
      'InvalidInput',
    ],
  ])('answers to %s: %s', async (_what, params, code) => {
    expect((await create('https://idp.example', params)).code).toBe(code)
  })

  it('makes one provider of two that are asked for at the same moment', async () => {
    const answers = await Promise.all([create('https://idp.example'), create('http://idp.example')])
    expect(answers.map(({ code }) => code).sort()).toEqual(['EntityAlreadyExists', undefined])
  })

  it('stops at 100 providers', async () => {
    for (let n = 0; n < 100; n++) await made(`https://idp${n}.example`)
    expect((await create('https://more.example')).code).toBe('LimitExceeded')
    expect(members((await daypass.root('ListOpenIDConnectProviders')).OpenIDConnectProviderList)).toHaveLength(100)
  })
})

describe('client ids and thumbprints', () => {
  let OpenIDConnectProviderArn: string
  beforeEach(async () => {
    OpenIDConnectProviderArn = await made('https://idp.example', { ClientIDList: ['app'] })
  })
  const clientIds = async () => members((await get(OpenIDConnectProviderArn)).ClientIDList)
  const add = (ClientID: string) =>
    daypass.iam(ROOT, 'AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn, ClientID })
  const remove = (ClientID: string) =>
    daypass.iam(ROOT, 'RemoveClientIDFromOpenIDConnectProvider', { OpenIDConnectProviderArn, ClientID })

  it('are added and removed, again without harm', async () => {
    for (const id of ['other', 'other']) expect((await add(id)).code).toBeUndefined()
    expect(await clientIds()).toEqual(['app', 'other'])
    for (const id of ['app', 'app']) expect((await remove(id)).code).toBeUndefined()
    expect(await clientIds()).toEqual(['other'])
  })

  it('stop at 100', async () => {
    await Promise.all(Array.from({ length: 5 }, (_, n) => add(`same moment ${n}`)))
    expect(await clientIds()).toHaveLength(6)
    for (let n = 6; n < 100; n++) await add(`app${n}`)
    expect((await add('more')).code).toBe('LimitExceeded')
    expect((await add('app')).code).toBeUndefined()
  })

  it('take the place of the thumbprints before', async () => {
    const update = (ThumbprintList: string[]) =>
      daypass.iam(ROOT, 'UpdateOpenIDConnectProviderThumbprint', { OpenIDConnectProviderArn, ThumbprintList })
    expect((await update([PRINT, 'B'.repeat(40)])).code).toBeUndefined()
    expect(members((await get(OpenIDConnectProviderArn)).ThumbprintList)).toEqual([PRINT, 'B'.repeat(40)])
    expect((await update(['x'.repeat(40)])).code).toBe('InvalidInput')
  })

  it('has tags', async () => {
    await daypass.root('TagOpenIDConnectProvider', {
      OpenIDConnectProviderArn,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    })
    const page = await daypass.root('ListOpenIDConnectProviderTags', { OpenIDConnectProviderArn, MaxItems: 1 })
    expect([members(page.Tags), page.IsTruncated]).toEqual([[{ Key: 'a', Value: '1' }], 'true'])
    await daypass.root('UntagOpenIDConnectProvider', { OpenIDConnectProviderArn, TagKeys: ['a'] })
    expect(members((await get(OpenIDConnectProviderArn)).Tags)).toEqual([{ Key: 'b', Value: '2' }])
  })
})

describe('the right to', () => {
  it.each([
    ['GetOpenIDConnectProvider', {}],
    ['DeleteOpenIDConnectProvider', {}],
    ['AddClientIDToOpenIDConnectProvider', { ClientID: 'x' }],
    ['RemoveClientIDFromOpenIDConnectProvider', { ClientID: 'x' }],
    ['UpdateOpenIDConnectProviderThumbprint', { ThumbprintList: [PRINT] }],
    ['TagOpenIDConnectProvider', { Tags: [{ Key: 'a', Value: '' }] }],
    ['UntagOpenIDConnectProvider', { TagKeys: ['a'] }],
    ['ListOpenIDConnectProviderTags', {}],
  ])('%s is asked for before it is told whether the provider exists', async (action, params) => {
    await made('https://there.example')
    const neighbour = await daypass.user('neighbour', { Action: 'iam:*', Resource: arn('other.example') })
    const allowed = await daypass.user('allowed', { Action: `iam:${action}`, Resource: arn('*') })
    for (const name of ['there.example', 'none.example']) {
      const all = { OpenIDConnectProviderArn: arn(name), ...params }
      expect((await daypass.iam(neighbour, action, all)).code).toBe('AccessDenied')
      expect((await daypass.iam(allowed, action, all)).code).not.toBe('AccessDenied')
    }
  })

  it.each([
    ['CreateOpenIDConnectProvider', { Url: 'https://new.example' }],
    ['ListOpenIDConnectProviders', {}],
  ])('%s is asked for', async (action, params) => {
    const nobody = await daypass.user('nobody', { Action: 'iam:Get*' })
    const allowed = await daypass.user('allowed', { Action: `iam:${action}` })
    expect((await daypass.iam(nobody, action, params)).code).toBe('AccessDenied')
    expect((await daypass.iam(allowed, action, params)).code).toBeUndefined()
  })

  it.each([
    ['no ARN', 'x'.repeat(20), 'InvalidInput'],
    ['a role’s ARN', `arn:aws:iam::${ACCOUNT}:role/abc`, 'InvalidInput'],
    ['another account’s provider', 'arn:aws:iam::111122223333:oidc-provider/idp.example', 'NoSuchEntity'],
    ['another partition', arn('idp.example').replace('aws', 'aws-cn'), 'NoSuchEntity'],
    ['another path', arn('idp.example/'), 'NoSuchEntity'],
  ])('anything is not told of %s', async (_what, OpenIDConnectProviderArn, code) => {
    await made('https://idp.example')
    expect((await daypass.iam(ROOT, 'GetOpenIDConnectProvider', { OpenIDConnectProviderArn })).code).toBe(code)
  })
})

describe('a provider that is deleted', () => {
  let issuer: FakeIssuer
  beforeAll(async () => {
    issuer = await startFakeIssuer()
  })
  afterAll(() => issuer.close())

  const name = () => issuer.url.replace('http://', '')
  const seconds = () => Math.floor(daypass.clock.now() / 1000)
  const exchange = () =>
    daypass.post({
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/web`,
      RoleSessionName: 'alice',
      WebIdentityToken: issuer.sign({ sub: 'alice', aud: 'app', iat: seconds(), exp: seconds() + 3600 }),
    })
  const isAlive = async (answer: Awaited<ReturnType<typeof exchange>>) =>
    (await daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })).status === 200
  const storedKeys = async () => (await daypass.deps.store.query(issuerKeyPartition(ACCOUNT, name()))).items.length
  const remove = () => daypass.root('DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: arn(name()) })

  beforeEach(async () => {
    await made(issuer.url, { ClientIDList: ['app'] })
    await daypass.root('CreateRole', {
      RoleName: 'web',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Federated: arn(name()) },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringEquals: { [`${name()}:sub`]: 'alice' } },
        },
      }),
    })
  })

  it('lets nobody in, and takes its sessions and its issuer’s keys with it', async () => {
    const session = await exchange()
    expect([await isAlive(session), (await storedKeys()) > 1]).toEqual([true, true])
    await remove()
    expect([await isAlive(session), await storedKeys()]).toEqual([false, 0])
    expect((await exchange()).status).not.toBe(200)
    await remove()
  })

  it('does not come back with the sessions and keys of before, not even in the same second', async () => {
    const session = await exchange()
    daypass.clock.advance(1)
    await remove()
    await daypass.deps.store.put({ pk: issuerKeyPartition(ACCOUNT, name()), sk: 'list', keys: [] })
    daypass.clock.advance(1)
    await made(issuer.url, { ClientIDList: ['app'] })
    expect([await isAlive(session), await storedKeys()]).toEqual([false, 0])
    expect(await isAlive(await exchange())).toBe(true)
  })

  it('may be gone for those who may not know it', async () => {
    const bob = await daypass.user('bob')
    const OpenIDConnectProviderArn = arn('none.example')
    expect((await daypass.iam(bob, 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn })).code).toBe(
      'AccessDenied',
    )
  })
})

it('has Ceph’s names in a Ceph-style account', async () => {
  daypass = await iamDeployment({ id: '' })
  const Url = 'http://localhost:8080/auth/realms/demo'
  expect(await made(Url, { ClientIDList: ['app-profile-jsp'], ThumbprintList: [PRINT] })).toBe(
    'arn:aws:iam:::oidc-provider/localhost:8080/auth/realms/demo',
  )
  expect((await get('arn:aws:iam:::oidc-provider/localhost:8080/auth/realms/demo')).Url).toBe(Url)
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: ['arn:aws:iam:::oidc-provider/localhost:8080/auth/realms/demo'] },
        Action: ['sts:AssumeRoleWithWebIdentity'],
        Condition: { StringEquals: { 'localhost:8080/auth/realms/demo:app_id': 'app-profile-jsp' } },
      },
    ],
  })
  const { Role } = await daypass.root('CreateRole', {
    RoleName: 'S3Access',
    Path: '/',
    AssumeRolePolicyDocument: document,
  })
  expect(Role.Arn).toBe('arn:aws:iam:::role/S3Access')
  await daypass.root('PutRolePolicy', {
    RoleName: 'S3Access',
    PolicyName: 'P',
    PolicyDocument: policy({ Action: 's3:*' }),
  })
})
