import { auditTrail, cloudTrailRecord, type ExchangeRecord } from '@daypass/core/audit/cloudtrail.ts'
import type { LogRecord } from '@daypass/core/deps.ts'
import { describe, expect, it } from 'vitest'

const PLACE = { region: 'eu-test-1', now: () => Date.parse('2026-01-01T00:00:00.999Z') }
const ROLE = 'arn:aws:iam::000000000000:role/S3Access'

const granted: ExchangeRecord = {
  event: 'exchange',
  service: 'sts',
  action: 'AssumeRoleWithWebIdentity',
  outcome: 'granted',
  requestId: 'request-1',
  sourceIp: '192.0.2.1',
  userAgent: 'aws-cli/2',
  durationMs: 4,
  role: ROLE,
  provider: 'arn:aws:iam::000000000000:oidc-provider/login.example',
  subject: 'alice',
  accessKeyId: 'ASIAAAAAAAAAAAAAAAAA',
  tokenSha256: 'ab'.repeat(32),
}
const of = (changes: Partial<ExchangeRecord>) => cloudTrailRecord({ ...granted, ...changes }, PLACE)

describe('an audit event', () => {
  it('of a granted exchange has the members that CloudTrail gives it', () => {
    expect(of({})).toEqual({
      eventVersion: '1.11',
      userIdentity: {
        type: 'WebIdentityUser',
        principalId: 'arn:aws:iam::000000000000:oidc-provider/login.example:alice',
        userName: 'alice',
        identityProvider: 'arn:aws:iam::000000000000:oidc-provider/login.example',
      },
      eventTime: '2026-01-01T00:00:00Z',
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRoleWithWebIdentity',
      awsRegion: 'eu-test-1',
      sourceIPAddress: '192.0.2.1',
      userAgent: 'aws-cli/2',
      requestParameters: { roleArn: ROLE },
      responseElements: { credentials: { accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' } },
      additionalEventData: { outcome: 'granted', durationMs: 4, tokenSha256: 'ab'.repeat(32) },
      requestID: 'request-1',
      eventID: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      readOnly: true,
      eventType: 'AwsApiCall',
      managementEvent: true,
      eventCategory: 'Management',
      recipientAccountId: '000000000000',
    })
  })

  it('of a refusal has its code and reason, and no credentials', () => {
    const refused = of({ outcome: 'refused', code: 'AccessDenied', reason: 'no trust', accessKeyId: undefined })
    expect(refused).toMatchObject({ errorCode: 'AccessDenied', errorMessage: 'no trust', responseElements: null })
    expect(of({})).not.toHaveProperty('errorCode')
  })

  it('has an id that the request decides', () => {
    expect(of({}).eventID).toBe(of({ sourceIp: '192.0.2.9' }).eventID)
    expect(of({}).eventID).not.toBe(of({ requestId: 'request-2' }).eventID)
  })

  it.each([
    ['GetCallerIdentity', true],
    ['ListUsers', true],
    ['SimulateCustomPolicy', true],
    ['CreateUser', false],
    ['RevokeSessions', false],
  ])('of %s says whether it only reads: %s', (action, readOnly) => {
    expect(of({ action }).readOnly).toBe(readOnly)
  })

  it('of an action that nobody knows is named all the same', () => {
    expect(of({ action: undefined }).eventName).toBe('Unknown')
  })

  it('belongs to the account of the role, or else to that of the caller', () => {
    const caller = 'arn:aws:iam::111122223333:user/bob'
    expect(of({ caller }).recipientAccountId).toBe('000000000000')
    expect(of({ caller, role: undefined }).recipientAccountId).toBe('111122223333')
    expect(of({ role: undefined })).not.toHaveProperty('recipientAccountId')
  })

  it('keeps whatever else is known of the exchange', () => {
    expect(of({ claimedIssuer: 'https://login.example' }).additionalEventData).toMatchObject({
      claimedIssuer: 'https://login.example',
    })
  })
})

describe('who asked', () => {
  const ACCOUNT = '000000000000'
  const key = { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', accountId: ACCOUNT }
  it.each<[string, string, object]>([
    ['root', `arn:aws:iam::${ACCOUNT}:root`, { type: 'Root' }],
    ['a user with a path', `arn:aws:iam::${ACCOUNT}:user/team/alice`, { type: 'IAMUser', userName: 'alice' }],
    [
      'a role session',
      `arn:aws:sts::${ACCOUNT}:assumed-role/S3Access/alice`,
      {
        type: 'AssumedRole',
        sessionContext: { sessionIssuer: { type: 'Role', accountId: ACCOUNT, userName: 'S3Access' } },
      },
    ],
    ['a federated user', `arn:aws:sts::${ACCOUNT}:federated-user/guest`, { type: 'FederatedUser' }],
    ['a principal of another form', `arn:aws:sts::${ACCOUNT}:other/guest`, { type: 'Unknown' }],
  ])('is told of %s that signed', (_who, caller, expected) => {
    const { userIdentity } = of({ caller, callerAccessKeyId: key.accessKeyId })
    expect(userIdentity).toEqual({ arn: caller, ...key, ...expected })
  })

  it('is the empty account of a caller who has one', () => {
    expect(of({ caller: 'arn:aws:iam:::user/alice' }).userIdentity).toMatchObject({ type: 'IAMUser', accountId: '' })
  })

  it.each([
    ['oidc/default', 'WebIdentityUser'],
    ['ldap/default', 'DirectoryUser'],
    ['certificate/default', 'CertificateUser'],
    ['token/default', 'CustomTokenUser'],
  ])('is told of an identity of the source %s', (source, type) => {
    const { userIdentity } = of({ source, provider: undefined })
    expect(userIdentity).toEqual({ type, principalId: `${source}:alice`, userName: 'alice', identityProvider: source })
  })

  it.each([
    ['saml-provider/idp', 'SAMLUser'],
    ['ldap-provider/default', 'DirectoryUser'],
    ['oidc-provider/login.example', 'WebIdentityUser'],
  ])('is told of an identity of %s', (provider, type) => {
    expect(of({ provider: `arn:aws:iam::${ACCOUNT}:${provider}` }).userIdentity).toMatchObject({ type })
  })

  it('is unknown as long as nothing is proven', () => {
    expect(of({ subject: undefined }).userIdentity).toEqual({ type: 'Unknown' })
  })
})

it('a log in this form leaves all other records as they are', () => {
  const written: LogRecord[] = []
  const keep = (record: LogRecord) => void written.push(record)
  const log = auditTrail({ info: keep, warn: keep, error: keep }, PLACE)
  log.warn({ event: 'TableNotWarm', failure: 'x' })
  log.error(granted)
  log.info(granted)
  expect(written[0]).toEqual({ event: 'TableNotWarm', failure: 'x' })
  expect(written.slice(1)).toEqual([
    { event: 'exchange', ...of({}) },
    { event: 'exchange', ...of({}) },
  ])
})
