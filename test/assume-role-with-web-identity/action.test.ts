import { hash } from 'node:crypto'
import { accountKey, oidcProviderKey, roleKey, sessionKey } from '@daypass/core/store/keys.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, credentialsOf, type Deployment, deployment } from '../support/deployment.ts'
import { type FakeIssuer, type SignOptions, startFakeIssuer } from '../support/fake-issuer.ts'

const CLIENT = 'app'
const S3_FULL = 'arn:aws:iam::aws:policy/AmazonS3FullAccess'

let issuer: FakeIssuer
let name: string
let daypass: Deployment

const now = () => Math.floor(daypass.clock.now() / 1000)
const provider = (account = ACCOUNT) => `arn:aws:iam::${account}:oidc-provider/${name}`
const arn = (role: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${role}`
const sign = (claims: Record<string, unknown> = {}, options: SignOptions = {}) =>
  issuer.sign({ sub: 'alice', aud: CLIENT, iat: now(), exp: now() + 3600, ...claims }, options)

function trust(condition: Record<string, unknown> = {}, actions: string[] = [], account = ACCOUNT) {
  return {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: provider(account) },
      Action: ['sts:AssumeRoleWithWebIdentity', ...actions],
      ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
    },
  }
}

const assume = (params: Record<string, string> = {}) =>
  daypass.post({
    Action: 'AssumeRoleWithWebIdentity',
    RoleArn: arn('reader'),
    RoleSessionName: 'alice-session',
    WebIdentityToken: params.WebIdentityToken ?? sign(),
    ...params,
  })

const identityOf = async (answer: Awaited<ReturnType<typeof assume>>) =>
  daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })

beforeAll(async () => {
  issuer = await startFakeIssuer()
  name = issuer.url.replace('http://', '')
})
afterAll(() => issuer.close())

beforeEach(async () => {
  daypass = await deployment({
    id: ACCOUNT,
    openIdConnectProviders: [{ Url: issuer.url, ClientIDList: [CLIENT] }],
    policies: [
      {
        PolicyName: 'limit',
        PolicyDocument: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' } },
      },
    ],
    roles: [
      { RoleName: 'reader', AssumeRolePolicyDocument: trust({ StringEquals: { [`${name}:sub`]: 'alice' } }) },
      { RoleName: 'long', MaxSessionDuration: 43_200, Path: '/teams/a/', AssumeRolePolicyDocument: trust() },
      { RoleName: 'tagged', AssumeRolePolicyDocument: trust({}, ['sts:TagSession']) },
      { RoleName: 'sourced', AssumeRolePolicyDocument: trust({}, ['sts:SetSourceIdentity']) },
      {
        RoleName: 'other-issuer',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/other.example` },
            Action: 'sts:AssumeRoleWithWebIdentity',
          },
        },
      },
    ],
  })
})

describe('AssumeRoleWithWebIdentity', () => {
  it('gives credentials whose holder is the role session', async () => {
    const answer = await assume()
    expect(answer.status).toBe(200)
    const { Credentials, AssumedRoleUser, SubjectFromWebIdentityToken, Audience, Provider } = answer.result
    expect(Credentials.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
    expect(Credentials.SecretAccessKey).toMatch(/^[A-Za-z0-9]{40}$/)
    expect(Credentials.SessionToken.length).toBeLessThan(1024)
    expect(Credentials.Expiration).toBe('2026-01-01T01:00:00Z')
    expect(AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/reader/alice-session`)
    expect(AssumedRoleUser.AssumedRoleId).toMatch(/^AROA[A-Z2-7]{17}:alice-session$/)
    expect([SubjectFromWebIdentityToken, Audience, Provider]).toEqual(['alice', CLIENT, issuer.url])
    const caller = await identityOf(answer)
    expect(caller.result).toEqual({
      UserId: AssumedRoleUser.AssumedRoleId,
      Account: ACCOUNT,
      Arn: AssumedRoleUser.Arn,
    })
  })

  it('makes one read of everything that decides and one write, once the keys of the issuer are at hand', async () => {
    await assume()
    const before = { ...daypass.trips.trips }
    await assume({
      'PolicyArns.member.1.arn': arn('limit').replace('role', 'policy'),
      Policy: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}',
    })
    const after = daypass.trips.trips
    const made = Object.fromEntries(
      Object.entries(after).map(([kind, count]) => [kind, count - before[kind as keyof typeof before]]),
    )
    expect(made).toEqual({ get: 0, getMany: 1, put: 1, update: 0, remove: 0, query: 0 })
  })

  it('is answered on its own path, by GET, and with the token file’s newline', async () => {
    const params = {
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: arn('reader'),
      RoleSessionName: 'alice',
      WebIdentityToken: `${sign()}\n`,
    }
    expect((await daypass.post(params, { path: '/AssumeRoleWithWebIdentity' })).status).toBe(200)
    const rawQuery = new URLSearchParams(params).toString()
    expect((await daypass.handle({ method: 'GET', rawQuery })).status).toBe(200)
    expect((await daypass.handle({ method: 'POST', rawQuery })).status).toBe(200)
  })

  it.each([
    ['a role that is not there', { RoleArn: () => arn('nobody') }],
    ['a role of another account', { RoleArn: () => arn('reader', '111111111111') }, 'InvalidIdentityToken', 400],
    ['a role that trusts another provider', { RoleArn: () => arn('other-issuer') }],
    ['a role whose condition the subject does not meet', { WebIdentityToken: () => sign({ sub: 'mallory' }) }],
    ['a role named in another case', { RoleArn: () => arn('READER') }],
    ['a role named without its path', { RoleArn: () => arn('long') }],
    [
      'a role that does not let a session be tagged',
      { WebIdentityToken: () => sign({ 'https://aws.amazon.com/tags': { principal_tags: { team: ['a'] } } }) },
    ],
    [
      'a role that does not let a source identity be set',
      { WebIdentityToken: () => sign({ 'https://aws.amazon.com/source_identity': 'alice' }) },
    ],
  ] as const)(
    'refuses %s',
    async (_what, overrides: Record<string, () => string>, code: string = 'AccessDenied', status: number = 403) => {
      const params = Object.fromEntries(Object.entries(overrides).map(([key, value]) => [key, value()]))
      const { error, status: got } = await assume(params)
      expect([error?.Code, got]).toEqual([code, status])
      if (code === 'AccessDenied')
        expect(error?.Message).toBe('Not authorized to perform sts:AssumeRoleWithWebIdentity')
    },
  )

  it('finds a role by its whole path', async () => {
    expect((await assume({ RoleArn: arn('teams/a/long') })).result.AssumedRoleUser.Arn).toBe(
      `arn:aws:sts::${ACCOUNT}:assumed-role/long/alice-session`,
    )
  })

  it.each([
    ['no role', { RoleArn: '' }, /roleArn/],
    ['no session name', { RoleSessionName: '' }, /roleSessionName/],
    ['what is no ARN', { RoleArn: 'reader-of-things-that-matter' }, /ARN|arn/],
    [
      'a role name of 2,000 characters',
      { RoleArn: `arn:aws:iam::${ACCOUNT}:role/${'r'.repeat(1900)}` },
      /must name a role/,
    ],
    [
      'a policy name of 2,000 characters',
      { 'PolicyArns.member.1.arn': `arn:aws:iam::${ACCOUNT}:policy/${'p'.repeat(1900)}` },
      /PolicyArns/,
    ],
    ['the ARN of a user', { RoleArn: `arn:aws:iam::${ACCOUNT}:user/alice` }, /must name a role/],
    ['the ARN of another service', { RoleArn: `arn:aws:s3::${ACCOUNT}:role/reader` }, /must name a role/],
    ['899 seconds', { DurationSeconds: '899' }, /durationSeconds/],
    ['43,201 seconds', { DurationSeconds: '43201' }, /durationSeconds/],
    ['more than the role allows', { DurationSeconds: '3601' }, /MaxSessionDuration/],
    ['a session name of one character', { RoleSessionName: 'a' }, /roleSessionName/],
    ['a session name with a space', { RoleSessionName: 'a b' }, /roleSessionName/],
    [
      'a policy of another account',
      { 'PolicyArns.member.1.arn': 'arn:aws:iam::111111111111:policy/limit' },
      /PolicyArns/,
    ],
    [
      'a policy that does not exist',
      { 'PolicyArns.member.1.arn': `arn:aws:iam::${ACCOUNT}:policy/none` },
      /PolicyArns/,
    ],
  ])('refuses %s as a ValidationError', async (_what, params, message) => {
    const given = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== ''))
    const base = {
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: arn('reader'),
      RoleSessionName: 'alice',
      WebIdentityToken: sign(),
    }
    const kept = Object.fromEntries(
      Object.entries({ ...base, ...given }).filter(([key]) => (params as Record<string, string>)[key] !== ''),
    )
    const { error, status } = await daypass.post(kept)
    expect([error?.Code, status]).toEqual(['ValidationError', 400])
    expect(error?.Message).toMatch(message)
  })

  it.each([900, 3600])('grants %d seconds to a role of one hour', async (seconds) => {
    const { result } = await assume({ DurationSeconds: String(seconds) })
    expect(Date.parse(result.Credentials.Expiration)).toBe(daypass.clock.now() + seconds * 1000)
  })

  it('grants twelve hours to a role that allows them', async () => {
    const { result } = await assume({ RoleArn: arn('teams/a/long'), DurationSeconds: '43200' })
    expect(Date.parse(result.Credentials.Expiration)).toBe(daypass.clock.now() + 43_200_000)
  })

  it.each([
    ['is of no registered issuer', () => sign({ iss: 'https://elsewhere.example' }), 'InvalidIdentityToken'],
    [
      'is of an issuer that can be none',
      () => sign({ iss: `https://${'a'.repeat(2000)}.example` }),
      'InvalidIdentityToken',
    ],
    ['is of an issuer without a name', () => sign({ iss: 'http://' }), 'InvalidIdentityToken'],
    ['names a key at great length', () => sign({}, { kid: 'k'.repeat(9000) }), 'InvalidIdentityToken'],
    ['is for another client', () => sign({ aud: 'other' }), 'InvalidIdentityToken'],
    ['is over', () => sign({ exp: now() }), 'ExpiredTokenException'],
    ['has no subject', () => sign({ sub: undefined }), 'InvalidIdentityToken'],
    [
      'was altered',
      () =>
        sign().replace(
          /\.([^.]+)\./,
          (_all, payload: string) =>
            `.${Buffer.from(Buffer.from(payload, 'base64url').toString().replace('alice', 'malic')).toString('base64url')}.`,
        ),
      'InvalidIdentityToken',
    ],
    ['has lost its signature', () => sign().replace(/[^.]+$/, ''), 'InvalidIdentityToken'],
    [
      'is unsigned',
      () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${sign().split('.')[1]}.`,
      'InvalidIdentityToken',
    ],
    ['is no token', () => 'abcd', 'InvalidIdentityToken'],
  ])('refuses a token that %s', async (_flaw, token, code) => {
    const unverified = token()
    const { error, status, body } = await assume({ WebIdentityToken: unverified })
    expect([error?.Code, status]).toEqual([code, 400])
    expect(body).not.toContain(unverified.split('.')[1] ?? unverified)
  })

  it('refuses a provider by its former name after it was taken out of the table', async () => {
    await assume()
    await daypass.deps.store.remove(oidcProviderKey(ACCOUNT, name))
    expect((await assume()).error?.Code).toBe('InvalidIdentityToken')
  })

  it('writes one audit record for each exchange, with neither token nor secret', async () => {
    const token = sign()
    const answer = await assume({ WebIdentityToken: token })
    await assume({ WebIdentityToken: token, RoleArn: arn('other-issuer') })
    const [granted, refused] = daypass.logged.filter(({ event }) => event === 'exchange')
    expect(granted).toMatchObject({
      action: 'AssumeRoleWithWebIdentity',
      outcome: 'granted',
      provider: provider(),
      subject: 'alice',
      role: arn('reader'),
      accessKeyId: answer.result.Credentials.AccessKeyId,
      tokenSha256: hash('sha256', token),
    })
    expect(refused).toMatchObject({
      outcome: 'refused',
      code: 'AccessDenied',
      subject: 'alice',
      role: arn('other-issuer'),
    })
    const everything = JSON.stringify(daypass.logged)
    const { SecretAccessKey, SessionToken } = answer.result.Credentials
    for (const secret of [token, token.split('.')[2] ?? token, SecretAccessKey, SessionToken])
      expect(everything).not.toContain(secret)
  })
})

describe('a session', () => {
  it('keeps the token’s tags and source identity when the role lets it', async () => {
    const tags = { principal_tags: { team: ['red'], cost: ['1'] }, transitive_tag_keys: ['team'] }
    const tagged = await assume({
      RoleArn: arn('tagged'),
      WebIdentityToken: sign({ 'https://aws.amazon.com/tags': tags }),
    })
    const sourced = await assume({
      RoleArn: arn('sourced'),
      WebIdentityToken: sign({ 'https://aws.amazon.com/source_identity': 'alice' }),
    })
    expect(tagged.result.PackedPolicySize).toBe('1')
    expect(sourced.result.SourceIdentity).toBe('alice')
    const row = await daypass.deps.store.get(sessionKey(tagged.result.Credentials.AccessKeyId))
    expect(row).toMatchObject({
      tags: [
        ['team', 'red'],
        ['cost', '1'],
      ],
      transitiveTagKeys: ['team'],
    })
  })

  it('keeps of the claims only sub, aud and azp', async () => {
    const answer = await assume({ WebIdentityToken: sign({ azp: CLIENT, email: 'alice@example.com' }) })
    const row = await daypass.deps.store.get(sessionKey(answer.result.Credentials.AccessKeyId))
    expect(row?.claims).toEqual([
      ['sub', 'alice'],
      ['aud', CLIENT],
      ['azp', CLIENT],
    ])
  })

  it('holds no secret in the clear in the table', async () => {
    const answer = await assume()
    const row = await daypass.deps.store.get(sessionKey(answer.result.Credentials.AccessKeyId))
    expect(JSON.stringify(row)).not.toContain(answer.result.Credentials.SecretAccessKey)
    expect(JSON.stringify(row)).not.toContain(answer.result.Credentials.SessionToken)
  })

  it('ends at its time, to the second', async () => {
    const answer = await assume({ DurationSeconds: '900' })
    daypass.clock.advance(899_999)
    expect((await identityOf(answer)).status).toBe(200)
    daypass.clock.advance(1)
    const { error, status } = await identityOf(answer)
    expect([error?.Code, status]).toEqual(['ExpiredToken', 403])
  })

  const mark = () => ({ set: { revokedBefore: daypass.clock.now() } })
  it.each([
    ['its role is gone', () => daypass.deps.store.remove(roleKey(ACCOUNT, 'reader'))],
    [
      'its role was made anew',
      () => daypass.deps.store.update(roleKey(ACCOUNT, 'reader'), { set: { roleId: 'AROAAAAAAAAAAAAAAAAAA' } }),
    ],
    ['its role’s sessions were revoked', () => daypass.deps.store.update(roleKey(ACCOUNT, 'reader'), mark())],
    ['its provider’s sessions were revoked', () => daypass.deps.store.update(oidcProviderKey(ACCOUNT, name), mark())],
    ['its provider is gone', () => daypass.deps.store.remove(oidcProviderKey(ACCOUNT, name))],
    [
      'its provider was registered anew',
      () => daypass.deps.store.update(oidcProviderKey(ACCOUNT, name), { set: { createdAt: now() + 1 } }),
    ],
    ['its account’s sessions were revoked', () => daypass.deps.store.update(accountKey(ACCOUNT), mark())],
    ['its account is gone', () => daypass.deps.store.remove(accountKey(ACCOUNT))],
  ])('ends when %s', async (_what, change) => {
    const answer = await assume()
    expect((await identityOf(answer)).status).toBe(200)
    await change()
    const { error, status } = await identityOf(answer)
    expect([error?.Code, status]).toEqual(['InvalidClientTokenId', 403])
  })

  it.each([
    ['has no record', (id: string) => daypass.deps.store.remove(sessionKey(id))],
    ['was revoked', (id: string) => daypass.deps.store.update(sessionKey(id), { set: { revokedAt: 1 } })],
    [
      'has a record of another key',
      (id: string) => daypass.deps.store.update(sessionKey(id), { set: { accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' } }),
    ],
    [
      'has a record of another role',
      (id: string) => daypass.deps.store.update(sessionKey(id), { set: { roleName: 'tagged' } }),
    ],
    [
      'has a record of another account',
      (id: string) => daypass.deps.store.update(sessionKey(id), { set: { account: '1' } }),
    ],
    [
      'has a record of another provider',
      (id: string) => daypass.deps.store.update(sessionKey(id), { set: { provider: 'other.example' } }),
    ],
    [
      'has another secret in its record',
      (id: string) => daypass.deps.store.update(sessionKey(id), { set: { sealedSecret: 'AAAA' } }),
    ],
  ])('is refused when it %s', async (_what, change) => {
    const answer = await assume()
    await change(answer.result.Credentials.AccessKeyId)
    expect((await identityOf(answer)).error?.Code).toBe('InvalidClientTokenId')
  })

  it('that was issued after a revocation is honoured', async () => {
    await daypass.deps.store.update(roleKey(ACCOUNT, 'reader'), mark())
    daypass.clock.advance(1)
    expect((await identityOf(await assume())).status).toBe(200)
  })

  it('is refused with another session’s token, key id or secret', async () => {
    const [one, other] = [credentialsOf(await assume()), credentialsOf(await assume())]
    const who = (credentials: typeof one) => daypass.signed(credentials, { Action: 'GetCallerIdentity' })
    expect((await who(one)).status).toBe(200)
    expect((await who({ ...one, sessionToken: other.sessionToken })).error?.Code).toBe('InvalidClientTokenId')
    expect((await who({ ...one, accessKeyId: other.accessKeyId })).error?.Code).toBe('InvalidClientTokenId')
    expect((await who({ ...one, secretAccessKey: other.secretAccessKey })).error?.Code).toBe('SignatureDoesNotMatch')
    const { sessionToken: _none, ...withoutToken } = one
    expect((await who(withoutToken as typeof one)).error?.Code).toBe('InvalidClientTokenId')
  })

  it('is verified with one read, and a forged token with none', async () => {
    const credentials = credentialsOf(await assume())
    const before = daypass.trips.total()
    await daypass.signed(credentials, { Action: 'GetCallerIdentity' })
    expect(daypass.trips.total() - before).toBe(1)
    await daypass.signed(
      { ...credentials, sessionToken: `${credentials.sessionToken.slice(0, -2)}AA` },
      { Action: 'GetCallerIdentity' },
    )
    expect(daypass.trips.total() - before).toBe(1)
  })
})

describe('session policies', () => {
  const S3_GET = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}'

  it('are kept and told by their packed size', async () => {
    const { result } = await assume({ Policy: S3_GET, 'PolicyArns.member.1.arn': S3_FULL })
    expect(result.PackedPolicySize).toBe('2')
    const row = await daypass.deps.store.get(sessionKey(result.Credentials.AccessKeyId))
    expect(row).toMatchObject({ sessionPolicy: S3_GET, sessionPolicyArns: [S3_FULL] })
  })

  it('are refused when they are no policy', async () => {
    const { error, status } = await assume({ Policy: '{"Version":"2012-10-17"}' })
    expect([error?.Code, status]).toEqual(['MalformedPolicyDocument', 400])
  })

  it.each([
    [10_240, undefined],
    [10_241, 'PackedPolicyTooLarge'],
  ])('of %d characters end in %s', async (length, code) => {
    const { error } = await assume({ Policy: S3_GET + ' '.repeat(length - S3_GET.length) })
    expect(error?.Code).toBe(code)
  })

  it('may have ten ARNs and not eleven', async () => {
    const arns = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`PolicyArns.member.${i + 1}.arn`, S3_FULL]))
    expect((await assume(arns(10))).status).toBe(200)
    expect((await assume(arns(11))).error?.Code).toBe('ValidationError')
  })
})

describe('two providers on one host', () => {
  it('do not answer for each other’s condition keys', async () => {
    const other = `${name}:1/realm`
    await daypass.apply({
      id: ACCOUNT,
      roles: [
        { RoleName: 'guarded', AssumeRolePolicyDocument: trust({ StringEquals: { [`${other}:sub`]: 'admin' } }) },
      ],
    })
    const claim = { '1/realm:sub': 'admin' }
    expect((await assume({ RoleArn: arn('guarded'), WebIdentityToken: sign(claim) })).error?.Code).toBe('AccessDenied')
  })
})

describe('in a Ceph-style account', () => {
  beforeEach(() =>
    daypass.apply({
      id: '',
      openIdConnectProviders: [{ Url: issuer.url }],
      roles: [
        {
          RoleName: 'S3Access',
          AssumeRolePolicyDocument: trust({ StringEquals: { [`${name}:app_id`]: CLIENT } }, ['sts:TagSession'], ''),
        },
      ],
    }),
  )

  const ceph = (claims = {}) => assume({ RoleArn: 'arn:aws:iam:::role/S3Access', WebIdentityToken: sign(claims) })

  it('the empty account id is one like any other, and app_id is every audience', async () => {
    const answer = await ceph({ aud: ['x', CLIENT] })
    expect(answer.result.AssumedRoleUser.Arn).toBe('arn:aws:sts:::assumed-role/S3Access/alice-session')
    expect((await identityOf(answer)).result.Arn).toBe('arn:aws:sts:::assumed-role/S3Access/alice-session')
  })

  it('another audience is refused by the condition', async () => {
    expect((await ceph({ aud: 'other' })).error?.Code).toBe('AccessDenied')
  })

  it('a session tag may have several values', async () => {
    const tags = { principal_tags: { team: ['red', 'blue'] } }
    expect((await ceph({ 'https://aws.amazon.com/tags': tags })).status).toBe(200)
    expect(
      (await assume({ RoleArn: arn('tagged'), WebIdentityToken: sign({ 'https://aws.amazon.com/tags': tags }) })).error
        ?.Code,
    ).toBe('InvalidIdentityToken')
  })

  it('a provider without client ids accepts any audience, and one of a 12-digit account none', async () => {
    await daypass.apply({
      id: '222222222222',
      openIdConnectProviders: [{ Url: issuer.url }],
      roles: [{ RoleName: 'r', AssumeRolePolicyDocument: trust({}, [], '222222222222') }],
    })
    expect((await assume({ RoleArn: arn('r', '222222222222') })).error?.Code).toBe('InvalidIdentityToken')
  })
})
