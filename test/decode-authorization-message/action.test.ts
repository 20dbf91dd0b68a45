import { userKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ALICE, accounts, allow, BOB, EVE, ROOT, roleArn } from '../assume-role/accounts.ts'
import { ACCOUNT, type Deployment, deployment } from '../support/deployment.ts'
import type { SigningCredentials } from '../support/sign.ts'

let daypass: Deployment
beforeEach(async () => {
  daypass = await deployment(...accounts)
})

const decode = (who: SigningCredentials, EncodedMessage: string) =>
  daypass.signed(who, { Action: 'DecodeAuthorizationMessage', EncodedMessage })

async function denial(who: SigningCredentials, params: Record<string, string>): Promise<string> {
  const { error } = await daypass.signed(who, params)
  return /Encoded authorization failure message: ([\w-]+)$/.exec(error?.Message ?? '')?.[1] ?? expect.fail('not denied')
}
const ofBob = () => denial(BOB, { Action: 'GetAccessKeyInfo', AccessKeyId: 'AKIAALICE' })

describe('DecodeAuthorizationMessage', () => {
  it('tells those who may know why a caller of their account was denied', async () => {
    const { result } = await decode(ALICE, await ofBob())
    expect(JSON.parse(result.DecodedMessage)).toMatchObject({
      allowed: false,
      explicitDeny: false,
      context: {
        action: 'sts:GetAccessKeyInfo',
        resource: '*',
        principal: { arn: `arn:aws:iam::${ACCOUNT}:user/bob` },
      },
    })
  })

  it('is refused to those who may not, the denied caller included', async () => {
    const { error, status } = await decode(BOB, await ofBob())
    expect([error?.Code, status]).toEqual(['AccessDenied', 403])
  })

  it.each([
    ['of another account', async () => ofBob(), EVE],
    ['with one character changed', async () => (await ofBob()).replace(/^(.{60})./, (_all, head) => `${head}~`), ROOT],
    ['that was cut', async () => (await ofBob()).slice(0, -4), ROOT],
    ['that is none', async () => 'abcd', ROOT],
    [
      'that is a session token',
      async () => (await daypass.signed(ALICE, { Action: 'GetSessionToken' })).result.Credentials.SessionToken,
      ROOT,
    ],
  ])('refuses a message %s', async (_what, message, who) => {
    const { error, status } = await decode(who, await message())
    expect([error?.Code, status]).toEqual(['InvalidAuthorizationMessageException', 400])
  })

  it.each([
    ['', 'ValidationError'],
    ['x'.repeat(10_240), 'InvalidAuthorizationMessageException'],
    ['x'.repeat(10_241), 'ValidationError'],
  ])('refuses a message by its size', async (message, expected) => {
    expect((await decode(ALICE, message)).error?.Code).toBe(expected)
  })

  it('says nothing of the tags of a role', async () => {
    const policy = allow('sts:AssumeRole', '*', { Condition: { StringEquals: { 'aws:ResourceTag/Color': 'blue' } } })
    const inlinePolicies = { p: JSON.stringify(policy) }
    await daypass.deps.store.update(userKey(ACCOUNT, 'bob'), { set: { inlinePolicies } })
    const params = { Action: 'AssumeRole', RoleArn: roleArn('tagged-too'), RoleSessionName: 'bob' }
    const { result } = await decode(ROOT, await denial(BOB, params))
    expect(result.DecodedMessage).toContain('aws:ResourceTag/Color')
    expect(result.DecodedMessage).not.toContain('of-role')
  })

  it('says nothing of the trust policy of a role', async () => {
    const message = await denial(ALICE, {
      Action: 'AssumeRole',
      RoleArn: roleArn('external'),
      RoleSessionName: 'alice',
    })
    const { result } = await decode(ALICE, message)
    expect(result.DecodedMessage).not.toMatch(/ExternalId|trust policy/)
  })
})
