import { accountKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { frontDoor } from '../../functions/front-door/action.ts'
import { ALICE, accounts, BOB, EVE, OTHER, ROOT, roleArn, rootOf } from '../assume-role/accounts.ts'
import { may } from '../support/decisions.ts'
import { ACCOUNT, credentialsOf, type Deployment, deployment } from '../support/deployment.ts'
import { type SigningCredentials, signRequest } from '../support/sign.ts'

const task = (name: string) => `arn:aws:iam::aws:policy/root-task/${name}`
const AUDIT = task('IAMAuditRootUserCredentials')

let daypass: Deployment
beforeEach(async () => {
  daypass = await deployment(...accounts)
})

const assumeRoot = (who: SigningCredentials, more: Record<string, string> = {}) =>
  daypass.signed(who, { Action: 'AssumeRoot', TargetPrincipal: OTHER, 'TaskPolicyArn.arn': AUDIT, ...more })

describe('AssumeRoot', () => {
  it.each([
    ['the account’s id', OTHER],
    ['its root’s ARN', rootOf(OTHER)],
    ['the empty id', ''],
  ])(
    'gives an administrator of the default account the root of another, named by %s',
    async (_what, TargetPrincipal) => {
      const answer = await assumeRoot(ALICE, { TargetPrincipal })
      expect(answer.result.Credentials.Expiration).toBe('2026-01-01T00:15:00Z')
      const { result } = await daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })
      expect(result.Arn).toBe(TargetPrincipal === '' ? 'arn:aws:iam:::root' : rootOf(OTHER))
    },
  )

  it.each([
    ['IAMAuditRootUserCredentials', 'iam:ListAccessKeys', rootOf(OTHER), true],
    ['IAMAuditRootUserCredentials', 'iam:ListAccessKeys', `arn:aws:iam::${OTHER}:user/eve`, false],
    ['IAMAuditRootUserCredentials', 'iam:GetAccountSummary', '*', true],
    ['IAMAuditRootUserCredentials', 'iam:DeleteAccessKey', rootOf(OTHER), false],
    ['IAMAuditRootUserCredentials', 's3:GetObject', 'arn:aws:s3:::b/k', false],
    ['IAMCreateRootUserPassword', 'iam:CreateLoginProfile', rootOf(OTHER), true],
    ['IAMCreateRootUserPassword', 'iam:CreateUser', `arn:aws:iam::${OTHER}:user/x`, false],
    ['IAMDeleteRootUserCredentials', 'iam:DeleteAccessKey', rootOf(OTHER), true],
    ['IAMDeleteRootUserCredentials', 'iam:DeleteAccessKey', `arn:aws:iam::${OTHER}:user/eve`, false],
    ['S3UnlockBucketPolicy', 's3:DeleteBucketPolicy', 'arn:aws:s3:::b', true],
    ['S3UnlockBucketPolicy', 's3:DeleteBucket', 'arn:aws:s3:::b', false],
    ['SQSUnlockQueuePolicy', 'sqs:SetQueueAttributes', 'arn:aws:sqs:us-east-1:111111111111:q', true],
    ['SQSUnlockQueuePolicy', 'sqs:SendMessage', 'arn:aws:sqs:us-east-1:111111111111:q', false],
  ])('limits %s so that %s on %s is %s', async (name, action, resource, expected) => {
    const root = credentialsOf(await assumeRoot(ALICE, { 'TaskPolicyArn.arn': task(name) }))
    expect(await may(daypass, root, action, resource)).toBe(expected)
  })

  it.each([
    ['a caller without the right', BOB, {}],
    ['an administrator of another account', EVE, { TargetPrincipal: ACCOUNT }],
    ['an administrator of another account for that account', EVE, {}],
    ['the default account itself', ALICE, { TargetPrincipal: ACCOUNT }],
    ['an account that is not there', ALICE, { TargetPrincipal: '222222222222' }],
  ])('refuses %s', async (_what, who, params) => {
    const { error, status } = await assumeRoot(who, params)
    expect([error?.Code, status]).toEqual(['AccessDenied', 403])
    expect(error?.Message).toMatch(
      /is not authorized to perform: sts:AssumeRoot on resource: arn:aws:iam::\w+:root\. Encoded/,
    )
  })

  it.each([
    ['a task that AWS does not have', { 'TaskPolicyArn.arn': task('Everything') }],
    ['a policy that is no task', { 'TaskPolicyArn.arn': 'arn:aws:iam::aws:policy/AdministratorAccess' }],
    ['the ARN of a user', { TargetPrincipal: `arn:aws:iam::${OTHER}:user/eve` }],
    ['the reserved account', { TargetPrincipal: 'aws' }],
    ['901 seconds', { DurationSeconds: '901' }],
    ['a negative duration', { DurationSeconds: '-1' }],
  ])('refuses %s', async (_what, params) => {
    expect((await assumeRoot(ALICE, params)).error?.Code).toBe('ValidationError')
  })

  it('is root’s too, and a role session’s, whose end it shares', async () => {
    expect((await assumeRoot(ROOT)).status).toBe(200)
    const role = { Action: 'AssumeRole', RoleArn: roleArn('tagged'), RoleSessionName: 'alice', SourceIdentity: 'alice' }
    const session = credentialsOf(await daypass.signed(ALICE, role))
    expect((await assumeRoot(session)).error?.Code).toBe('AccessDenied')
    const own = credentialsOf(await daypass.signed(ALICE, { Action: 'AssumeRole' }))
    const root = credentialsOf(await assumeRoot(own))
    await daypass.signed(own, { Action: 'RevokeSessions' })
    expect((await daypass.signed(root, { Action: 'GetCallerIdentity' })).error?.Code).toBe('InvalidClientTokenId')
  })

  it('gives nothing that may take roles or make sessions', async () => {
    const root = credentialsOf(await assumeRoot(ALICE))
    for (const Action of ['AssumeRole', 'GetSessionToken', 'GetFederationToken', 'AssumeRoot']) {
      const params = { Name: 'guest', TargetPrincipal: ACCOUNT, 'TaskPolicyArn.arn': AUDIT }
      expect((await daypass.signed(root, { Action, ...params })).error?.Code).toBe('AccessDenied')
    }
  })

  it('ends with its account', async () => {
    const root = credentialsOf(await assumeRoot(ALICE))
    await daypass.deps.store.remove(accountKey(OTHER))
    expect((await daypass.signed(root, { Action: 'GetCallerIdentity' })).error?.Code).toBe('InvalidClientTokenId')
  })

  it('is refused to everyone while the deployment names no default account', async () => {
    const { defaultAccount: _none, ...deps } = daypass.deps
    const body = new URLSearchParams({
      Action: 'AssumeRoot',
      Version: '2011-06-15',
      TargetPrincipal: OTHER,
      'TaskPolicyArn.arn': AUDIT,
    })
    const signing = { service: 'sts', region: 'us-east-1', now: daypass.clock.now() }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const request = signRequest({
      ...ROOT,
      ...signing,
      headers,
      method: 'POST',
      url: 'https://sts.example/',
      body: String(body),
    })
    const { status } = await frontDoor(deps)({ ...request, sourceIp: '192.0.2.1', secure: true, requestId: 'test' })
    expect(status).toBe(403)
  })
})
