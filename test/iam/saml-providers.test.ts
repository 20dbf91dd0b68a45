import { KIND } from '@daypass/core/store/keys.ts'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, credentialsOf } from '../support/deployment.ts'
import { type FakeIdp, makeFakeIdp } from '../support/fake-saml.ts'
import { type IamDeployment, iamDeployment, policy, ROOT } from '../support/iam.ts'

const arn = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:saml-provider/${name}`

let idp: FakeIdp
let renewed: FakeIdp
let daypass: IamDeployment
beforeAll(() => {
  idp = makeFakeIdp()
  renewed = makeFakeIdp()
})
beforeEach(async () => {
  daypass = await iamDeployment()
})

const create = (params: object = {}) =>
  daypass.iam(ROOT, 'CreateSAMLProvider', { Name: 'Corp', SAMLMetadataDocument: idp.metadata(), ...params })
const get = (name = 'Corp') => daypass.root('GetSAMLProvider', { SAMLProviderArn: arn(name) })
/** How many documents are kept. */
const documents = async () => (await daypass.deps.store.query(`${KIND.samlMetadata}#${ACCOUNT}`)).items.length

describe('CreateSAMLProvider', () => {
  it('answers the ARN, and the provider is told with its document', async () => {
    const { result } = await create({ Tags: [{ Key: 'k', Value: 'v' }] })
    expect(result).toEqual({ SAMLProviderArn: arn('Corp'), Tags: { member: [{ Key: 'k', Value: 'v' }] } })
    const { SAMLProviderUUID, ...told } = await get()
    expect(SAMLProviderUUID).toMatch(/^[A-Z0-9]{22,64}$/)
    expect(told).toMatchObject({
      SAMLMetadataDocument: idp.metadata().trim(),
      CreateDate: '2026-01-01T00:00:00Z',
      ValidUntil: '2126-01-01T00:00:00Z',
      Tags: { member: [{ Key: 'k', Value: 'v' }] },
    })
  })

  it('tells until when the metadata is valid', async () => {
    await create({ SAMLMetadataDocument: idp.metadata({ attributes: ' validUntil="2027-06-01T00:00:00Z"' }) })
    expect((await get()).ValidUntil).toBe('2027-06-01T00:00:00Z')
  })

  it('takes a document of 300 KB, as federations have them', async () => {
    const long = idp.metadata().replace('<md:IDPSSO', `<!--${'x'.repeat(290_000)}--><md:IDPSSO`)
    expect((await create({ SAMLMetadataDocument: long })).code).toBeUndefined()
    expect((await get()).SAMLMetadataDocument).toContain('x'.repeat(290_000))
  })

  it.each<[string, object, string]>([
    ['a name with a slash', { Name: 'a/b' }, 'ValidationError'],
    ['a name that is too long', { Name: 'x'.repeat(129) }, 'ValidationError'],
    ['no name', { Name: undefined }, 'ValidationError'],
    ['a document that is too short', { SAMLMetadataDocument: '<a></a>' }, 'ValidationError'],
    ['a document that is too long', { SAMLMetadataDocument: 'x'.repeat(307_201) }, 'ValidationError'],
    ['a document that is none', { SAMLMetadataDocument: 'x'.repeat(1000) }, 'InvalidInput'],
    ['a mode of encryption', { AssertionEncryptionMode: 'Allowed' }, 'InvalidInput'],
    ['a private key', { AddPrivateKey: 'x' }, 'InvalidInput'],
    ['a tag of AWS’s', { Tags: [{ Key: 'aws:x', Value: '' }] }, 'InvalidInput'],
  ])('refuses %s', async (_what, params, code) => {
    expect((await create(params)).code).toBe(code)
    expect(await documents()).toBe(0)
  })

  it('refuses a name that is taken, and keeps nothing of the second document', async () => {
    await create()
    expect((await create()).code).toBe('EntityAlreadyExists')
    expect(await documents()).toBe(1)
    expect((await create({ Name: 'corp' })).code).toBeUndefined()
  })

  it('lets one of several that come at the same time win', async () => {
    const codes = (await Promise.all(Array.from({ length: 5 }, () => create()))).map(({ code }) => code)
    expect(codes.filter((code) => code === undefined)).toHaveLength(1)
    expect(await documents()).toBe(1)
  })

  it('refuses the 101st', async () => {
    for (let n = 0; n < 100; n++) await create({ Name: `p${n}` })
    expect((await create({ Name: 'one-more' })).code).toBe('LimitExceeded')
  })
})

describe('ListSAMLProviders', () => {
  it('tells all of the account', async () => {
    await create()
    await create({ Name: 'Other' })
    const { SAMLProviderList } = await daypass.root('ListSAMLProviders')
    const dates = { CreateDate: '2026-01-01T00:00:00Z', ValidUntil: '2126-01-01T00:00:00Z' }
    expect(SAMLProviderList.member).toEqual([
      { Arn: arn('Corp'), ...dates },
      { Arn: arn('Other'), ...dates },
    ])
    expect((await daypass.root('GetAccountSummary')).SummaryMap.entry).toContainEqual({ key: 'Providers', value: '2' })
  })
})

describe('UpdateSAMLProvider', () => {
  const update = (params: object = {}) =>
    daypass.iam(ROOT, 'UpdateSAMLProvider', { SAMLProviderArn: arn('Corp'), ...params })

  it('puts new metadata in the place of the old, at once', async () => {
    await create({ SAMLMetadataDocument: idp.metadata({ attributes: ' validUntil="2027-06-01T00:00:00Z"' }) })
    const before = (await get()).SAMLProviderUUID
    expect((await update({ SAMLMetadataDocument: renewed.metadata() })).result).toEqual({
      SAMLProviderArn: arn('Corp'),
    })
    expect(await get()).toMatchObject({
      SAMLProviderUUID: before,
      SAMLMetadataDocument: renewed.metadata().trim(),
      ValidUntil: '2126-01-01T00:00:00Z',
    })
    expect(await documents()).toBe(1)
  })

  it('keeps one document of several that come at the same time', async () => {
    await create()
    const answers = await Promise.all(
      [renewed, idp, renewed].map((by) => update({ SAMLMetadataDocument: by.metadata() })),
    )
    expect(answers.map(({ code }) => code)).toEqual([undefined, undefined, undefined])
    expect(await documents()).toBe(1)
    expect((await get()).SAMLMetadataDocument).toBeDefined()
  })

  it('changes nothing without a document, and for one that is refused', async () => {
    await create()
    expect((await update()).code).toBeUndefined()
    expect((await update({ SAMLMetadataDocument: 'x'.repeat(1000) })).code).toBe('InvalidInput')
    expect((await update({ RemovePrivateKey: 'A'.repeat(22) })).code).toBe('InvalidInput')
    expect((await get()).SAMLMetadataDocument).toBe(idp.metadata().trim())
    expect(await documents()).toBe(1)
  })
})

describe('DeleteSAMLProvider', () => {
  it('removes the provider with its document, once', async () => {
    await create()
    expect((await daypass.iam(ROOT, 'DeleteSAMLProvider', { SAMLProviderArn: arn('Corp') })).code).toBeUndefined()
    expect(await documents()).toBe(0)
    expect((await daypass.iam(ROOT, 'DeleteSAMLProvider', { SAMLProviderArn: arn('Corp') })).code).toBe('NoSuchEntity')
  })
})

describe('tags of a SAML provider', () => {
  it('are set, changed, listed and removed', async () => {
    await create()
    const tagged = { SAMLProviderArn: arn('Corp') }
    await daypass.root('TagSAMLProvider', {
      ...tagged,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    })
    await daypass.root('TagSAMLProvider', { ...tagged, Tags: [{ Key: 'A', Value: '3' }] })
    await daypass.root('UntagSAMLProvider', { ...tagged, TagKeys: ['b'] })
    const { Tags } = await daypass.root('ListSAMLProviderTags', tagged)
    expect(Tags.member).toEqual([{ Key: 'A', Value: '3' }])
  })
})

describe('who may', () => {
  it.each<[string, object]>([
    ['GetSAMLProvider', {}],
    ['UpdateSAMLProvider', {}],
    ['DeleteSAMLProvider', {}],
    ['TagSAMLProvider', { Tags: [{ Key: 'a', Value: '1' }] }],
    ['UntagSAMLProvider', { TagKeys: ['a'] }],
    ['ListSAMLProviderTags', {}],
  ])('%s: whom a policy allows it on the provider, and for nothing but a provider', async (action, params) => {
    await create()
    const bob = await daypass.user('bob', { Action: `iam:${action}`, Resource: arn('Corp') })
    const call = (SAMLProviderArn: string) => daypass.iam(bob, action, { SAMLProviderArn, ...params })
    expect((await call(arn('Other'))).code).toBe('AccessDenied')
    expect((await call(arn('Corp'))).code).toBeUndefined()
    const missing = await daypass.iam(ROOT, action, { SAMLProviderArn: arn('Missing'), ...params })
    expect(missing.code).toBe('NoSuchEntity')
    const elsewhere = await daypass.iam(ROOT, action, { SAMLProviderArn: arn('Corp', '111122223333'), ...params })
    expect(elsewhere.code).toMatch(/AccessDenied|NoSuchEntity/)
    for (const wrong of [
      arn('a b'),
      `arn:aws:iam::${ACCOUNT}:oidc-provider/Corp`,
      `arn:aws:iam::${ACCOUNT}:role/Corp`,
    ]) {
      expect((await daypass.iam(ROOT, action, { SAMLProviderArn: wrong, ...params })).code).toBe('InvalidInput')
    }
  })

  it('create: whom a policy allows it, and with tags to tag too', async () => {
    const bob = await daypass.user('bob', { Action: 'iam:CreateSAMLProvider', Resource: arn('Corp') })
    const call = (params: object) =>
      daypass.iam(bob, 'CreateSAMLProvider', { SAMLMetadataDocument: idp.metadata(), Name: 'Corp', ...params })
    expect((await call({ Name: 'Other' })).code).toBe('AccessDenied')
    expect((await call({ Tags: [{ Key: 'a', Value: '1' }] })).code).toBe('AccessDenied')
    expect((await call({})).code).toBeUndefined()
    expect((await daypass.iam(bob, 'ListSAMLProviders')).code).toBe('AccessDenied')
  })
})

describe('a registered provider', () => {
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/R`
  const assume = (by = idp) =>
    daypass.post({
      Action: 'AssumeRoleWithSAML',
      RoleArn: roleArn,
      PrincipalArn: arn('Corp'),
      SAMLAssertion: by.response({ now: daypass.clock.now(), roles: [`${roleArn},${arn('Corp')}`] }),
    })
  beforeEach(async () => {
    await create()
    await daypass.root('CreateRole', {
      RoleName: 'R',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Principal: { Federated: arn('Corp') }, Action: 'sts:AssumeRoleWithSAML' },
      }),
    })
    daypass.clock.advance(1000)
  })
  const works = async (answer: Awaited<ReturnType<typeof assume>>) =>
    (await daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })).status === 200

  it('lets its users in until its metadata is another’s', async () => {
    const answer = await assume()
    expect(await works(answer)).toBe(true)
    await daypass.root('UpdateSAMLProvider', { SAMLProviderArn: arn('Corp'), SAMLMetadataDocument: renewed.metadata() })
    expect((await assume()).error?.Code).toBe('InvalidIdentityToken')
    expect((await assume(renewed)).status).toBe(200)
    // Sessions go by the provider, not by its keys.
    expect(await works(answer)).toBe(true)
  })

  it('takes its sessions with it, also when it is made anew under its name', async () => {
    const answer = await assume()
    daypass.clock.advance(1000)
    await daypass.root('DeleteSAMLProvider', { SAMLProviderArn: arn('Corp') })
    expect(await works(answer)).toBe(false)
    expect((await assume()).error?.Code).toBe('InvalidIdentityToken')
    await create()
    expect(await works(answer)).toBe(false)
    daypass.clock.advance(1000)
    expect(await works(await assume())).toBe(true)
  })

  it('stays known to the policies of the role, as AWS’s keys', async () => {
    await daypass.root('PutRolePolicy', {
      RoleName: 'R',
      PolicyName: 'own',
      PolicyDocument: policy({
        Action: 'iam:GetRole',
        Resource: '*',
        Condition: {
          StringEquals: {
            'saml:sub': 'alice@example.com',
            'saml:sub_type': 'persistent',
            'aws:FederatedProvider': arn('Corp'),
          },
          Null: { 'saml:aud': 'true' },
        },
      }),
    })
    const session = credentialsOf(await assume())
    expect((await daypass.iam(session, 'GetRole', { RoleName: 'R' })).code).toBeUndefined()
    expect((await daypass.iam(session, 'GetRole', { RoleName: 'Missing' })).code).toBe('NoSuchEntity')
    const bob = credentialsOf(
      await daypass.post({
        Action: 'AssumeRoleWithSAML',
        RoleArn: roleArn,
        PrincipalArn: arn('Corp'),
        SAMLAssertion: idp.response({
          now: daypass.clock.now(),
          subject: 'bob@example.com',
          roles: [`${roleArn},${arn('Corp')}`],
        }),
      }),
    )
    expect((await daypass.iam(bob, 'GetRole', { RoleName: 'R' })).code).toBe('AccessDenied')
  })
})
