import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Answer, credentialsOf, type Deployment, deploymentWith } from '../support/deployment.ts'
import { AWS_ENDPOINT, base64, ENTITY, type FakeIdp, makeFakeIdp, type SamlOptions } from '../support/fake-saml.ts'

const ROOT = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root-secret-root-secret-root-secret-0123' }
const MEMBER = '111122223333'
const provider = (name = 'Corp', account = ACCOUNT) => `arn:aws:iam::${account}:saml-provider/${name}`
const role = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`

let idp: FakeIdp
let other: FakeIdp
let daypass: Deployment
beforeAll(() => {
  idp = makeFakeIdp()
  other = makeFakeIdp({ entityId: 'https://other.example' })
})

const trust = (condition?: object, actions: readonly string[] = ['sts:AssumeRoleWithSAML'], by = provider()) => ({
  Version: '2012-10-17' as const,
  Statement: {
    Effect: 'Allow' as const,
    Principal: { Federated: by },
    Action: [...actions],
    ...(condition ? { Condition: condition } : {}),
  },
})
const account = () => ({
  id: ACCOUNT,
  rootAccessKey: { AccessKeyId: ROOT.accessKeyId, SecretAccessKey: ROOT.secretAccessKey },
  samlProviders: [
    { Name: 'Corp', SAMLMetadataDocument: idp.metadata() },
    { Name: 'Other', SAMLMetadataDocument: other.metadata() },
    { Name: 'Brief', SAMLMetadataDocument: idp.metadata({ attributes: ' validUntil="2026-01-01T00:00:01Z"' }) },
  ],
  roles: [
    { RoleName: 'any', AssumeRolePolicyDocument: trust(), MaxSessionDuration: 7200 },
    { RoleName: 'pathed', Path: '/team/', AssumeRolePolicyDocument: trust() },
    {
      RoleName: 'staff',
      AssumeRolePolicyDocument: trust({
        StringEquals: { 'SAML:aud': AWS_ENDPOINT, 'saml:iss': ENTITY, 'SAML:sub_type': 'persistent' },
        StringLike: { 'saml:sub': '*@example.com', 'saml:doc': `${ACCOUNT}/Corp` },
        'ForAnyValue:StringEquals': { 'saml:edupersonaffiliation': 'staff' },
      }),
    },
    {
      RoleName: 'tagged',
      AssumeRolePolicyDocument: trust({ StringEquals: { 'aws:RequestTag/Project': 'Automation' } }, [
        'sts:AssumeRoleWithSAML',
        'sts:TagSession',
        'sts:SetSourceIdentity',
      ]),
    },
    { RoleName: 'others', AssumeRolePolicyDocument: trust(undefined, ['sts:AssumeRoleWithSAML'], provider('Other')) },
    { RoleName: 'web', AssumeRolePolicyDocument: trust(undefined, ['sts:AssumeRoleWithWebIdentity']) },
    {
      RoleName: 'self',
      AssumeRolePolicyDocument: trust(),
      policies: {
        own: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Action: 'iam:GetRole',
            Resource: '*',
            Condition: { StringEquals: { 'saml:sub': 'alice@example.com' } },
          },
        },
      },
    },
  ],
})
const deploy = async (more: object = {}) => {
  daypass = await deploymentWith(more, account(), {
    id: MEMBER,
    roles: [{ RoleName: 'any', AssumeRolePolicyDocument: trust() }],
  })
}
beforeEach(() => deploy())

const everyRole = (names = ['any', 'staff', 'tagged', 'others', 'web', 'self', 'missing']) =>
  names.map((name) => `${role(name)},${provider()}`)
const assertion = (options: SamlOptions = {}, by = idp) =>
  by.response({ now: daypass.clock.now(), roles: everyRole(), ...options })
const assume = (options: SamlOptions = {}, params: Record<string, string> = {}) =>
  daypass.post({
    Action: 'AssumeRoleWithSAML',
    RoleArn: role('any'),
    PrincipalArn: provider(),
    SAMLAssertion: assertion(options),
    ...params,
  })
const refusal = ({ error, status }: Answer) => [error?.Code, status]
const who = async (answer: Answer) =>
  (await daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })).result?.Arn

describe('AssumeRoleWithSAML', () => {
  it.each(['assertion', 'response', 'both'] as const)(
    'takes a role with a response whose %s is signed',
    async (sign) => {
      const answer = await assume({ sign })
      expect(answer.status).toBe(200)
      expect(answer.body).toContain('<AssumeRoleWithSAMLResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">')
      const { Credentials, AssumedRoleUser, ...told } = answer.result
      expect(told).toMatchObject({
        Subject: 'alice@example.com',
        SubjectType: 'persistent',
        Issuer: ENTITY,
        Audience: AWS_ENDPOINT,
        // printf 'https://idp.example/saml000000000000/Corp' | openssl dgst -sha1 -binary | base64
        NameQualifier: 'VUvw+ZmqUyy5kcebA94H8bejeZc=',
      })
      expect(told).not.toHaveProperty('SourceIdentity')
      expect(Credentials.Expiration).toBe('2026-01-01T01:00:00Z')
      expect(AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/any/alice`)
      expect(await who(answer)).toBe(AssumedRoleUser.Arn)
    },
  )

  it('makes one read and one write', async () => {
    const before = daypass.trips.total()
    expect((await assume()).status).toBe(200)
    expect(daypass.trips.total() - before).toBe(2)
  })

  it('asks the trust policy about the identity', async () => {
    const staff = { attributes: { 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': ['member', 'staff'] } }
    const RoleArn = role('staff')
    expect((await assume(staff, { RoleArn })).status).toBe(200)
    for (const refused of [
      {},
      { ...staff, subject: 'alice@elsewhere.org' },
      { ...staff, format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' },
      { ...staff, recipient: 'https://eu-west-1.signin.aws.amazon.com/saml' },
      { attributes: { 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': ['student'] } },
    ]) {
      expect(refusal(await assume(refused, { RoleArn }))).toEqual(['AccessDenied', 403])
    }
  })

  it.each<[string, Record<string, string>, SamlOptions]>([
    ['does not exist', { RoleArn: role('missing') }, {}],
    ['is spelt in another case', { RoleArn: role('ANY') }, { roles: [`${role('ANY')},${provider()}`] }],
    ['has a path that was left out', { RoleArn: role('pathed') }, { roles: [`${role('pathed')},${provider()}`] }],
    ['is spelt in another case than the assertion has it', { RoleArn: role('ANY') }, {}],
    [
      'has a path that the assertion has',
      { RoleArn: role('pathed') },
      { roles: [`${role('team/pathed')},${provider()}`] },
    ],
    ['the assertion does not name', { RoleArn: role('any') }, { roles: everyRole(['staff']) }],
    ['the assertion names with another provider', {}, { roles: [`${role('any')},${provider('Other')}`] }],
    ['is named by an assertion without roles', {}, { roles: [] }],
    ['trusts another provider', { RoleArn: role('others') }, {}],
    ['trusts the provider for another action', { RoleArn: role('web') }, {}],
    ['is in another account', { RoleArn: role('any', MEMBER) }, { roles: [`${role('any', MEMBER)},${provider()}`] }],
    ['may not be tagged', {}, { attributes: { 'PrincipalTag:Project': ['Automation'] } }],
    ['may not be given a source identity', {}, { attributes: { SourceIdentity: ['alice'] } }],
    [
      'may not have that tag',
      { RoleArn: role('tagged') },
      { attributes: { 'PrincipalTag:Project': ['Other'], SourceIdentity: ['alice'] } },
    ],
  ])('refuses a role that %s, in the same words', async (_which, params, options) => {
    const answer = await assume(options, params)
    expect(refusal(answer)).toEqual(['AccessDenied', 403])
    expect(answer.error?.Message).toMatch(/^Not authorized to perform sts:AssumeRoleWithSAML/)
  })

  it('gives a role with a path by its whole ARN', async () => {
    const RoleArn = role('team/pathed')
    expect((await assume({ roles: [`${provider()},${RoleArn}`] }, { RoleArn })).status).toBe(200)
  })

  it('carries tags, transitive ones and a source identity', async () => {
    const answer = await assume(
      {
        attributes: {
          'PrincipalTag:Project': ['Automation'],
          TransitiveTagKeys: ['Project'],
          SourceIdentity: ['alice@example.com'],
        },
      },
      { RoleArn: role('tagged') },
    )
    expect(answer.result.SourceIdentity).toBe('alice@example.com')
    expect(Number(answer.result.PackedPolicySize)).toBeGreaterThan(0)
  })

  it.each<[string, SamlOptions, string]>([
    ['a flaw', { sign: 'none' }, 'InvalidIdentityToken'],
    ['another audience', { audience: 'urn:x' }, 'InvalidIdentityToken'],
    ['another key', {}, 'InvalidIdentityToken'],
    ['its time over', { issued: -301 }, 'ExpiredTokenException'],
  ])('refuses an assertion with %s, whatever the role: %s', async (what, options, code) => {
    const SAMLAssertion = assertion(options, what === 'another key' ? makeFakeIdp() : idp)
    for (const RoleArn of [role('any'), role('missing')]) {
      const answer = await assume({}, { SAMLAssertion, RoleArn })
      expect(refusal(answer)).toEqual([code, 400])
    }
  })

  it('refuses a provider that is not there, or is another', async () => {
    expect(refusal(await assume({}, { PrincipalArn: provider('Missing') }))).toEqual(['InvalidIdentityToken', 400])
    expect(refusal(await assume({}, { PrincipalArn: provider('corp') }))).toEqual(['InvalidIdentityToken', 400])
    expect(refusal(await assume({}, { PrincipalArn: provider('Corp', MEMBER) }))).toEqual(['InvalidIdentityToken', 400])
    expect(refusal(await assume({}, { PrincipalArn: provider('Other') }))).toEqual(['InvalidIdentityToken', 400])
    expect(refusal(await assume({}, { PrincipalArn: provider().replace('arn:aws:', 'arn:aws-cn:') }))).toEqual([
      'InvalidIdentityToken',
      400,
    ])
  })

  it('refuses what a provider asserts when its metadata is no longer valid', async () => {
    const brief = { PrincipalArn: provider('Brief') }
    const roles = [`${role('any')},${provider('Brief')}`]
    // The role trusts another provider: metadata is looked at first.
    expect(refusal(await assume({ roles }, brief))).toEqual(['AccessDenied', 403])
    daypass.clock.advance(1000)
    expect(refusal(await assume({ roles }, brief))).toEqual(['InvalidIdentityToken', 400])
  })

  it.each<[string, Record<string, string>]>([
    ['an ARN that is no role’s', { RoleArn: `arn:aws:iam::${ACCOUNT}:user/alice` }],
    ['an ARN that is no SAML provider’s', { PrincipalArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/Corp` }],
    ['a provider of another service', { PrincipalArn: `arn:aws:sts::${ACCOUNT}:saml-provider/Corp` }],
    ['a short duration', { DurationSeconds: '899' }],
    ['a longer duration than the role allows', { DurationSeconds: '7201' }],
    ['an assertion that is too long', { SAMLAssertion: 'A'.repeat(100_001) }],
    ['an assertion that is too short', { SAMLAssertion: 'AAA' }],
  ])('refuses %s', async (_what, params) => {
    expect(refusal(await assume({}, params))).toEqual(['ValidationError', 400])
  })

  it.each(['RoleArn', 'PrincipalArn', 'SAMLAssertion'])('asks for %s', async (name) => {
    const params = { RoleArn: role('any'), PrincipalArn: provider(), SAMLAssertion: assertion() }
    const rest = Object.fromEntries(Object.entries(params).filter(([key]) => key !== name))
    expect(refusal(await daypass.post({ Action: 'AssumeRoleWithSAML', ...rest }))).toEqual(['ValidationError', 400])
  })

  it.each([
    ['that is no base64', 'not base64!', 'it is no base64'],
    ['of the URL alphabet', Buffer.from('\u00fb\u00ff'.repeat(9)).toString('base64url'), 'it is no base64'],
    ['with text behind the padding', `${base64('<a></a>  ')}AA==x`, 'it is no base64'],
    ['that is no UTF-8', Buffer.from([0x3c, 0xff, 0xfe, 0x3e]).toString('base64'), 'it is no valid UTF-8'],
  ])('refuses an assertion %s', async (_what, SAMLAssertion, flaw) => {
    const answer = await assume({}, { SAMLAssertion })
    expect(refusal(answer)).toEqual(['InvalidIdentityToken', 400])
    expect(answer.error?.Message).toContain(flaw)
  })

  it('takes base64 in lines, as mail and shells make of it', async () => {
    const SAMLAssertion = `${assertion().replace(/.{76}/g, '$&\r\n')}\n`
    expect((await assume({}, { SAMLAssertion })).status).toBe(200)
  })

  it.each<[string, SamlOptions, Record<string, string>, string]>([
    ['as long as asked', {}, { DurationSeconds: '900' }, '00:15:00'],
    ['beyond an hour, as asked', {}, { DurationSeconds: '7200' }, '02:00:00'],
    ['as long as the provider asks', { attributes: { SessionDuration: ['1800'] } }, {}, '00:30:00'],
    [
      'as long as asked, before the provider',
      { attributes: { SessionDuration: ['1800'] } },
      { DurationSeconds: '900' },
      '00:15:00',
    ],
    ['no longer than the session at the provider', { sessionUntil: 600 }, {}, '00:10:00'],
    ['no longer than that, whatever is asked', { sessionUntil: 600 }, { DurationSeconds: '7200' }, '00:10:00'],
    ['an hour within a longer one', { sessionUntil: 36_000 }, {}, '01:00:00'],
  ])('lasts %s', async (_what, options, params, expected) => {
    expect((await assume(options, params)).result.Credentials.Expiration).toBe(`2026-01-01T${expected}Z`)
  })

  it('keeps the session within the policies that were passed', async () => {
    const Policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}'
    expect((await assume({}, { Policy })).status).toBe(200)
    expect(refusal(await assume({}, { Policy: '{' }))).toEqual(['MalformedPolicyDocument', 400])
    expect(refusal(await assume({}, { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/Missing' }))[0]).toBe(
      'ValidationError',
    )
  })

  it('writes the assertion’s hash into the audit record, and never the assertion', async () => {
    const SAMLAssertion = assertion()
    await assume({}, { SAMLAssertion })
    expect(JSON.stringify(daypass.logged)).not.toContain(SAMLAssertion.slice(100, 160))
    expect(daypass.logged.at(-1)).toMatchObject({
      provider: provider(),
      subject: 'alice@example.com',
      role: role('any'),
      claimedIssuer: ENTITY,
    })
    expect(String(daypass.logged.at(-1)?.tokenSha256)).toMatch(/^[0-9a-f]{64}$/)
  })

  it('writes no more of a claimed issuer than a registered one could have', async () => {
    await assume({}, { SAMLAssertion: assertion({ entityId: 'x'.repeat(9000) }) })
    expect(daypass.logged.at(-1)).toMatchObject({ outcome: 'refused', claimedIssuer: 'x'.repeat(1024) })
  })

  it('never tells a caller what an assertion said', async () => {
    for (const options of [
      { audience: 'urn:secret' },
      { attributes: { RoleSessionName: ['secret secret'] } },
      { subject: '' },
    ]) {
      expect((await assume(options)).body).not.toContain('secret')
    }
  })
})

describe('an assertion', () => {
  it('may be used again while it is valid, as in AWS', async () => {
    const SAMLAssertion = assertion()
    expect((await assume({}, { SAMLAssertion })).status).toBe(200)
    expect((await assume({}, { SAMLAssertion, RoleArn: role('self') })).status).toBe(200)
    daypass.clock.advance(301_000)
    expect(refusal(await assume({}, { SAMLAssertion }))).toEqual(['ExpiredTokenException', 400])
  })

  describe('that may be used once', () => {
    beforeEach(() => deploy({ saml: { endpoints: [], use: 'once' } }))

    it('is refused the second time, for whatever role, in any form', async () => {
      const SAMLAssertion = assertion()
      const before = daypass.trips.total()
      expect((await assume({}, { SAMLAssertion })).status).toBe(200)
      expect(daypass.trips.total() - before).toBe(3)
      expect(refusal(await assume({}, { SAMLAssertion }))).toEqual(['InvalidIdentityToken', 400])
      const spelt = base64(`${Buffer.from(SAMLAssertion, 'base64')}\n`)
      expect(refusal(await assume({}, { SAMLAssertion: spelt, RoleArn: role('self') }))).toEqual([
        'InvalidIdentityToken',
        400,
      ])
      expect((await assume({ assertionId: '_another' })).status).toBe(200)
    })

    it('is good for one of many that bring it at the same time', async () => {
      const SAMLAssertion = assertion()
      const answers = await Promise.all(Array.from({ length: 8 }, () => assume({}, { SAMLAssertion })))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    })

    it('is not spent by a refusal', async () => {
      const SAMLAssertion = assertion()
      expect(refusal(await assume({}, { SAMLAssertion, RoleArn: role('others') }))[0]).toBe('AccessDenied')
      expect(refusal(await assume({}, { SAMLAssertion, DurationSeconds: '7201' }))[0]).toBe('ValidationError')
      expect((await assume({}, { SAMLAssertion })).status).toBe(200)
    })
  })

  it('may be for an endpoint of the deployment’s own where that is set', async () => {
    const own = 'https://sts.example/saml'
    expect(refusal(await assume({ recipient: own, audience: own }))).toEqual(['InvalidIdentityToken', 400])
    await deploy({ saml: { endpoints: [own], use: 'while-valid' } })
    expect((await assume({ recipient: own, audience: own })).result.Audience).toBe(own)
  })
})

describe('sessions of SAML', () => {
  const revoke = (ProviderArn: string) => daypass.signed(ROOT, { Action: 'RevokeSessions', ProviderArn })

  it('end when the provider’s sessions are revoked, and others do not', async () => {
    const answer = await assume()
    expect((await revoke(provider('Other'))).status).toBe(200)
    expect(await who(answer)).toBeDefined()
    expect((await revoke(provider())).status).toBe(200)
    expect(await who(answer)).toBeUndefined()
    daypass.clock.advance(1000)
    expect(await who(await assume())).toBeDefined()
  })

  it('are revoked by the name of a provider that is there', async () => {
    expect(refusal(await revoke(provider('Missing')))).toEqual(['NoSuchEntity', 404])
    expect(refusal(await revoke(provider('a b')))).toEqual(['ValidationError', 400])
  })

  it('keep the claims for a decision webhook', async () => {
    await deploy({ keepClaims: true })
    expect((await assume()).status).toBe(200)
  })
})
