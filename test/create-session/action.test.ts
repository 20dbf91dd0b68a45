import { hash } from 'node:crypto'
import type { HttpRequest } from '@daypass/core/http/request.ts'
import { parseCertificateSources } from '@daypass/core/identity-sources/parse-certificate.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSessionService } from '../../functions/create-session/service.ts'
import { GRANTS } from '../../infra/grants.ts'
import {
  type CertificateOptions,
  dns,
  ecKey,
  type Made,
  makeAuthority,
  makeCertificate,
  makeRevocationList,
  pemOf,
  rsaKey,
  uri,
} from '../support/certificate-maker.ts'
import { ACCOUNT, BLANK, type Deployment, deploymentWith } from '../support/deployment.ts'
import { grantedStore } from '../support/granted-store.ts'
import type { SignedRequest } from '../support/sign.ts'
import { signX509, type X509Signing } from '../support/sign-x509.ts'

const T = 'DAYPASS_IDENTITY_TLS_'
const ca = makeAuthority()
const acme = makeAuthority({ subject: { CN: 'Acme CA' } })
const sub = makeAuthority({ subject: { CN: 'Sub CA' }, by: ca })
const revoked = makeCertificate({ by: ca })
const TRUST_ANCHOR = `arn:aws:rolesanywhere:eu-west-1:${ACCOUNT}:trust-anchor/default`
const PROFILE = `arn:aws:rolesanywhere:eu-west-1:${ACCOUNT}:profile/default`
const roleArn = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${name}`
const provider = (name: string) => `arn:aws:iam::${ACCOUNT}:certificate-provider/${name}`
const ACTIONS = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']
const SERVICE = { Service: 'rolesanywhere.amazonaws.com' }

const policy = (...statements: object[]) => ({
  Version: '2012-10-17',
  Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
})
const byService = (Condition?: object, Action: string[] = ACTIONS) => ({
  Principal: SERVICE,
  Action,
  ...(Condition ? { Condition } : {}),
})
const byProvider = { Principal: { Federated: provider('default') }, Action: 'sts:AssumeRoleWithCertificate' }
const who = (Condition: object) => ({
  own: policy({ Action: 'sts:GetAccessKeyInfo', Resource: '*', Condition }),
})
const ROLES = {
  service: policy(byService()),
  provider: policy(byProvider),
  both: policy(byService(), byProvider),
  // AWS's own example, "Attribute mapping and trust policy".
  documented: policy(
    byService({
      StringEquals: { 'aws:PrincipalTag/x509Issuer/CN': 'Test CA', 'aws:PrincipalTag/x509Subject/OU': 'Ops' },
      ArnEquals: { 'aws:SourceArn': [TRUST_ANCHOR] },
    }),
  ),
  identity: policy(
    byService({ StringLike: { 'sts:SourceIdentity': 'app*', 'aws:RequestTag/x509SAN/URI': 'spiffe://*' } }),
  ),
  'account-of-anchor': policy(byService({ StringEquals: { 'aws:SourceAccount': ACCOUNT } })),
  'other-anchor': policy(byService({ ArnEquals: { 'aws:SourceArn': TRUST_ANCHOR.replace('default', 'other') } })),
  'no-tags': policy(byService(undefined, ['sts:AssumeRole', 'sts:SetSourceIdentity'])),
  'no-source-identity': policy(byService(undefined, ['sts:AssumeRole', 'sts:TagSession'])),
  'other-service': policy({ Principal: { Service: 'ec2.amazonaws.com' }, Action: ACTIONS }),
  everyone: policy({ Principal: { AWS: '*' }, Action: ACTIONS }),
  'denied-by-service': policy(byService(), byProvider, {
    Effect: 'Deny',
    Principal: SERVICE,
    Action: 'sts:TagSession',
  }),
  'denied-by-provider': policy(byService(), byProvider, { ...byProvider, Effect: 'Deny' }),
}
const account = {
  id: ACCOUNT,
  roles: Object.entries(ROLES).map(([RoleName, AssumeRolePolicyDocument]) => ({
    RoleName,
    AssumeRolePolicyDocument,
    MaxSessionDuration: 7200,
    policies: who(
      RoleName === 'provider'
        ? { StringEquals: { 'cert:cn': 'app' } }
        : { StringEquals: { 'aws:PrincipalTag/x509Subject/CN': 'app', 'aws:SourceIdentity': 'app', 'cert:ou': 'Ops' } },
    ),
  })),
}
const other = {
  id: '111122223333',
  roles: [{ RoleName: 'guest', AssumeRolePolicyDocument: policy(byService(), byProvider) }],
}

let daypass: Deployment
let handle: (request: SignedRequest, overrides?: Partial<HttpRequest>) => Promise<Answer>
interface Answer {
  readonly status: number
  readonly type: string | undefined
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  readonly body: any
}
const deploy = async (more: Record<string, string> = {}) => {
  const env = { [`${T}CA`]: ca.pem, [`${T}CA_ACME`]: acme.pem, ...more }
  const certificateSources = parseCertificateSources(env, ACCOUNT)
  daypass = await deploymentWith({ certificateSources }, account, other)
  const { deps } = daypass
  const service = createSessionService({ ...deps, store: grantedStore(deps.store, GRANTS['create-session']) })
  handle = async (request, overrides = {}) => {
    const { status, headers, body } = await service({ ...BLANK, ...request, ...overrides })
    expect(headers['content-type']).toBe('application/json')
    return { status, type: headers['x-amzn-ErrorType'], body: JSON.parse(body) }
  }
}
beforeEach(() => deploy())

const app = (options: CertificateOptions = {}) =>
  makeCertificate({
    by: ca,
    subject: { O: 'Engineering', OU: 'Ops', CN: 'app' },
    names: [uri('spiffe://example.org/app'), dns('app.example.org')],
    ...options,
  })
const input = (members: object = {}) =>
  JSON.stringify({
    durationSeconds: 3600,
    profileArn: PROFILE,
    roleArn: roleArn('service'),
    trustAnchorArn: TRUST_ANCHOR,
    ...members,
  })
const signed = (signing: Partial<X509Signing> = {}) =>
  signX509({ certificate: app(), now: daypass.clock.now(), body: input(), ...signing })
const ask = (signing: Partial<X509Signing> = {}) => handle(signed(signing))
const take = (name: string, certificate = app()) => ask({ certificate, body: input({ roleArn: roleArn(name) }) })
const refusal = ({ status, type }: Answer) => [status, type]
const DENIED = [403, 'AccessDeniedException']
const INVALID = [400, 'ValidationException']
const credentialsOf = ({ body }: Answer) => {
  const { accessKeyId, secretAccessKey, sessionToken } = body.credentialSet[0].credentials
  return { accessKeyId, secretAccessKey, sessionToken }
}
const keyInfo = (answer: Answer) =>
  daypass.signed(credentialsOf(answer), { Action: 'GetAccessKeyInfo', AccessKeyId: credentialsOf(answer).accessKeyId })

describe('CreateSession', () => {
  it('answers in AWS’s form', async () => {
    const answer = await ask({ certificate: app({ serial: Buffer.from('1f71c511', 'hex') }) })
    expect(answer).toEqual({
      status: 201,
      type: undefined,
      body: {
        credentialSet: [
          {
            assumedRoleUser: {
              arn: `arn:aws:sts::${ACCOUNT}:assumed-role/service/1f71c511`,
              assumedRoleId: expect.stringMatching(/^AROA\w+:1f71c511$/),
            },
            credentials: {
              accessKeyId: expect.stringMatching(/^ASIA/),
              expiration: '2026-01-01T01:00:00Z',
              secretAccessKey: expect.any(String),
              sessionToken: expect.any(String),
            },
            packedPolicySize: expect.any(Number),
            roleArn: roleArn('service'),
            sourceIdentity: 'app',
          },
        ],
        subjectArn: expect.stringMatching(
          /^arn:aws:rolesanywhere:eu-west-1:000000000000:subject\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
        ),
      },
    })
    const caller = await daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })
    expect(caller.result.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/service/1f71c511`)
  })

  it.each<[string, () => Partial<X509Signing>]>([
    ['of RSA', () => ({ certificate: app({ key: rsaKey() }) })],
    ['of P-384', () => ({ certificate: app({ key: ecKey('P-384') }) })],
    ['with its chain', () => ({ certificate: app({ by: sub }), chain: [sub] })],
    ['with its chain up to the root', () => ({ certificate: app({ by: sub }), chain: [sub, ca] })],
    ['with the body’s hash stated', () => ({ headers: { 'x-amz-content-sha256': hash('sha256', input()) } })],
    ['in any region', () => ({ region: 'us-gov-west-1' })],
    ['in no region', () => ({ region: '' })],
    [
      'with headers of its SDK',
      () => ({ headers: { 'amz-sdk-invocation-id': 'x', 'content-length': String(input().length) } }),
    ],
    ['14 minutes ago', () => ({ now: daypass.clock.now() - 14 * 60_000 })],
    ['14 minutes ahead', () => ({ now: daypass.clock.now() + 14 * 60_000 })],
    ['with a session name', () => ({ body: input({ roleSessionName: 'nightly' }) })],
    [
      'with all that AWS knows',
      () => ({ body: input({ sessionName: 'x', instanceProperties: { host: 'a' }, cert: 'x' }) }),
    ],
    ['with nulls', () => ({ body: input({ durationSeconds: null, roleSessionName: null }) })],
  ])('takes a request signed %s', async (_what, signing) => {
    expect((await ask(signing())).status).toBe(201)
  })

  it('takes the ARNs in the query string, as AWS’s credential helper sends them', async () => {
    const arns = { profileArn: PROFILE, roleArn: roleArn('service'), trustAnchorArn: TRUST_ANCHOR }
    const rawQuery = new URLSearchParams(arns).toString()
    expect((await ask({ rawQuery, body: '{"durationSeconds":900}' })).status).toBe(201)
    expect((await ask({ rawQuery, body: '' })).status).toBe(201)
    expect(refusal(await ask({ rawQuery, body: input() }))).toEqual(INVALID)
    expect(
      refusal(await ask({ rawQuery: `${rawQuery}&roleArn=${encodeURIComponent(roleArn('both'))}`, body: '{}' })),
    ).toEqual(INVALID)
    expect(refusal(await ask({ rawQuery: `${rawQuery}&x=y`, body: '{}' }))).toEqual(INVALID)
  })

  it('makes one read and one write', async () => {
    const before = daypass.trips.total()
    expect((await ask()).status).toBe(201)
    expect(daypass.trips.total() - before).toBe(2)
  })

  it.each<[string, (honest: SignedRequest) => Partial<HttpRequest>]>([
    ['another body', () => ({ body: Buffer.from(input({ durationSeconds: 3601 })) })],
    ['a query', () => ({ rawQuery: 'x=y' })],
    ['another host', ({ headers }) => ({ headers: { ...headers, host: 'other.example' } })],
    ['another time', ({ headers }) => ({ headers: { ...headers, 'x-amz-date': '20260101T000001Z' } })],
    ['another content type', ({ headers }) => ({ headers: { ...headers, 'content-type': 'text/plain' } })],
    ['another certificate', ({ headers }) => ({ headers: { ...headers, 'x-amz-x509': app().der.toString('base64') } })],
    ['no time', ({ headers: { 'x-amz-date': _, ...headers } }) => ({ headers })],
    ['no certificate', ({ headers: { 'x-amz-x509': _, ...headers } }) => ({ headers })],
    ['a chain', ({ headers }) => ({ headers: { ...headers, 'x-amz-x509-chain': sub.der.toString('base64') } })],
    ['a header of AWS more', ({ headers }) => ({ headers: { ...headers, 'x-amz-meta': 'x' } })],
    ['another region', altered('/eu-west-1/', '/eu-west-2/')],
    [
      'another serial number',
      ({ headers }) => authorization(headers, (text) => text.replace(/Credential=\d+/, 'Credential=12345')),
    ],
    ['a serial number with a zero before it', altered('Credential=', 'Credential=0')],
    [
      'an altered signature',
      ({ headers }) => authorization(headers, (text) => text.replace(/.$/, (last) => (last === '0' ? '1' : '0'))),
    ],
    [
      'a signature in capitals',
      ({ headers }) => authorization(headers, (text) => text.replace(/[0-9a-f]+$/, (digits) => digits.toUpperCase())),
    ],
    [
      'an empty signature',
      ({ headers }) => authorization(headers, (text) => text.replace(/Signature=.*/, 'Signature=')),
    ],
    ['a part twice', ({ headers }) => authorization(headers, (text) => text.replace(/Credential=[^,]+/, '$&, $&'))],
    ['another scheme of the family', altered('AWS4-X509-ECDSA-SHA256', 'AWS4-X509-MLDSA')],
    ['the scheme of another key', altered('AWS4-X509-ECDSA-SHA256', 'AWS4-X509-RSA-SHA256')],
    ['the scheme of secrets', altered('AWS4-X509-ECDSA-SHA256', 'AWS4-HMAC-SHA256')],
    ['no signature', ({ headers: { authorization: _, ...headers } }) => ({ headers })],
  ])('refuses a request that was given %s after it was signed', async (_what, change) => {
    const certificate = app()
    const honest = signed({ certificate })
    expect((await handle(honest)).status).toBe(201)
    expect(refusal(await handle(honest, change(honest)))).toEqual(DENIED)
  })

  function authorization(headers: SignedRequest['headers'], change: (text: string) => string): Partial<HttpRequest> {
    return { headers: { ...headers, authorization: change(headers.authorization ?? '') } }
  }
  function altered(from: string, to: string) {
    return ({ headers }: SignedRequest) => authorization(headers, (text) => text.replace(from, to))
  }

  it.each<[string, () => Partial<X509Signing>]>([
    ['16 minutes ago', () => ({ now: daypass.clock.now() - 16 * 60_000 })],
    ['16 minutes ahead', () => ({ now: daypass.clock.now() + 16 * 60_000 })],
    ['for another service', () => ({ service: 'sts' })],
    ['without its host', () => ({ unsigned: ['host'] })],
    ['without its time', () => ({ unsigned: ['x-amz-date'] })],
    ['without its certificate', () => ({ unsigned: ['x-amz-x509'] })],
    ['without its chain', () => ({ chain: [sub], unsigned: ['x-amz-x509-chain'] })],
    ['with another body’s hash', () => ({ headers: { 'x-amz-content-sha256': '0'.repeat(64) } })],
    ['with an unsigned body', () => ({ headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } })],
    ['by another key with the serial number of another', () => ({ certificate: { ...app(), ...ecKey() } })],
    ['by a certificate of another authority', () => ({ certificate: makeCertificate({ by: makeAuthority() }) })],
    ['by a certificate of another provider', () => ({ certificate: app({ by: acme }) })],
    ['by a certificate without its chain', () => ({ certificate: app({ by: sub }) })],
    ['by a certificate that has expired', () => ({ certificate: app({ to: daypass.clock.now() - 1000 }) })],
    ['by a certificate that is not valid yet', () => ({ certificate: app({ from: daypass.clock.now() + 1000 }) })],
    ['by a server’s certificate', () => ({ certificate: app({ purposes: ['1.3.6.1.5.5.7.3.1'] }) })],
    ['by an authority', () => ({ certificate: ca })],
    ['by a certificate that signed itself', () => ({ certificate: makeCertificate() })],
    ['with EC in the name of RSA', () => ({ algorithm: 'AWS4-X509-RSA-SHA256' })],
    [
      'with RSA in the name of EC',
      () => ({ certificate: app({ key: rsaKey() }), algorithm: 'AWS4-X509-ECDSA-SHA256' }),
    ],
    ['with RSA-1024', () => ({ certificate: app({ key: rsaKey(1024) }) })],
    ['with a chain of six', () => ({ certificate: app({ by: sub }), chain: [sub, ca, sub, ca, sub, ca] })],
    ['with a chain that is none', () => ({ headers: { 'x-amz-x509-chain': 'AAAA' } })],
    [
      'with two certificates',
      () => ({ headers: { 'x-amz-x509': [app(), app()].map(({ der }) => der.toString('base64')).join() } }),
    ],
    ['with PEM', () => ({ headers: { 'x-amz-x509': app().pem.replaceAll('\n', ' ') } })],
  ])('refuses a request signed %s', async (_what, signing) => {
    expect(refusal(await ask(signing()))).toEqual(DENIED)
  })

  it('checks no signature with a weak key, which an absurd one could make last', async () => {
    const { body } = await ask({ certificate: app({ key: rsaKey(1024) }) })
    expect(body.message).toMatch(/: its key is weak/)
  })

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a member twice', `${input().slice(0, -1)},"roleArn":"${roleArn('both')}"}`],
    ['an unknown member', input({ policy: '{}' })],
    ['no role', input({ roleArn: undefined })],
    ['no trust anchor', input({ trustAnchorArn: undefined })],
    ['no profile', input({ profileArn: undefined })],
    ['a role that is a list', input({ roleArn: [roleArn('service')] })],
    ['a role that is a user', input({ roleArn: `arn:aws:iam::${ACCOUNT}:user/someone` })],
    ['899 seconds', input({ durationSeconds: 899 })],
    ['43,201 seconds', input({ durationSeconds: 43_201 })],
    ['half a second', input({ durationSeconds: 900.5 })],
    ['seconds as text', input({ durationSeconds: '3600' })],
    ['more than the role’s longest session', input({ durationSeconds: 7201 })],
    ['a session name of one letter', input({ roleSessionName: 'a' })],
    ['a session name with a slash', input({ roleSessionName: 'a/b' })],
  ])('refuses %s', async (_what, body) => {
    expect(refusal(await ask({ body }))).toEqual(INVALID)
  })

  it('refuses every other method and path, and large bodies', async () => {
    const honest = signed()
    expect(refusal(await handle(honest, { method: 'GET' }))).toEqual(INVALID)
    expect(refusal(await handle(honest, { path: '/sessions/' }))).toEqual(INVALID)
    expect(refusal(await ask({ body: ' '.repeat(65_537) }))).toEqual([413, 'ValidationException'])
  })

  it('refuses a certificate that was revoked, and everybody while that cannot be known', async () => {
    await deploy({ [`${T}CRL`]: pemOf('X509 CRL', makeRevocationList(ca, { revoked: [revoked] })) })
    expect((await ask()).status).toBe(201)
    expect(refusal(await ask({ certificate: revoked }))).toEqual(DENIED)
    await deploy({ [`${T}CRL`]: pemOf('X509 CRL', makeRevocationList(ca, { to: daypass.clock.now() })) })
    expect(refusal(await ask())).toEqual([503, 'ServiceUnavailableException'])
  })

  it('ends a session with its certificate at the latest', async () => {
    const { body } = await ask({ certificate: app({ to: daypass.clock.now() + 60_000 }) })
    expect(body.credentialSet[0].credentials.expiration).toBe('2026-01-01T00:01:00Z')
  })

  it('leaves an audit record, without certificate and signature', async () => {
    const request = signed()
    await handle(request)
    expect(daypass.logged.at(-1)).toMatchObject({
      event: 'exchange',
      service: 'rolesanywhere',
      action: 'CreateSession',
      outcome: 'granted',
      role: roleArn('service'),
      source: 'certificate/default',
      subject: 'CN=app,OU=Ops,O=Engineering',
    })
    await ask({ certificate: app({ by: acme }) })
    expect(daypass.logged.at(-1)).toMatchObject({ outcome: 'refused', code: 'InvalidIdentityToken' })
    const all = JSON.stringify(daypass.logged)
    for (const secret of [request.headers['x-amz-x509'], request.headers.authorization])
      expect(all).not.toContain(secret)
  })
})

describe('a trust anchor', () => {
  const anchors = (trustAnchorArn: string, profileArn = PROFILE, certificate: Made = app()) =>
    ask({ certificate, body: input({ trustAnchorArn, profileArn }) })

  it('is a certificate provider by its name, or by an id that the operator gave it, in any region', async () => {
    await deploy({ [`${T}TRUST_ANCHORS`]: '6a1b-anchor', [`${T}PROFILES`]: '7c2d-profile' })
    const by = (id: string) => TRUST_ANCHOR.replace('default', id)
    expect((await anchors(by('6a1b-anchor'), PROFILE.replace('default', '7c2d-profile'))).status).toBe(201)
    expect((await anchors(by('6a1b-anchor'))).status).toBe(201)
    expect((await anchors(TRUST_ANCHOR.replace('eu-west-1', 'us-east-2'))).status).toBe(201)
    expect(refusal(await anchors(by('7c2d-profile')))).toEqual(DENIED)
  })

  it.each<[string, string, string]>([
    ['an unknown trust anchor', TRUST_ANCHOR.replace('default', 'none'), PROFILE],
    ['an unknown profile', TRUST_ANCHOR, PROFILE.replace('default', 'none')],
    ['a trust anchor and a profile of two providers', TRUST_ANCHOR, PROFILE.replace('default', 'acme')],
    ['a trust anchor of another account', TRUST_ANCHOR.replace(ACCOUNT, '111122223333'), PROFILE],
    ['a trust anchor of another service', TRUST_ANCHOR.replace('rolesanywhere', 'iam'), PROFILE],
    ['a profile for a trust anchor', PROFILE, PROFILE],
    ['another provider’s', TRUST_ANCHOR.replace('default', 'acme'), PROFILE.replace('default', 'acme')],
    ['what is behind a name', `${TRUST_ANCHOR}/x`, PROFILE],
    ['no ARN', 'default default default default', PROFILE],
  ])('is not %s; all of them are refused alike', async (_what, anchor, profile) => {
    const answer = await anchors(anchor, profile)
    expect(refusal(answer)).toEqual(DENIED)
    expect(answer.body.message).toMatch(/no certificate provider trusts its issuer/)
  })
})

describe('a role of CreateSession', () => {
  it('may trust the service, as AWS documents it; the session has the certificate’s tags and source identity', async () => {
    const answer = await take('service')
    expect(answer.body.credentialSet[0].sourceIdentity).toBe('app')
    expect((await keyInfo(answer)).status).toBe(200)
    expect((await keyInfo(await take('service', app({ subject: { OU: 'Ops', CN: 'other' } })))).error?.Code).toBe(
      'AccessDenied',
    )
  })

  it('may trust the certificate provider; the session has the certificate’s keys and no tags', async () => {
    const answer = await take('provider')
    expect(answer.body.credentialSet[0]).not.toHaveProperty('sourceIdentity')
    expect((await keyInfo(answer)).status).toBe(200)
  })

  it('that trusts both is taken in AWS’s way', async () => {
    expect((await take('both')).body.credentialSet[0].sourceIdentity).toBe('app')
  })

  it.each(['documented', 'identity', 'account-of-anchor'])('may ask what AWS documents: %s', async (name) => {
    expect((await take(name)).status).toBe(201)
  })

  it.each<[string, string, CertificateOptions]>([
    ['whose condition on the subject is not met', 'documented', { subject: { OU: 'Dev', CN: 'app' } }],
    ['whose condition on the subject cannot be met', 'documented', { subject: { CN: 'app' } }],
    ['whose condition on the source identity is not met', 'identity', { subject: { CN: 'x-app' } }],
    ['whose condition on a name is not met', 'identity', { names: [dns('a.example')] }],
    ['for another trust anchor', 'other-anchor', {}],
    ['that may not be tagged', 'no-tags', {}],
    ['that lets nobody set a source identity', 'no-source-identity', {}],
    ['of another service', 'other-service', {}],
    ['of every AWS principal', 'everyone', {}],
    ['that denies the service', 'denied-by-service', {}],
    ['that denies the provider', 'denied-by-provider', {}],
    ['that does not exist', 'nothing', {}],
    // Its tags would say something else than the certificate.
    ['by the service, of a subject with two units', 'service', { subject: { OU: ['Ops', 'Dev'], CN: 'app' } }],
    ['by the service, of a subject that cannot be a tag', 'service', { subject: { OU: 'a*', CN: 'app' } }],
    ['by the service, of a common name that is no source identity', 'service', { subject: { CN: 'a b' } }],
    ['by the service, of no common name', 'service', { subject: { OU: 'Ops' } }],
  ])('is refused: one %s', async (_what, name, options) => {
    const answer = await take(name, app(options))
    expect(refusal(answer)).toEqual(DENIED)
    expect(answer.body).toEqual({ message: 'Not authorized to perform sts:AssumeRole' })
  })

  it('of another account is refused, whom ever it trusts', async () => {
    const body = input({ roleArn: roleArn('guest', '111122223333') })
    expect(refusal(await ask({ body }))).toEqual(DENIED)
  })

  it('that trusts the provider takes a subject that AWS’s way cannot name', async () => {
    const { status } = await take('both', app({ subject: { OU: ['Ops', 'Dev'], CN: 'app' } }))
    expect(status).toBe(201)
  })
})
