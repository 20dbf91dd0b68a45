import { randomBytes } from 'node:crypto'
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

  it.each(['aws:ResourceTag/Color', 'iam:ResourceTag/Color', 'IAM:resourcetag/color'])(
    'says nothing of the tags of a role, which are %s',
    async (key) => {
      const policy = allow('sts:AssumeRole', '*', { Condition: { StringEquals: { [key]: 'blue' } } })
      const inlinePolicies = { p: JSON.stringify(policy) }
      await daypass.deps.store.update(userKey(ACCOUNT, 'bob'), { set: { inlinePolicies } })
      const params = { Action: 'AssumeRole', RoleArn: roleArn('tagged-too'), RoleSessionName: 'bob' }
      const { result } = await decode(ROOT, await denial(BOB, params))
      expect(result.DecodedMessage).toContain(key)
      expect(result.DecodedMessage).not.toContain('of-role')
      const absent = await decode(ROOT, await denial(BOB, { ...params, RoleArn: roleArn('not-there') }))
      expect(absent.result.DecodedMessage.replace('not-there', 'tagged-too')).toBe(result.DecodedMessage)
    },
  )

  it.each([
    ['values', () => randomBytes(192).toString('base64')],
    ['values that are all alike', () => 'x'.repeat(256)],
  ])('is short enough to be decoded, however many %s the policies ask about', async (_what, newValue) => {
    const tags = Array.from({ length: 50 }, (_, at) => [`key-${at}`, newValue()] as const)
    const condition = Object.fromEntries(tags.map(([key]) => [`aws:RequestTag/${key}`, 'x']))
    const statements = Array.from(
      { length: 8 },
      () => allow('sts:AssumeRole', '*', { Condition: { StringEquals: condition } }).Statement,
    )
    const inlinePolicies = { p: JSON.stringify({ Version: '2012-10-17', Statement: statements }) }
    await daypass.deps.store.update(userKey(ACCOUNT, 'bob'), { set: { inlinePolicies } })
    const asked = tags.flatMap(([key, value], at) => [
      [`Tags.member.${at + 1}.Key`, key],
      [`Tags.member.${at + 1}.Value`, value],
    ])
    const params = {
      Action: 'AssumeRole',
      RoleArn: roleArn('tagged'),
      RoleSessionName: 'bob',
      ...Object.fromEntries(asked),
    }
    const message = await denial(BOB, params)
    expect(message.length).toBeLessThanOrEqual(10_240)
    const { result } = await decode(ROOT, message)
    const { failures, context } = JSON.parse(result.DecodedMessage)
    expect([failures.items.length, context.action]).toEqual([8, 'sts:AssumeRole'])
    expect(context.conditions.items.length).toBeGreaterThan(5)
  })

  it.each([
    ['unlike', () => randomBytes(90).toString('hex')],
    ['alike', (index: number) => `${'x'.repeat(170)}${index}`],
  ])(
    'is short enough to be decoded, however long the names of keys and statements, and however %s',
    async (...given) => {
      const [, newName] = given
      const policyOf = (policy: number) => {
        const keys = Array.from(
          { length: 90 },
          (_, at) => [`aws:RequestTag/${newName(policy * 90 + at)}`, 'x'] as const,
        )
        const Condition = { StringEquals: Object.fromEntries(keys) }
        return JSON.stringify(allow('sts:*', '*', { Sid: newName(0).repeat(4), Condition }))
      }
      const inlinePolicies = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`p${at}`, policyOf(at)]))
      await daypass.deps.store.update(userKey(ACCOUNT, 'bob'), { set: { inlinePolicies } })
      const message = await ofBob()
      expect(message.length).toBeLessThanOrEqual(10_240)
      const { failures, context } = JSON.parse((await decode(ROOT, message)).result.DecodedMessage)
      expect([failures.items.length, context.action]).toEqual([0, 'sts:GetAccessKeyInfo'])
    },
  )

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
