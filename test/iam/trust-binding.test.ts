import { parseRole } from '@daypass/core/store/entities/role.ts'
import { roleKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, credentialsOf } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, policy, ROOT } from '../support/iam.ts'
import type { SigningCredentials } from '../support/sign.ts'

const OTHER = '111111111111'
const arn = (rest: string, account = ACCOUNT) => `arn:aws:iam::${account}:${rest}`
const trusting = (AWS: string | readonly string[], more: readonly object[] = []) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }, ...more],
  })

let daypass: IamDeployment
let bob: SigningCredentials

beforeEach(async () => {
  daypass = await iamDeployment()
  bob = await daypass.user('bob')
})

const role = (RoleName: string, AssumeRolePolicyDocument: string) =>
  daypass.root('CreateRole', { RoleName, AssumeRolePolicyDocument })
const trust = (RoleName: string, PolicyDocument: string) =>
  daypass.root('UpdateAssumeRolePolicy', { RoleName, PolicyDocument })
const assume = (who: SigningCredentials, name: string) =>
  daypass.signed(who, { Action: 'AssumeRole', RoleArn: arn(`role/${name}`), RoleSessionName: 'session' })
const mayAssume = async (who: SigningCredentials, name: string) => (await assume(who, name)).status === 200
const bound = async (name: string) => {
  const item = await daypass.deps.store.get(roleKey(ACCOUNT, name))
  return item && parseRole(item).boundTrustPolicy
}
const removeBob = async () => {
  await daypass.root('DeleteAccessKey', { UserName: 'bob', AccessKeyId: bob.accessKeyId })
  await daypass.root('DeleteUser', { UserName: 'bob' })
}

describe.each([
  ['CreateRole', (document: string) => role('r', document)],
  [
    'UpdateAssumeRolePolicy',
    async (document: string) => {
      await role('r', trusting(arn('root')))
      await trust('r', document)
    },
  ],
])('a trust policy that %s saved', (_operation, save) => {
  it('lets in the user whom it named, and none who was made later under the name', async () => {
    await save(trusting(arn('user/bob')))
    expect(await mayAssume(bob, 'r')).toBe(true)
    await removeBob()
    const namesake = await daypass.user('bob')
    expect(await mayAssume(namesake, 'r')).toBe(false)
    await trust('r', trusting(arn('user/bob')))
    expect(await mayAssume(namesake, 'r')).toBe(true)
  })

  it('lets the user whom it named in under another name too, and nobody else under the former', async () => {
    await save(trusting(arn('user/bob')))
    await daypass.root('UpdateUser', { UserName: 'bob', NewUserName: 'rob' })
    expect(await mayAssume(bob, 'r')).toBe(true)
    expect(await mayAssume(await daypass.user('bob'), 'r')).toBe(false)
  })

  it('lets in the sessions of a role that it named, and none of one that was made later under the name', async () => {
    const first = trusting(arn('user/bob'))
    await role('first', first)
    await save(trusting([arn('role/first'), arn('root', OTHER)]))
    expect(await mayAssume(credentialsOf(await assume(bob, 'first')), 'r')).toBe(true)
    await daypass.root('DeleteRole', { RoleName: 'first' })
    await role('first', first)
    expect(await mayAssume(credentialsOf(await assume(bob, 'first')), 'r')).toBe(false)
  })

  it('denies the very user whom it named', async () => {
    const denied = { Effect: 'Deny', Principal: { AWS: arn('user/bob') }, Action: 'sts:AssumeRole' }
    await daypass.root('PutUserPolicy', {
      UserName: 'bob',
      PolicyName: 'p',
      PolicyDocument: policy({ Action: 'sts:AssumeRole' }),
    })
    await save(trusting(arn('root')))
    expect(await mayAssume(bob, 'r')).toBe(true)
    await trust('r', trusting(arn('root'), [denied]))
    expect(await mayAssume(bob, 'r')).toBe(false)
    await daypass.root('UpdateUser', { UserName: 'bob', NewUserName: 'rob' })
    expect(await mayAssume(bob, 'r')).toBe(false)
  })

  it('binds users of another account', async () => {
    const key = { AccessKeyId: 'AKIAEVE', SecretAccessKey: 'eve-secret' }
    const eve = { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey }
    const account = (more: object) => ({
      id: OTHER,
      users: [
        {
          UserName: 'eve',
          accessKeys: [key],
          policies: { p: JSON.parse(policy({ Action: 'sts:AssumeRole' })) },
          ...more,
        },
      ],
    })
    await daypass.apply(account({}))
    await save(trusting(arn('user/eve', OTHER)))
    expect(await mayAssume(eve, 'r')).toBe(true)
    await daypass.deps.store.remove({ pk: `USER#${OTHER}`, sk: 'eve' })
    await daypass.apply(account({ Tags: [{ Key: 'made', Value: 'anew' }] }))
    expect(await mayAssume(eve, 'r')).toBe(false)
  })

  it('is answered as it was given', async () => {
    const document = trusting([arn('user/bob'), arn('root')])
    await save(document)
    const { Role } = await daypass.root('GetRole', { RoleName: 'r' })
    expect(decodeURIComponent(Role.AssumeRolePolicyDocument)).toBe(document)
  })

  it.each([
    ['the account', arn('root')],
    ['everyone', '*'],
    ['a session', `arn:aws:sts::${ACCOUNT}:assumed-role/first/session`],
    ['who does not exist', arn('user/nobody')],
    ['who has another path', arn('user/staff/bob')],
    ['who is written in another case', arn('user/BOB')],
    ['a user of a partition that is not there', `arn:aws-cn:iam::${ACCOUNT}:user/bob`],
  ])('keeps the name of %s', async (_who, name) => {
    await save(trusting(name))
    expect(await bound('r')).toBeUndefined()
  })
})

it('a saved trust policy forgets whom the one before it named', async () => {
  await role('r', trusting(arn('user/bob')))
  expect(await bound('r')).toContain('AIDA')
  await trust('r', trusting(arn('root')))
  expect(await bound('r')).toBeUndefined()
  expect(await mayAssume(bob, 'r')).toBe(false)
})

it('a role whose row knows no bound policy is trusted by the names', async () => {
  await role('r', trusting(arn('user/bob')))
  await daypass.deps.store.update(roleKey(ACCOUNT, 'r'), { remove: ['boundTrustPolicy'] })
  expect(await mayAssume(bob, 'r')).toBe(true)
})

it('a bootstrap document binds roles to those whom it names before and behind them', async () => {
  const users = [{ UserName: 'eve' }]
  const roles = [
    { RoleName: 'first', AssumeRolePolicyDocument: trusting([arn('role/second'), arn('user/eve', OTHER)]) },
    { RoleName: 'second', AssumeRolePolicyDocument: trusting(arn('user/bob')) },
  ]
  await daypass.apply({ id: ACCOUNT, roles }, { id: OTHER, users })
  expect(await bound('first')).toMatch(/AROA.*AIDA/)
  expect(await bound('second')).toContain('AIDA')
  const before = await daypass.deps.store.get(roleKey(ACCOUNT, 'first'))
  await daypass.apply({ id: ACCOUNT, roles }, { id: OTHER, users })
  expect(await daypass.deps.store.get(roleKey(ACCOUNT, 'first'))).toEqual(before)
  expect((await daypass.iam(ROOT, 'GetRole', { RoleName: 'first' })).code).toBeUndefined()
})
