import { parseCertificateSources } from '@daypass/core/identity-sources/parse-certificate.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type CertificateOptions,
  dns,
  email,
  makeAuthority,
  makeCertificate,
  makeRevocationList,
  pemOf,
  uri,
} from '../support/certificate-maker.ts'
import { ACCOUNT, type Answer, credentialsOf, type Deployment, deploymentWith } from '../support/deployment.ts'

const T = 'DAYPASS_IDENTITY_TLS_'
const ca = makeAuthority()
const acme = makeAuthority({ subject: { CN: 'Acme CA' } })
const revoked = makeCertificate({ by: ca })
const SPIFFE = 'spiffe://example.org/ns/default/sa/app'
const provider = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:certificate-provider/${name}`
const roleArn = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`
const OTHER_ACCOUNT = '111122223333'

const trust = (name: string, condition?: object, more: object[] = []) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: provider(name) },
      Action: 'sts:AssumeRoleWithCertificate',
      ...(condition ? { Condition: condition } : {}),
    },
    ...more,
  ],
})
const document = (Action: string, Condition?: object) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action, Resource: '*', ...(Condition ? { Condition } : {}) },
})
const account = {
  id: ACCOUNT,
  policies: [
    { PolicyName: 'app', PolicyDocument: document('sts:GetAccessKeyInfo') },
    {
      PolicyName: 'workload',
      PolicyDocument: document('sts:GetAccessKeyInfo', { StringEquals: { 'cert:san/uri': SPIFFE } }),
    },
  ],
  groups: [{ GroupName: 'team' }],
  roles: [
    { RoleName: 'any', AssumeRolePolicyDocument: trust('default') },
    { RoleName: 'acme', AssumeRolePolicyDocument: trust('acme') },
    {
      RoleName: 'workload',
      AssumeRolePolicyDocument: trust('default', { StringEquals: { 'cert:san/uri': SPIFFE } }),
      policies: {
        own: document('sts:GetAccessKeyInfo', {
          StringEquals: { 'cert:cn': 'app', 'aws:FederatedProvider': provider('default') },
        }),
      },
    },
    {
      RoleName: 'web',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Federated: provider('default') },
          Action: 'sts:AssumeRoleWithWebIdentity',
        },
      },
    },
    {
      RoleName: 'not-that-one',
      AssumeRolePolicyDocument: trust('default', undefined, [
        { Effect: 'Deny', Principal: '*', Action: 'sts:*', Condition: { StringLike: { 'cert:subject': '*O=Foes*' } } },
      ]),
    },
    { RoleName: 'brief', AssumeRolePolicyDocument: trust('default'), MaxSessionDuration: 3600 },
  ],
}
const other = {
  id: OTHER_ACCOUNT,
  policies: [{ PolicyName: 'elsewhere', PolicyDocument: document('*') }],
  roles: [{ RoleName: 'guest', AssumeRolePolicyDocument: trust('default') }],
}

let daypass: Deployment
const settings = (): Record<string, string> => ({
  [`${T}ENABLE`]: 'on',
  [`${T}CA`]: ca.pem,
  [`${T}CRL`]: pemOf('X509 CRL', makeRevocationList(ca, { revoked: [revoked] })),
  [`${T}CA_ACME`]: acme.pem,
})
const deploy = async (env = settings()) => {
  const certificateSources = parseCertificateSources(env, ACCOUNT)
  daypass = await deploymentWith({ certificateSources }, account, other)
}
beforeEach(() => deploy())

const app = (options: CertificateOptions = {}) =>
  makeCertificate({
    by: ca,
    subject: { O: 'Engineering', CN: 'app' },
    names: [uri(SPIFFE), dns('app.example.org')],
    ...options,
  })
const grant = (clientCertificate = app().pem, params: Record<string, string> = {}) =>
  daypass.post({ Action: 'AssumeRoleWithCertificate', ...params }, { clientCertificate })
const refusal = ({ error, status }: Answer) => [error?.Code, status]
const keyInfo = (answer: Answer) =>
  daypass.signed(credentialsOf(answer), { Action: 'GetAccessKeyInfo', AccessKeyId: credentialsOf(answer).accessKeyId })

describe('AssumeRoleWithCertificate', () => {
  it('gives the rights of the policy that the common name names', async () => {
    const answer = await grant()
    expect(answer.status).toBe(200)
    expect(answer.body).toContain(
      '<AssumeRoleWithCertificateResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">',
    )
    const { AssumedRoleUser, Provider, Credentials } = answer.result
    expect(Provider).toBe(provider('default'))
    expect(AssumedRoleUser).toEqual({
      Arn: `arn:aws:sts::${ACCOUNT}:federated-user/certificate/default/app`,
      AssumedRoleId: `${ACCOUNT}:default/app`,
    })
    expect(Credentials.Expiration).toBe('2026-01-01T01:00:00Z')
    const caller = await daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })
    expect(caller.result.Arn).toBe(AssumedRoleUser.Arn)
    expect((await keyInfo(answer)).status).toBe(200)
  })

  it('answers as minio-go asks: all in the query string of a POST without a body', async () => {
    const rawQuery = 'Action=AssumeRoleWithCertificate&DurationSeconds=3600&Version=2011-06-15'
    for (const path of ['/', '/AssumeRoleWithCertificate', '/AssumeRoleWithCertificate/']) {
      const { status } = await daypass.handle({ method: 'POST', path, rawQuery, clientCertificate: app().pem })
      expect(status).toBe(200)
    }
  })

  it('makes one read and one write', async () => {
    const before = daypass.trips.total()
    await grant()
    await grant(app().pem, { RoleArn: roleArn('any') })
    expect(daypass.trips.total() - before).toBe(4)
  })

  it('keeps what the certificate says for the conditions of policies', async () => {
    const named = (names: CertificateOptions['names']) =>
      app({ subject: { CN: 'workload' }, ...(names ? { names } : {}) }).pem
    expect((await keyInfo(await grant(named([uri(SPIFFE)])))).status).toBe(200)
    expect((await keyInfo(await grant(named([uri(`${SPIFFE}/x`)])))).error?.Code).toBe('AccessDenied')
    expect((await keyInfo(await grant(named([dns('app'), email('a@b')])))).error?.Code).toBe('AccessDenied')
  })

  it('gives built-in policies by MinIO’s names', async () => {
    expect((await grant(app({ subject: { CN: 'readwrite' } }).pem)).status).toBe(200)
  })

  it.each<[string, CertificateOptions]>([
    ['names no policy', { subject: { CN: 'nobody' } }],
    ['is the name in another case', { subject: { CN: 'APP' } }],
    ['is a group’s', { subject: { CN: 'team' } }],
    ['is a policy of another account', { subject: { CN: 'elsewhere' } }],
    ['is a wildcard', { subject: { CN: '*' } }],
    ['is a wildcard with a beginning', { subject: { CN: 'ap*' } }],
    ['is an ARN', { subject: { CN: 'arn:aws:iam::aws:policy/AdministratorAccess' } }],
    ['has a slash', { subject: { CN: 'aws/app' } }],
    ['is a list', { subject: { CN: 'app,readwrite' } }],
    ['has a space before it', { subject: { CN: ' app' } }],
    ['is not in ASCII', { subject: { CN: 'аpp' } }],
    ['is missing', { subject: { O: 'app' } }],
  ])('gives nothing to whose common name %s', async (_what, options) => {
    expect(refusal(await grant(app(options).pem))).toEqual(['AccessDenied', 403])
  })

  it('writes a common name into ARNs percent-encoded', async () => {
    await deploy()
    await daypass.apply({ id: ACCOUNT, policies: [{ PolicyName: 'x@y=z', PolicyDocument: document('*') }] })
    const { result } = await grant(app({ subject: { CN: 'x@y=z' } }).pem)
    expect(result.AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:federated-user/certificate/default/x@y=z`)
  })

  it.each<[string, () => string, string]>([
    ['of another authority', () => makeCertificate({ by: makeAuthority() }).pem, 'InvalidIdentityToken'],
    ['that was revoked', () => revoked.pem, 'InvalidIdentityToken'],
    ['that has expired', () => app({ to: Date.parse('2025-12-31T23:59:59Z') }).pem, 'ExpiredTokenException'],
    ['without a purpose', () => app({ purposes: null }).pem, 'InvalidIdentityToken'],
    ['that is none', () => 'no PEM', 'InvalidIdentityToken'],
    ['that stands behind one of another authority', () => makeCertificate().pem + app().pem, 'InvalidIdentityToken'],
  ])('refuses a certificate %s', async (_what, pem, code) => {
    expect(refusal(await grant(pem()))).toEqual([code, 400])
    expect(refusal(await grant(pem(), { RoleArn: roleArn('any') }))).toEqual([code, 400])
  })

  it('refuses a connection without one, whatever headers say', async () => {
    const { pem } = app()
    const escaped = encodeURIComponent(pem)
    const headers = Object.fromEntries(
      [
        'x-amzn-mtls-clientcert',
        'x-amzn-mtls-clientcert-leaf',
        'x-client-cert',
        'x-forwarded-client-cert',
        'x-ssl-cert',
        'x-amz-x509',
        'client-cert',
        'ssl-client-cert',
      ].map((name) => [name, escaped]),
    )
    const answer = await daypass.post({ Action: 'AssumeRoleWithCertificate', Certificate: pem }, { headers })
    expect(refusal(answer)).toEqual(['InvalidIdentityToken', 400])
  })

  it('is refused when no provider is configured', async () => {
    await deploy({})
    expect(refusal(await grant())).toEqual(['AccessDenied', 403])
  })

  it('gives rights without a role only where MinIO’s switch, or CN_POLICY, says so', async () => {
    const client = makeCertificate({ by: acme, subject: { CN: 'app' } }).pem
    expect(refusal(await grant(client))).toEqual(['AccessDenied', 403])
    await deploy({ ...settings(), [`${T}CN_POLICY_ACME`]: 'on' })
    expect((await grant(client)).result.AssumedRoleUser.Arn).toContain(':federated-user/certificate/acme/app')
    await deploy({ ...settings(), [`${T}CN_POLICY`]: 'off' })
    expect(refusal(await grant())).toEqual(['AccessDenied', 403])
  })

  it('ends a session with its certificate at the latest', async () => {
    const soon = app({ to: daypass.clock.now() + 120_000 })
    const ends = async (params: Record<string, string>) => (await grant(soon.pem, params)).result.Credentials.Expiration
    expect(await ends({})).toBe('2026-01-01T00:02:00Z')
    expect(await ends({ DurationSeconds: '900' })).toBe('2026-01-01T00:02:00Z')
    expect(await ends({ RoleArn: roleArn('any') })).toBe('2026-01-01T00:02:00Z')
    const { result } = await grant(app().pem, { DurationSeconds: '900' })
    expect(result.Credentials.Expiration).toBe('2026-01-01T00:15:00Z')
  })

  it.each<[string, Record<string, string>, string]>([
    ['899 seconds', { DurationSeconds: '899' }, 'ValidationError'],
    ['43,201 seconds', { DurationSeconds: '43201' }, 'ValidationError'],
    ['a policy that is none', { Policy: '[]' }, 'MalformedPolicyDocument'],
    ['more than a role’s longest session', { RoleArn: roleArn('brief'), DurationSeconds: '3601' }, 'ValidationError'],
    ['a session name of one letter', { RoleArn: roleArn('any'), RoleSessionName: 'a' }, 'ValidationError'],
    ['a role ARN that is none', { RoleArn: 'arn:aws:iam::000000000000:user/x' }, 'ValidationError'],
  ])('refuses %s', async (_what, params, code) => {
    expect(refusal(await grant(app().pem, params))).toEqual([code, 400])
  })

  it('limits a session to the policy that was passed', async () => {
    const Policy = JSON.stringify(document('s3:GetObject'))
    expect((await keyInfo(await grant(app().pem, { Policy }))).error?.Code).toBe('AccessDenied')
  })

  it('records who was let in, by what certificate, and never the certificate', async () => {
    const client = app({ serial: Buffer.from('0a1b', 'hex') })
    await grant(client.pem)
    expect(daypass.logged.at(-1)).toMatchObject({
      outcome: 'granted',
      source: 'certificate/default',
      provider: provider('default'),
      subject: 'CN=app,O=Engineering',
      certificateSerial: 'a1b',
      certificateSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(JSON.stringify(daypass.logged)).not.toContain(client.der.toString('base64').slice(0, 60))
  })
})

describe('AssumeRoleWithCertificate with a role', () => {
  it('asks the role’s trust policy about the provider and the certificate', async () => {
    const { result } = await grant(app().pem, { RoleArn: roleArn('workload') })
    expect(result.AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/workload/app`)
    expect(result.Provider).toBe(provider('default'))
    const named = await grant(app().pem, { RoleArn: roleArn('workload'), RoleSessionName: 'nightly' })
    expect(named.result.AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/workload/nightly`)
    expect((await keyInfo(named)).status).toBe(200)
  })

  it('keeps the certificate’s names and provider for the role’s own policies', async () => {
    const another = await grant(app({ subject: { CN: 'another' } }).pem, { RoleArn: roleArn('workload') })
    expect((await keyInfo(another)).error?.Code).toBe('AccessDenied')
  })

  it('names a session by the serial number where the common name cannot', async () => {
    const client = app({ subject: { CN: 'a b' }, serial: Buffer.from('0a1b', 'hex') })
    const { result } = await grant(client.pem, { RoleArn: roleArn('any') })
    expect(result.AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/any/0a1b`)
  })

  it('tells providers apart by their authorities', async () => {
    const client = makeCertificate({ by: acme, subject: { CN: 'app' } }).pem
    expect((await grant(client, { RoleArn: roleArn('acme') })).status).toBe(200)
    expect(refusal(await grant(client, { RoleArn: roleArn('any') }))).toEqual(['AccessDenied', 403])
    expect(refusal(await grant(app().pem, { RoleArn: roleArn('acme') }))).toEqual(['AccessDenied', 403])
  })

  it.each<[string, string, CertificateOptions]>([
    ['whose condition the certificate does not meet', roleArn('workload'), { names: [uri(`${SPIFFE}2`)] }],
    ['whose condition asks for a name that it has not', roleArn('workload'), { names: [] }],
    ['that trusts the provider for another action', roleArn('web'), {}],
    ['that denies its subject', roleArn('not-that-one'), { subject: { O: 'Foes', CN: 'app' } }],
    ['that does not exist', roleArn('none'), {}],
    ['in another spelling', roleArn('ANY'), {}],
    ['of another account that trusts the provider', roleArn('guest', OTHER_ACCOUNT), {}],
  ])('refuses a role %s, always in the same words', async (_what, RoleArn, options) => {
    const answer = await grant(app(options).pem, { RoleArn })
    expect(refusal(answer)).toEqual(['AccessDenied', 403])
    expect(answer.error?.Message).toBe('Not authorized to perform sts:AssumeRoleWithCertificate')
  })

  it('ends with the revocation of its provider, as do sessions without a role', async () => {
    const sessions = [await grant(app().pem, { RoleArn: roleArn('any') }), await grant()]
    const foreign = await grant(makeCertificate({ by: acme }).pem, { RoleArn: roleArn('acme') })
    await daypass.apply({
      id: ACCOUNT,
      rootAccessKey: { AccessKeyId: 'AKIAROOTROOTROOTROOT', SecretAccessKey: 'secret-of-root' },
    })
    daypass.clock.advance(1000)
    const root = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'secret-of-root' }
    const ended = await daypass.signed(root, { Action: 'RevokeSessions', ProviderArn: provider('default') })
    expect(ended.status).toBe(200)
    const who = (answer: Answer) => daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })
    for (const session of sessions) expect((await who(session)).error?.Code).toBe('InvalidClientTokenId')
    expect((await who(foreign)).status).toBe(200)
    daypass.clock.advance(1000)
    expect((await who(await grant())).status).toBe(200)
  })
})
