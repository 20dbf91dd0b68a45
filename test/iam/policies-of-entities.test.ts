import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, members, policy, ROOT } from '../support/iam.ts'
import type { SigningCredentials } from '../support/sign.ts'

const arn = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`
const READ_ONLY = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess'
const FULL = 'arn:aws:iam::aws:policy/IAMFullAccess'
const DOCUMENT = policy({ Action: 's3:GetObject' })

let daypass: IamDeployment
let bob: SigningCredentials

beforeEach(async () => {
  daypass = await iamDeployment()
  bob = await daypass.user('bob')
  await daypass.root('CreateGroup', { GroupName: 'devs' })
})

/** A document of so many characters, besides white space. */
function documentOf(size: number): string {
  const frame = policy({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::' })
  return policy({ Action: 's3:GetObject', Resource: `arn:aws:s3:::${'x'.repeat(size - frame.length)}` })
}

describe.each([
  { kind: 'User', owner: { UserName: 'bob' }, noun: 'user bob', resource: 'user/bob', quota: 2048 },
  { kind: 'Group', owner: { GroupName: 'devs' }, noun: 'group devs', resource: 'group/devs', quota: 5120 },
])('inline policies of a $kind', ({ kind, owner, noun, resource, quota }) => {
  const put = (credentials: SigningCredentials, PolicyName: string, PolicyDocument = DOCUMENT) =>
    daypass.iam(credentials, `Put${kind}Policy`, { ...owner, PolicyName, PolicyDocument })
  const get = (credentials: SigningCredentials, PolicyName: string) =>
    daypass.iam(credentials, `Get${kind}Policy`, { ...owner, PolicyName })
  const remove = (credentials: SigningCredentials, PolicyName: string) =>
    daypass.iam(credentials, `Delete${kind}Policy`, { ...owner, PolicyName })
  const list = (params = {}) => daypass.root(`List${kind}Policies`, { ...owner, ...params })

  it('are put, replaced, answered percent-encoded, listed in pages and deleted', async () => {
    const spaced = `${DOCUMENT.slice(0, -1)} , "Id": "it's (mine)*!" }`
    for (const name of ['b', 'a', 'c']) expect((await put(ROOT, name)).code).toBeUndefined()
    expect((await put(ROOT, 'a', spaced)).code).toBeUndefined()
    const { result } = await get(ROOT, 'a')
    expect(result).toMatchObject({ ...owner, PolicyName: 'a' })
    expect(result.PolicyDocument).toMatch(/^[A-Za-z0-9%._~-]+$/)
    expect(decodeURIComponent(result.PolicyDocument)).toBe(spaced)
    const page = await list({ MaxItems: 2 })
    expect([members(page.PolicyNames), page.IsTruncated]).toEqual([['a', 'b'], 'true'])
    expect(members((await list({ MaxItems: 2, Marker: page.Marker })).PolicyNames)).toEqual(['c'])
    expect((await remove(ROOT, 'a')).code).toBeUndefined()
    expect(members((await list()).PolicyNames)).toEqual(['b', 'c'])
  })

  it.each(['get', 'delete'])('of another name cannot be had: %s', async (verb) => {
    const answer = await (verb === 'get' ? get : remove)(ROOT, 'constructor')
    expect([answer.code, answer.message]).toEqual([
      'NoSuchEntity',
      `The ${kind.toLowerCase()} policy with name constructor cannot be found.`,
    ])
  })

  it('fill their quota together, white space aside, and no more', async () => {
    expect((await put(ROOT, 'a', `\n${documentOf(quota - 200)}`.replaceAll(',', ' ,\t'))).code).toBeUndefined()
    expect((await put(ROOT, 'b', documentOf(200))).code).toBeUndefined()
    const over = await put(ROOT, 'b', documentOf(201))
    expect([over.code, over.message]).toEqual([
      'LimitExceeded',
      `Maximum policy size of ${quota} bytes exceeded for ${noun}`,
    ])
  })

  it('may be spaced out, within reason', async () => {
    const spaced = (length: number) => DOCUMENT.padEnd(length)
    expect((await put(ROOT, 'a', spaced(100_000))).code).toBeUndefined()
    expect((await put(ROOT, 'b', spaced(31_072))).code).toBeUndefined()
    expect((await put(ROOT, 'b', spaced(31_073))).code).toBe('LimitExceeded')
  })

  it.each([
    ['no JSON', '{'],
    [
      'a principal',
      JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
      }),
    ],
    ['no resource', JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*' } })],
  ])('with %s are refused', async (_what, document) => {
    expect(await put(ROOT, 'a', document)).toMatchObject({ status: 400, code: 'MalformedPolicyDocument' })
    expect(members((await list()).PolicyNames)).toEqual([])
  })

  it('need the right on their owner, before anything is told', async () => {
    await put(ROOT, 'a')
    const actions = [`Put${kind}Policy`, `Get${kind}Policy`, `Delete${kind}Policy`, `List${kind}Policies`]
    for (const action of actions) {
      const params = { ...owner, PolicyName: 'a', PolicyDocument: '{' }
      const { code, message } = await daypass.iam(bob, action, params)
      expect([code, message]).toEqual([
        'AccessDenied',
        expect.stringContaining(`iam:${action} on resource: ${noun} because`),
      ])
    }
    const admin = await daypass.user('admin', { Action: 'iam:*Polic*', Resource: arn(resource) })
    for (const action of actions) {
      const params = { ...owner, PolicyName: 'a', PolicyDocument: DOCUMENT }
      expect((await daypass.iam(admin, action, params)).code).toBeUndefined()
    }
  })

  it('bite on the next request', async () => {
    if (kind === 'Group') await daypass.root('AddUserToGroup', { GroupName: 'devs', UserName: 'bob' })
    expect((await daypass.iam(bob, 'ListUsers')).code).toBe('AccessDenied')
    await put(ROOT, 'p', policy({ Action: 'iam:ListUsers' }))
    expect((await daypass.iam(bob, 'ListUsers')).code).toBeUndefined()
    await put(ROOT, 'p', policy({ Action: 'iam:ListUsers' }, { Effect: 'Deny', Action: 'iam:*' }))
    expect((await daypass.iam(bob, 'ListUsers')).message).toContain('with an explicit deny')
    await put(ROOT, 'p', policy({ Action: 'iam:ListGroups' }))
    expect((await daypass.iam(bob, 'ListUsers')).code).toBe('AccessDenied')
  })

  it('keep every one of several that are put at the same moment', async () => {
    const names = ['a', 'b', 'c', 'd']
    const answers = await Promise.all(names.map((name) => put(ROOT, name)))
    expect(answers.map(({ code }) => code)).toEqual(names.map(() => undefined))
    expect(members((await list()).PolicyNames)).toEqual(names)
  })
})

describe.each([
  { kind: 'User', owner: { UserName: 'bob' }, quota: 'PoliciesPerUser' },
  { kind: 'Group', owner: { GroupName: 'devs' }, quota: 'PoliciesPerGroup' },
])('managed policies of a $kind', ({ kind, owner, quota }) => {
  const attach = (credentials: SigningCredentials, PolicyArn: string) =>
    daypass.iam(credentials, `Attach${kind}Policy`, { ...owner, PolicyArn })
  const detach = (credentials: SigningCredentials, PolicyArn: string) =>
    daypass.iam(credentials, `Detach${kind}Policy`, { ...owner, PolicyArn })
  const list = async (params = {}) => daypass.root(`ListAttached${kind}Policies`, { ...owner, ...params })
  const create = async (PolicyName: string, Path = '/') =>
    (await daypass.root('CreatePolicy', { PolicyName, Path, PolicyDocument: DOCUMENT })).Policy.Arn

  it('are attached, listed in pages within a path, and detached', async () => {
    const team = await create('one', '/team/')
    for (const each of [READ_ONLY, team, READ_ONLY]) expect((await attach(ROOT, each)).code).toBeUndefined()
    const page = await list({ MaxItems: 1 })
    expect([members(page.AttachedPolicies), page.IsTruncated]).toEqual([
      [{ PolicyName: 'IAMReadOnlyAccess', PolicyArn: READ_ONLY }],
      'true',
    ])
    const rest = await list({ Marker: page.Marker })
    expect(members(rest.AttachedPolicies)).toEqual([{ PolicyName: 'one', PolicyArn: team }])
    expect(members((await list({ PathPrefix: '/team/' })).AttachedPolicies)).toHaveLength(1)
    expect((await detach(ROOT, READ_ONLY)).code).toBeUndefined()
    expect(members((await list()).AttachedPolicies)).toHaveLength(1)
    expect((await detach(ROOT, READ_ONLY)).code).toBe('NoSuchEntity')
  })

  it.each([
    ['a policy that is not there', arn('policy/none'), 'NoSuchEntity'],
    ['a policy under another path', arn('policy/other/one'), 'NoSuchEntity'],
    ['a policy of another account', 'arn:aws:iam::ceph:policy/one', 'NoSuchEntity'],
    ['what is no policy', arn('user/bob-the-builder'), 'InvalidInput'],
    ['what is no ARN', 'x'.repeat(20), 'InvalidInput'],
    ['an ARN too long for any policy', arn(`policy/${'x'.repeat(1900)}`), 'InvalidInput'],
  ])('are not %s', async (_what, policyArn, code) => {
    await create('one')
    await daypass.apply({ id: 'ceph', policies: [{ PolicyName: 'one', PolicyDocument: DOCUMENT }] })
    expect((await attach(ROOT, policyArn)).code).toBe(code)
    expect(members((await list()).AttachedPolicies)).toEqual([])
  })

  it('are ten at most', async () => {
    for (let n = 0; n < 10; n++) expect((await attach(ROOT, await create(`p${n}`))).code).toBeUndefined()
    const { code, message } = await attach(ROOT, READ_ONLY)
    expect([code, message]).toEqual(['LimitExceeded', `Cannot exceed quota for ${quota}: 10`])
    expect((await attach(ROOT, arn('policy/p3'))).code).toBeUndefined()
  })

  it('keep their policy from being deleted until they are detached', async () => {
    const own = await create('one')
    await attach(ROOT, own)
    expect((await daypass.iam(ROOT, 'DeletePolicy', { PolicyArn: own })).code).toBe('DeleteConflict')
    await detach(ROOT, own)
    expect((await daypass.iam(ROOT, 'DeletePolicy', { PolicyArn: own })).code).toBeUndefined()
  })

  it('may be limited by the policy that is attached or detached', async () => {
    await attach(ROOT, FULL)
    const admin = await daypass.user('admin', {
      Action: [`iam:Attach${kind}Policy`, `iam:Detach${kind}Policy`],
      Condition: { ArnEquals: { 'iam:PolicyARN': READ_ONLY } },
    })
    expect((await attach(admin, FULL)).code).toBe('AccessDenied')
    expect((await detach(admin, FULL)).code).toBe('AccessDenied')
    expect((await attach(admin, READ_ONLY)).code).toBeUndefined()
    expect((await detach(admin, READ_ONLY)).code).toBeUndefined()
  })

  it('bite on the next request', async () => {
    if (kind === 'Group') await daypass.root('AddUserToGroup', { GroupName: 'devs', UserName: 'bob' })
    await attach(ROOT, READ_ONLY)
    expect((await daypass.iam(bob, 'ListUsers')).code).toBeUndefined()
    await detach(ROOT, READ_ONLY)
    expect((await daypass.iam(bob, 'ListUsers')).code).toBe('AccessDenied')
  })
})

describe('a permissions boundary that an administrator must keep', () => {
  it.each([
    'PutUserPolicy',
    'DeleteUserPolicy',
    'AttachUserPolicy',
    'DetachUserPolicy',
    'DeleteUserPermissionsBoundary',
  ])('decides on %s by the boundary that the user has', async (action) => {
    await daypass.root('PutUserPolicy', { UserName: 'bob', PolicyName: 'p', PolicyDocument: DOCUMENT })
    await daypass.root('AttachUserPolicy', { UserName: 'bob', PolicyArn: READ_ONLY })
    const admin = await daypass.user('admin', {
      Action: `iam:${action}`,
      Condition: { StringEquals: { 'iam:PermissionsBoundary': READ_ONLY } },
    })
    const params = { UserName: 'bob', PolicyName: 'p', PolicyDocument: DOCUMENT, PolicyArn: READ_ONLY }
    expect((await daypass.iam(admin, action, params)).code).toBe('AccessDenied')
    await daypass.root('PutUserPermissionsBoundary', { UserName: 'bob', PermissionsBoundary: FULL })
    expect((await daypass.iam(admin, action, params)).code).toBe('AccessDenied')
    await daypass.root('PutUserPermissionsBoundary', { UserName: 'bob', PermissionsBoundary: READ_ONLY })
    expect((await daypass.iam(admin, action, params)).code).toBeUndefined()
  })
})
