import { userKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { iamService } from '../../functions/iam/action.ts'
import { ALICE, accounts, allow, BOB, CAROL, deny, ROOT, roleArn } from '../assume-role/accounts.ts'
import { callerOf, may } from '../support/decisions.ts'
import { ACCOUNT, type Answer, credentialsOf, type Deployment, deployment } from '../support/deployment.ts'
import { type SigningCredentials, signRequest } from '../support/sign.ts'

const OBJECT = 'arn:aws:s3:::b/k'
const GUEST = `arn:aws:sts::${ACCOUNT}:federated-user/guest`
const S3 = JSON.stringify(allow('s3:*'))
const EVERYTHING = JSON.stringify(allow('*'))

let daypass: Deployment
beforeEach(async () => {
  daypass = await deployment(...accounts)
  const policies = { s3: JSON.stringify(allow(['s3:Get*', 'sts:GetFederationToken'])) }
  await daypass.deps.store.update(userKey(ACCOUNT, 'bob'), { set: { inlinePolicies: policies } })
})

const federate = (who: SigningCredentials, more: Record<string, string> = {}) =>
  daypass.signed(who, { Action: 'GetFederationToken', Name: 'guest', ...more })
const session = async (who: SigningCredentials, more: Record<string, string> = {}) =>
  credentialsOf(await federate(who, more))
const secondsOf = ({ result }: Answer) => (Date.parse(result.Credentials.Expiration) - daypass.clock.now()) / 1000
const bucketPolicy = (AWS: string) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS }, Action: 's3:PutObject', Resource: OBJECT },
})

describe('GetFederationToken', () => {
  it('gives a session of the one who was named', async () => {
    const { result } = await federate(BOB)
    expect(result.FederatedUser).toEqual({ FederatedUserId: `${ACCOUNT}:guest`, Arn: GUEST })
    const identity = await daypass.signed(credentialsOf({ result } as Answer), { Action: 'GetCallerIdentity' })
    expect(identity.result).toEqual({ Account: ACCOUNT, Arn: GUEST, UserId: `${ACCOUNT}:guest` })
    const contextKeys = (await callerOf(daypass, await session(BOB))).contextKeys()
    expect(contextKeys.get('aws:PrincipalType')).toEqual(['FederatedUser'])
    expect(contextKeys.has('aws:username')).toBe(false)
  })

  it('needs the right to it', async () => {
    const { error, status } = await federate(CAROL)
    expect([error?.Code, status]).toEqual(['AccessDenied', 403])
    expect(error?.Message).toContain(
      `is not authorized to perform: sts:GetFederationToken on resource: ${GUEST} because`,
    )
  })

  it('costs three round trips without a policy of its user’s to read, and looks at no second factor', async () => {
    const before = daypass.trips.total()
    const more = {
      'PolicyArns.member.1.arn': `arn:aws:iam::${ACCOUNT}:policy/limit`,
      SerialNumber: `arn:aws:iam::${ACCOUNT}:mfa/phone`,
    }
    expect((await federate(BOB, more)).status).toBe(200)
    expect(daypass.trips.total() - before).toBe(3)
  })

  it('is refused with temporary credentials, also those of root itself', async () => {
    for (const who of [ROOT, ALICE]) {
      const own = credentialsOf(await daypass.signed(who, { Action: 'AssumeRole' }))
      const { error } = await federate(own)
      expect([error?.Code, error?.Message]).toEqual([
        'AccessDenied',
        'Cannot call GetFederationToken with session credentials',
      ])
    }
  })

  it.each([
    ['BOB', BOB, undefined, 43_200],
    ['BOB', BOB, '900', 900],
    ['BOB', BOB, '129600', 129_600],
    ['root', ROOT, undefined, 3600],
    ['root', ROOT, '129600', 3600],
  ])('lasts for %s (%o) who asks for %s seconds %d', async (_who, who, asked, seconds) => {
    expect(secondsOf(await federate(who, asked === undefined ? {} : { DurationSeconds: asked }))).toBe(seconds)
  })

  it.each([
    ['no name', { Name: '' }],
    ['a name of one character', { Name: 'g' }],
    ['a name of thirty-three characters', { Name: 'g'.repeat(33) }],
    ['a name with a slash', { Name: 'a/b' }],
    ['899 seconds', { DurationSeconds: '899' }],
    ['129,601 seconds', { DurationSeconds: '129601' }],
    ['a policy that does not exist', { 'PolicyArns.member.1.arn': `arn:aws:iam::${ACCOUNT}:policy/none` }],
  ])('refuses %s', async (_what, params) => {
    const { error, status } = await federate(BOB, params)
    expect([error?.Code, status]).toEqual(['ValidationError', 400])
  })

  it('takes tags from those who may set them', async () => {
    const tag = { 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'blue' }
    expect((await federate(BOB, tag)).error?.Code).toBe('AccessDenied')
    const contextKeys = (await callerOf(daypass, await session(ALICE, tag))).contextKeys()
    expect(contextKeys.get('aws:PrincipalTag/team')).toEqual(['blue'])
  })
})

describe('a federated user', () => {
  it.each([
    ['nothing without a session policy', {}, 's3:GetObject', false],
    ['what both the user and the policy allow', { Policy: S3 }, 's3:GetObject', true],
    ['nothing that the policy alone allows', { Policy: S3 }, 's3:PutObject', false],
    [
      'nothing that the user alone is allowed',
      { Policy: JSON.stringify(allow('s3:PutObject')) },
      's3:GetObject',
      false,
    ],
    ['nothing that the policy denies', { Policy: JSON.stringify(deny('s3:GetObject')) }, 's3:GetObject', false],
    [
      'what a managed session policy allows',
      { 'PolicyArns.member.1.arn': `arn:aws:iam::${ACCOUNT}:policy/limit` },
      's3:GetObject',
      true,
    ],
  ])('may do %s', async (_what, params, action, expected) => {
    expect(await may(daypass, await session(BOB, params), action, OBJECT)).toBe(expected)
  })

  it('may do what a resource policy grants to its own ARN, and to no other name', async () => {
    const guest = await session(BOB)
    expect(await may(daypass, guest, 's3:PutObject', OBJECT, bucketPolicy(GUEST))).toBe(true)
    expect(await may(daypass, guest, 's3:PutObject', OBJECT, bucketPolicy(`${GUEST}-2`))).toBe(false)
  })

  it('stays within its session policies where a resource policy names the user', async () => {
    const policy = bucketPolicy(`arn:aws:iam::${ACCOUNT}:user/bob`)
    expect(await may(daypass, await session(BOB), 's3:PutObject', OBJECT, policy)).toBe(false)
    expect(await may(daypass, await session(BOB, { Policy: S3 }), 's3:PutObject', OBJECT, policy)).toBe(true)
  })

  it('of root has what the session policy says, and no more', async () => {
    const guest = await session(ROOT, { Policy: S3 })
    expect(await may(daypass, guest, 's3:PutObject', OBJECT)).toBe(true)
    expect(await may(daypass, guest, 'iam:CreateUser', '*')).toBe(false)
    expect(await may(daypass, await session(ROOT), 's3:PutObject', OBJECT)).toBe(false)
  })

  it.each([
    ['AssumeRole', { RoleArn: roleArn('everyone'), RoleSessionName: 'guest' }],
    ['GetSessionToken', {}],
    ['GetFederationToken', { Name: 'guest' }],
    ['GetAccessKeyInfo', { AccessKeyId: 'AKIABOB' }],
    ['DecodeAuthorizationMessage', { EncodedMessage: 'x' }],
    ['RevokeSessions', { AllOfAccount: 'true' }],
  ])('may not call %s, whatever its policies say', async (Action, params) => {
    const guest = await session(ALICE, { Policy: EVERYTHING })
    const { error, status } = await daypass.signed(guest, { Action, ...params })
    expect([error?.Code, status]).toEqual(['AccessDenied', 403])
  })

  it('may not call IAM, whatever its policies say', async () => {
    const guest = await session(ROOT, { Policy: EVERYTHING })
    const signing = { service: 'iam', region: 'us-east-1', now: daypass.clock.now() }
    const url = 'https://iam.example/?Action=ListUsers&Version=2010-05-08'
    const ask = async (who: SigningCredentials) => {
      const blank = { sourceIp: '192.0.2.1', secure: true, requestId: 'test' }
      return iamService(daypass.deps)({ ...blank, ...signRequest({ ...who, ...signing, method: 'GET', url }) })
    }
    expect((await ask(ROOT)).status).toBe(200)
    expect((await ask(guest)).status).toBe(403)
  })

  it('ends with its user', async () => {
    const guest = await session(BOB, { Policy: S3 })
    await daypass.deps.store.remove(userKey(ACCOUNT, 'bob'))
    expect((await daypass.signed(guest, { Action: 'GetCallerIdentity' })).error?.Code).toBe('InvalidClientTokenId')
  })
})
