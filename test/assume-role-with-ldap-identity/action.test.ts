import { checkPassword } from '@daypass/core/identity/ldap/check.ts'
import type { CheckDirectory } from '@daypass/core/identity/ldap/question.ts'
import { parseLdapSources } from '@daypass/core/identity/ldap/settings.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, type Answer, credentialsOf, type Deployment, deploymentWith } from '../support/deployment.ts'
import { type FakeDirectory, fakeDirectory, LOOKUP } from '../support/fake-directory.ts'

const PEOPLE = 'ou=people,dc=example,dc=org'
const GROUPS = 'ou=groups,dc=example,dc=org'
const ROOT = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root-secret-root-secret-root-secret-0123' }
const MINUTE = 60_000
const WORDS =
  'Not authorized to perform sts:AssumeRoleWithLDAPIdentity: check user name and password, and that the user or one of its groups was given rights, or that the role trusts the directory for it.'

const member = (dn: string) => `(member=${dn})`
const user = (name: string, attributes: Record<string, string[]> = {}) => ({
  dn: `uid=${name},${PEOPLE}`,
  password: `${name}-pw`,
  found: [`(uid=${name})`, `(uid=${name.toUpperCase()})`],
  attributes: { uid: [name], ...attributes },
})
const group = (cn: string, ...members: string[]) => ({
  dn: `cn=${cn},${GROUPS}`,
  found: members.map((name) => member(`uid=${name},${PEOPLE}`)),
})
const many = Array.from({ length: 120 }, (_, at) => group(`of-many-${at}`, 'busy'))
const long = Array.from({ length: 40 }, (_, at) => group(`${'x'.repeat(200)}-${at}`, 'wordy'))

const environment = (name = '') =>
  Object.fromEntries(
    Object.entries({
      SERVER_ADDR: 'ldap.example.org',
      LOOKUP_BIND_DN: LOOKUP.dn,
      LOOKUP_BIND_PASSWORD: LOOKUP.password,
      USER_DN_SEARCH_BASE_DN: PEOPLE,
      USER_DN_SEARCH_FILTER: '(uid=%s)',
      USER_DN_ATTRIBUTES: 'mail,departmentNumber',
      GROUP_SEARCH_BASE_DN: GROUPS,
      GROUP_SEARCH_FILTER: '(member=%d)',
    }).map(([key, value]) => [`MINIO_IDENTITY_LDAP_${key}${name}`, value]),
  )

const trust = (provider: string, condition?: object, action = 'sts:AssumeRoleWithLDAPIdentity') => ({
  Version: '2012-10-17' as const,
  Statement: {
    Effect: 'Allow' as const,
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:ldap-provider/${provider}` },
    Action: action,
    ...(condition ? { Condition: condition } : {}),
  },
})
const home = (key: string) => ({
  Version: '2012-10-17' as const,
  Statement: [
    {
      Effect: 'Allow' as const,
      Action: 'sts:GetAccessKeyInfo',
      Resource: '*',
      Condition: { StringLike: { [key]: '*' } },
    },
  ],
})
const MEMBER = '111122223333'
const account = () => ({
  id: ACCOUNT,
  rootAccessKey: { AccessKeyId: ROOT.accessKeyId, SecretAccessKey: ROOT.secretAccessKey },
  groups: [
    { GroupName: `cn=ProjectA,${GROUPS}`, policies: { home: home('ldap:attrib_mail') } },
    { GroupName: 'team', attachedPolicies: ['arn:aws:iam::aws:policy/IAMReadOnlyAccess'] },
    { GroupName: `uid=carol,${PEOPLE}`, attachedPolicies: ['arn:aws:iam::aws:policy/IAMReadOnlyAccess'] },
    { GroupName: 'of-many-1' },
    { GroupName: `uid=wordy,${PEOPLE}` },
  ],
  roles: [
    {
      RoleName: 'any',
      AssumeRolePolicyDocument: trust('default'),
      policies: { home: home('ldap:username') },
      MaxSessionDuration: 7200,
    },
    {
      RoleName: 'projecta',
      AssumeRolePolicyDocument: trust('default', {
        StringEquals: {
          'ldap:user': `uid=alice,${PEOPLE}`,
          'ldap:username': 'alice',
          'ldap:attrib_mail': 'alice@example.org',
        },
        'ForAnyValue:StringEquals': { 'ldap:groups': `cn=projecta,${GROUPS}` },
      }),
    },
    {
      RoleName: 'own-name',
      AssumeRolePolicyDocument: trust('default', { StringEquals: { 'sts:RoleSessionName': 'alice' } }),
    },
    { RoleName: 'partners', AssumeRolePolicyDocument: trust('partners') },
    { RoleName: 'web', AssumeRolePolicyDocument: trust('default', undefined, 'sts:AssumeRoleWithWebIdentity') },
  ],
})

let directory: FakeDirectory
let daypass: Deployment
let pauses: number[]
const sources = parseLdapSources({ ...environment(), ...environment('_PARTNERS') }, ACCOUNT)
beforeEach(async () => {
  pauses = []
  directory = fakeDirectory([
    user('alice', { mail: ['alice@example.org'], departmentNumber: ['7'] }),
    user('bob'),
    user('carol'),
    user('busy'),
    user('wordy'),
    user('slash/user'),
    group('projecta', 'alice'),
    group('team', 'alice', 'slash/user'),
    ...many,
    ...long,
  ])
  const log = { info() {}, warn() {}, error() {} }
  const check: CheckDirectory = (question) => checkPassword({ ldapSources: sources, directory, log }, question)
  const pause = async (milliseconds: number) => void pauses.push(milliseconds)
  daypass = await deploymentWith({ directories: { account: ACCOUNT, check, pause } }, account(), {
    id: MEMBER,
    roles: [{ RoleName: 'any', AssumeRolePolicyDocument: trust('default') }],
  })
})

const arn = (role: string, of = ACCOUNT) => `arn:aws:iam::${of}:role/${role}`
const ask = (LDAPUsername: string, LDAPPassword: string, more: Record<string, string> = {}, sourceIp = '192.0.2.1') =>
  daypass.post({ Action: 'AssumeRoleWithLDAPIdentity', LDAPUsername, LDAPPassword, ...more }, { sourceIp })
const alice = (more: Record<string, string> = {}, sourceIp?: string) => ask('alice', 'alice-pw', more, sourceIp)
const refusal = ({ error, status }: Answer) => [error?.Code, status]
const caller = async (answer: Answer) =>
  (await daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })).result

describe('AssumeRoleWithLDAPIdentity without a role', () => {
  it('gives the rights of the groups that exist, by DN and by CN, and answers in MinIO’s form', async () => {
    const answer = await alice()
    expect(answer.body).toContain(
      '<AssumeRoleWithLDAPIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithLDAPIdentityResult>',
    )
    const dn = `uid=alice,${PEOPLE}`
    expect(answer.result).toMatchObject({
      SubjectFromToken: dn,
      Provider: `arn:aws:iam::${ACCOUNT}:ldap-provider/default`,
      AssumedRoleUser: {
        Arn: `arn:aws:sts::${ACCOUNT}:federated-user/ldap/default/${dn}`,
        AssumedRoleId: `${ACCOUNT}:default/${dn}`,
      },
      Credentials: { Expiration: '2026-01-01T01:00:00Z' },
    })
    expect(await caller(answer)).toMatchObject({ Arn: `arn:aws:sts::${ACCOUNT}:federated-user/ldap/default/${dn}` })
    const record = await daypass.deps.store.get({
      pk: `SESSION#${answer.result.Credentials.AccessKeyId}`,
      sk: 'SESSION',
    })
    expect(record).toMatchObject({ groups: [`cn=ProjectA,${GROUPS}`, 'team'], sourceKind: 'ldap', source: 'default' })
    expect(record?.claims).toEqual([
      ['user', dn],
      ['username', 'alice'],
      ['groups', `cn=projecta,${GROUPS}`, `cn=team,${GROUPS}`],
      ['attrib_mail', 'alice@example.org'],
      ['attrib_departmentNumber', '7'],
    ])
  })

  it('gives the rights of a group with the user’s own DN', async () => {
    expect((await ask('carol', 'carol-pw')).status).toBe(200)
  })

  it.each([
    ['a user in no group that exists', 'bob', 'bob-pw'],
    ['a wrong password', 'alice', 'bob-pw'],
    ['an unknown user', 'nobody', 'alice-pw'],
    ['a pattern', '*', 'alice-pw'],
    ['an injected filter', 'alice)(uid=*', 'alice-pw'],
    ['a user with more groups than a session can keep', 'busy', 'busy-pw'],
    ['groups and attributes of more than 8 KiB', 'wordy', 'wordy-pw'],
  ])('refuses %s in the same words, after the same work', async (_what, name, password) => {
    directory.asked.length = 0
    const trips = daypass.trips.total()
    const answer = await ask(name, password)
    expect(refusal(answer)).toEqual(['AccessDenied', 403])
    expect(answer.error?.Message).toBe(WORDS)
    expect(directory.asked.map((each) => each.split(' ')[0])).toEqual([
      ...['open', 'bind', 'search', 'bind', 'bind', 'search', 'close'],
    ])
    // One read and three counts of the attempt, one read of rights, one count of the failure.
    expect(daypass.trips.total() - trips).toBe(6)
    expect(pauses).toEqual([])
  })

  it('reads the rights of many groups in one round trip too', async () => {
    const groups = many.slice(20, 60).map(({ dn }) => ({ dn, found: [member(`uid=some,${PEOPLE}`)] }))
    directory = fakeDirectory([user('some'), ...groups])
    const trips = daypass.trips.total()
    expect(refusal(await ask('some', 'some-pw'))).toEqual(['AccessDenied', 403])
    expect(daypass.trips.total() - trips).toBe(6)
  })

  it('limits the session by a policy, and the time that is asked', async () => {
    const Policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:*","Resource":"*"}]}'
    const answer = await alice({ Policy, DurationSeconds: '900' })
    expect(answer.result.Credentials.Expiration).toBe('2026-01-01T00:15:00Z')
    expect(answer.result.PackedPolicySize).toBeDefined()
  })

  it('uses what the directory says of the user in policies, as they stand with each request', async () => {
    const info = (answer: Answer) =>
      daypass.signed(credentialsOf(answer), { Action: 'GetAccessKeyInfo', AccessKeyId: ROOT.accessKeyId })
    expect((await info(await alice())).status).toBe(200)
    expect(refusal(await info(await ask('carol', 'carol-pw')))).toEqual(['AccessDenied', 403])
  })

  it.each([
    ['ALICE', 'alice'],
    [' alice ', 'alice'],
  ])('takes %j for one spelling of %s', async (typed) => {
    expect((await ask(typed, 'alice-pw')).result.SubjectFromToken).toBe(`uid=alice,${PEOPLE}`)
  })

  it.each([
    ['busy', 'The identity names more than 200 policies and groups.'],
    [
      'wordy',
      "The user's groups and attributes take more than 8 KiB: let the directory's group filter find fewer of them.",
    ],
  ])('tells the operator alone why %s is refused, whose password locks like a wrong one', async (name, reason) => {
    for (let at = 0; at < 10; at++) await ask(name, `${name}-pw`)
    expect(daypass.logged.at(-1)).toMatchObject({ outcome: 'refused', reason })
    await ask(name, `${name}-pw`)
    expect(daypass.logged.at(-1)).toMatchObject({ reason: 'too many failures of this name or this network' })
  })
})

describe('AssumeRoleWithLDAPIdentity with a role', () => {
  it('gives a session of a role that trusts the directory for this user', async () => {
    const answer = await alice({ RoleArn: arn('projecta'), RoleSessionName: 'work' })
    expect(answer.result.AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/projecta/work`)
    expect(await caller(answer)).toMatchObject({ Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/projecta/work` })
  })

  it('names the session after the user when nothing else is asked', async () => {
    const answer = await alice({ RoleArn: arn('own-name') })
    expect(answer.result.AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/own-name/alice`)
  })

  it('asks for a session name where the user’s cannot be one, before anything is asked of the directory', async () => {
    directory.asked.length = 0
    expect(refusal(await ask('slash/user', 'slash/user-pw', { RoleArn: arn('any') }))).toEqual(['ValidationError', 400])
    expect(directory.asked).toEqual([])
    const named = await ask('slash/user', 'slash/user-pw', { RoleArn: arn('any'), RoleSessionName: 'slash' })
    expect(named.status).toBe(200)
  })

  it('keeps what the directory says usable in the role’s policies', async () => {
    const answer = await ask('bob', 'bob-pw', { RoleArn: arn('any') })
    const info = { Action: 'GetAccessKeyInfo', AccessKeyId: ROOT.accessKeyId }
    expect((await daypass.signed(credentialsOf(answer), info)).status).toBe(200)
  })

  it.each([
    ['another user', ['bob', 'bob-pw'], { RoleArn: arn('projecta') }],
    ['a wrong password', ['alice', 'bob-pw'], { RoleArn: arn('any') }],
    ['an unknown user', ['nobody', 'x'], { RoleArn: arn('any') }],
    [
      'a session name that is not trusted',
      ['alice', 'alice-pw'],
      { RoleArn: arn('own-name'), RoleSessionName: 'root' },
    ],
    ['a role that trusts another directory', ['alice', 'alice-pw'], { RoleArn: arn('partners') }],
    ['a role that trusts another action', ['alice', 'alice-pw'], { RoleArn: arn('web') }],
    ['a role that is not there', ['alice', 'alice-pw'], { RoleArn: arn('nothing') }],
    ['a role under another spelling', ['alice', 'alice-pw'], { RoleArn: arn('ANY') }],
    ['a role of another account', ['alice', 'alice-pw'], { RoleArn: arn('any', MEMBER) }],
    ['groups and attributes of more than 8 KiB', ['wordy', 'wordy-pw'], { RoleArn: arn('any') }],
  ] as const)('refuses %s in the same words, after the same work', async (_what, [name, password], more) => {
    const trips = daypass.trips.total()
    const answer = await ask(name, password, more)
    expect(refusal(answer)).toEqual(['AccessDenied', 403])
    expect(answer.error?.Message).toBe(WORDS)
    expect(daypass.trips.total() - trips).toBe(6)
  })

  it.each([
    ['no role ARN', { RoleArn: 'arn:aws:iam::000000000000:user/alice' }],
    ['longer than the role allows', { RoleArn: arn('any'), DurationSeconds: '7201' }],
    ['shorter than 15 minutes', { DurationSeconds: '899' }],
  ])('refuses %s', async (_what, more) => {
    expect(refusal(await alice(more))).toEqual(['ValidationError', 400])
  })

  it('trusts the directory that ConfigName names', async () => {
    const answer = await alice({ RoleArn: arn('partners'), ConfigName: 'Partners' })
    expect(answer.result.Provider).toBe(`arn:aws:iam::${ACCOUNT}:ldap-provider/partners`)
    expect(refusal(await alice({ RoleArn: arn('any'), ConfigName: 'partners' }))).toEqual(['AccessDenied', 403])
  })
})

describe('what is asked in a form that cannot be', () => {
  it.each([
    ['no user name', { LDAPUsername: '' }],
    ['a user name of nothing that is seen', { LDAPUsername: '\u200b' }],
    ['a user name with a control character', { LDAPUsername: 'a\nb' }],
    ['no password', { LDAPPassword: '' }],
    ['a directory that is not configured', { ConfigName: 'other' }],
    ['a directory of no name', { ConfigName: '../x' }],
  ])('is refused without a bind for %s, and repeats nothing', async (_what, more) => {
    const answer = await daypass.post({
      Action: 'AssumeRoleWithLDAPIdentity',
      LDAPUsername: 'alice',
      LDAPPassword: 'alice-pw',
      ...more,
    })
    expect(refusal(answer)).toEqual(['ValidationError', 400])
    expect(directory.asked).toEqual([])
    expect(answer.body).not.toContain('alice-pw')
  })

  it('is taken from the query string of a POST and of a GET', async () => {
    const rawQuery = new URLSearchParams({
      Action: 'AssumeRoleWithLDAPIdentity',
      Version: '2011-06-15',
      LDAPUsername: 'alice',
      LDAPPassword: 'alice-pw',
      TokenRevokeType: 'app',
    }).toString()
    expect((await daypass.handle({ method: 'POST', rawQuery })).status).toBe(200)
    expect((await daypass.handle({ method: 'GET', rawQuery })).status).toBe(200)
  })

  it('is refused where no directory is configured at all', async () => {
    daypass = await deploymentWith({}, account())
    expect(refusal(await alice())).toEqual(['ValidationError', 400])
  })
})

describe('guessing', () => {
  const guess = async (times: number, sourceIp?: string, name = 'alice') => {
    for (let at = 0; at < times; at++) await ask(name, `guess ${at}`, {}, sourceIp)
  }

  it('locks a name for its network after 10 failures, in the same words, and asks the directory no more', async () => {
    await guess(10)
    directory.asked.length = 0
    const answer = await alice()
    expect([answer.error?.Code, answer.error?.Message]).toEqual(['AccessDenied', WORDS])
    expect(directory.asked).toEqual([])
    expect((await ask('ÁLICE\u00ad', 'alice-pw')).error?.Code).toBe('AccessDenied')
    daypass.clock.advance(15 * MINUTE)
    expect((await alice()).status).toBe(200)
  })

  it('locks nobody out from elsewhere, nor another name', async () => {
    await guess(50)
    expect((await alice({}, '198.51.100.7')).status).toBe(200)
    expect((await ask('carol', 'carol-pw')).status).toBe(200)
  })

  it.each([
    ['a name that nobody has', 'nobody', 'x'],
    ['a user without rights', 'bob', 'bob-pw'],
  ])('locks %s like any other', async (_what, name, password) => {
    for (let at = 0; at < 10; at++) await ask(name, password)
    directory.asked.length = 0
    await ask(name, password)
    expect(directory.asked).toEqual([])
  })

  it('pauses ever longer before the directory is asked', async () => {
    await guess(6)
    expect(pauses).toEqual([250, 500, 1000])
  })

  it('ends when one network tries 300 names, also of a directory that is not there', async () => {
    for (let at = 0; at < 300; at++) await ask(`name ${at}`, 'pw', { ConfigName: 'nowhere' })
    const answer = await alice()
    expect([refusal(answer), answer.error?.Message]).toEqual([['AccessDenied', 403], WORDS])
    expect((await alice({}, '198.51.100.7')).status).toBe(200)
  })

  it('counts no sign-in that succeeds, however many there are', async () => {
    for (let at = 0; at < 12; at++) {
      expect((await alice()).status).toBe(200)
      daypass.clock.advance(MINUTE)
    }
    await guess(9)
    expect((await alice()).status).toBe(200)
  })

  it('does not count answers that the directory did not give', async () => {
    directory.breaksAt = 'open'
    for (let at = 0; at < 12; at++) expect(refusal(await alice())).toEqual(['IDPCommunicationError', 400])
    directory.breaksAt = undefined
    expect((await alice()).status).toBe(200)
  })

  it('does not count what breaks on the way', async () => {
    const { account: of, pause } = daypass.deps.directories ?? { account: '', pause: async () => {} }
    const check = async () => {
      throw new Error('invoke')
    }
    const broken = await deploymentWith(
      { table: daypass.deps.store, directories: { account: of, check, pause } },
      account(),
    )
    const form = { Action: 'AssumeRoleWithLDAPIdentity', LDAPUsername: 'alice', LDAPPassword: 'alice-pw' }
    for (let at = 0; at < 12; at++) expect((await broken.post(form)).status).toBe(500)
    expect((await alice()).status).toBe(200)
  })
})

describe('sessions of a directory’s users', () => {
  const revoke = (params: Record<string, string>) => daypass.signed(ROOT, { Action: 'RevokeSessions', ...params })
  const stands = async (answer: Answer) =>
    (await daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })).status

  it('end when those of the directory are revoked, with a role and without', async () => {
    const [own, role, other] = [
      await alice(),
      await alice({ RoleArn: arn('any') }),
      await alice({ RoleArn: arn('partners'), ConfigName: 'partners' }),
    ]
    daypass.clock.advance(1000)
    expect((await revoke({ ProviderArn: `arn:aws:iam::${ACCOUNT}:ldap-provider/default` })).status).toBe(200)
    expect([await stands(own), await stands(role), await stands(other)]).toEqual([403, 403, 200])
    daypass.clock.advance(1000)
    expect(await stands(await alice())).toBe(200)
  })
})

describe('the log', () => {
  it('tells who, from which directory, by which session, and the reason of a refusal that the caller is not told', async () => {
    const answer = await alice()
    await ask('alice', 'wrong-pw')
    await ask('nobody', 'wrong-pw')
    await ask('bob', 'bob-pw')
    const records = daypass.logged.filter(({ event }) => event === 'exchange')
    expect(records[0]).toMatchObject({
      outcome: 'granted',
      source: 'ldap/default',
      subject: `uid=alice,${PEOPLE}`,
      accessKeyId: answer.result.Credentials.AccessKeyId,
    })
    expect(records.slice(1).map(({ reason }) => reason)).toEqual([
      'the directory does not accept the password',
      'there is no such user',
      expect.stringContaining('no rights among'),
    ])
  })

  it('never holds a password, nor what was typed as a name', async () => {
    await alice()
    await ask('alice-pw', 'wrong-pw')
    await ask('bob', 'bob-pw')
    expect(JSON.stringify(daypass.logged)).not.toMatch(/(?:alice|wrong|bob|lookup)-pw/)
  })
})
