import { accessKeyKey, groupMemberKey, policyUsePartition } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT, credentialsOf } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, members, policy, ROOT } from '../support/iam.ts'
import type { SigningCredentials } from '../support/sign.ts'

const arn = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`
const BOUNDARY = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess'

let daypass: IamDeployment
let nobody: SigningCredentials

beforeEach(async () => {
  daypass = await iamDeployment()
  nobody = await daypass.user('nobody')
})

describe('CreateUser', () => {
  it('answers the user with path, id, ARN, boundary and tags', async () => {
    const { User } = await daypass.root('CreateUser', {
      UserName: 'Bob',
      Path: '/staff/',
      PermissionsBoundary: BOUNDARY,
      Tags: [{ Key: 'team', Value: 'blue' }],
    })
    expect(User).toEqual({
      UserName: 'Bob',
      Path: '/staff/',
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      Arn: arn('user/staff/Bob'),
      CreateDate: '2026-01-01T00:00:00Z',
      PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: BOUNDARY },
      Tags: { member: [{ Key: 'team', Value: 'blue' }] },
    })
    expect((await daypass.root('GetUser', { UserName: 'bob' })).User).toEqual(User)
  })

  it('refuses a name that differs from another only by case', async () => {
    await daypass.root('CreateUser', { UserName: 'Bob' })
    expect(await daypass.iam(ROOT, 'CreateUser', { UserName: 'bOB' })).toMatchObject({
      status: 409,
      code: 'EntityAlreadyExists',
      message: 'User with name Bob already exists.',
    })
  })

  it.each([
    ['a boundary that does not exist', { PermissionsBoundary: arn('policy/none') }, 'NoSuchEntity'],
    ['a boundary of another account', { PermissionsBoundary: 'arn:aws:iam::111111111111:policy/x' }, 'NoSuchEntity'],
    ['a boundary that is no policy', { PermissionsBoundary: arn('user/nobody-at-all') }, 'InvalidInput'],
    ['a tag key that is reserved', { Tags: [{ Key: 'aws:x', Value: '' }] }, 'InvalidInput'],
    [
      'a tag key twice',
      {
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'A', Value: '' },
        ],
      },
      'InvalidInput',
    ],
    ['a name of 65 characters', { UserName: 'x'.repeat(65) }, 'ValidationError'],
    ['a path without its end', { Path: '/staff' }, 'ValidationError'],
  ])('refuses %s and makes no user', async (_what, params, code) => {
    expect((await daypass.iam(ROOT, 'CreateUser', { UserName: 'bob', ...params })).code).toBe(code)
    expect((await daypass.iam(ROOT, 'GetUser', { UserName: 'bob' })).code).toBe('NoSuchEntity')
  })

  it('takes a name of 64 characters and 50 tags', async () => {
    const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }))
    const { User } = await daypass.root('CreateUser', { UserName: 'x'.repeat(64), Tags })
    expect(members(User.Tags)).toHaveLength(50)
  })

  it.each([
    [
      'the tag and the boundary that a policy asks for',
      { Tags: [{ Key: 'team', Value: 'blue' }], PermissionsBoundary: BOUNDARY },
      undefined,
    ],
    ['another tag', { Tags: [{ Key: 'team', Value: 'red' }], PermissionsBoundary: BOUNDARY }, 'AccessDenied'],
    ['no tag', { PermissionsBoundary: BOUNDARY }, 'AccessDenied'],
    ['no boundary', { Tags: [{ Key: 'team', Value: 'blue' }] }, 'AccessDenied'],
    [
      'another boundary',
      { Tags: [{ Key: 'team', Value: 'blue' }], PermissionsBoundary: 'arn:aws:iam::aws:policy/IAMFullAccess' },
      'AccessDenied',
    ],
  ])('decides on %s', async (_what, params, code) => {
    const admin = await daypass.user(
      'admin',
      {
        Action: 'iam:CreateUser',
        Condition: { StringEquals: { 'aws:RequestTag/team': 'blue', 'iam:PermissionsBoundary': BOUNDARY } },
      },
      { Action: 'iam:TagUser' },
    )
    expect((await daypass.iam(admin, 'CreateUser', { UserName: 'bob', ...params })).code).toBe(code)
  })

  it('with tags needs the right to tag too', async () => {
    const admin = await daypass.user('admin', { Action: 'iam:CreateUser' })
    const { code, message } = await daypass.iam(admin, 'CreateUser', {
      UserName: 'bob',
      Tags: [{ Key: 'a', Value: '' }],
    })
    expect([code, message]).toEqual(['AccessDenied', expect.stringContaining('perform: iam:TagUser on')])
    expect((await daypass.iam(admin, 'CreateUser', { UserName: 'bob' })).code).toBeUndefined()
  })
})

describe('GetUser', () => {
  it('without a name tells a user of itself, if it may', async () => {
    const own = await daypass.user('self', { Action: 'iam:GetUser', Resource: arn('user/$' + '{aws:username}') })
    expect((await daypass.iam(own, 'GetUser')).result.User.UserName).toBe('self')
    expect((await daypass.iam(own, 'GetUser', { UserName: 'nobody' })).code).toBe('AccessDenied')
    expect((await daypass.iam(nobody, 'GetUser')).code).toBe('AccessDenied')
  })

  it('without a name tells root of the account', async () => {
    await daypass.root('CreateAccountAlias', { AccountAlias: 'acme' })
    expect((await daypass.root('GetUser')).User).toEqual({
      UserName: 'acme',
      UserId: ACCOUNT,
      Path: '/',
      Arn: arn('root'),
      CreateDate: '2026-01-01T00:00:00Z',
    })
  })

  it('tells one without rights neither whether a user exists nor where', async () => {
    await daypass.root('CreateUser', { UserName: 'bob', Path: '/secret/' })
    const denial =
      /^User: \S+ is not authorized to perform: iam:GetUser on resource: user (\w+) because no identity-based/
    const [known, unknown] = await Promise.all(
      ['bob', 'eve'].map((UserName) => daypass.iam(nobody, 'GetUser', { UserName })),
    )
    expect([known?.code, unknown?.code]).toEqual(['AccessDenied', 'AccessDenied'])
    expect(denial.exec(known?.message ?? '')?.[1]).toBe('bob')
    expect(denial.exec(unknown?.message ?? '')?.[1]).toBe('eve')
  })

  it('asks for the right on the ARN with the path that the user has', async () => {
    await daypass.root('CreateUser', { UserName: 'bob', Path: '/staff/' })
    const reader = await daypass.user('reader', { Action: 'iam:GetUser', Resource: arn('user/staff/*') })
    expect((await daypass.iam(reader, 'GetUser', { UserName: 'bob' })).code).toBeUndefined()
    expect((await daypass.iam(reader, 'GetUser', { UserName: 'nobody' })).code).toBe('AccessDenied')
  })

  it.each(['aws:ResourceTag/team', 'iam:ResourceTag/team'])('decides on %s', async (key) => {
    await daypass.root('CreateUser', { UserName: 'bob', Tags: [{ Key: 'team', Value: 'blue' }] })
    const reader = await daypass.user('reader', {
      Action: 'iam:GetUser',
      Condition: { StringEquals: { [key]: 'blue' } },
    })
    expect((await daypass.iam(reader, 'GetUser', { UserName: 'bob' })).code).toBeUndefined()
    expect((await daypass.iam(reader, 'GetUser', { UserName: 'nobody' })).code).toBe('AccessDenied')
  })
})

describe('ListUsers', () => {
  it('answers pages in the order of the names, without tags and boundaries', async () => {
    for (const UserName of ['carol', 'Alice', 'bob']) {
      await daypass.root('CreateUser', {
        UserName,
        Path: '/p/',
        PermissionsBoundary: BOUNDARY,
        Tags: [{ Key: 'a', Value: '' }],
      })
    }
    const first = await daypass.root('ListUsers', { MaxItems: 2, PathPrefix: '/p/' })
    expect(members(first.Users).map(({ UserName }) => UserName)).toEqual(['Alice', 'bob'])
    expect(Object.keys(members(first.Users)[0])).toEqual(['Path', 'UserName', 'UserId', 'Arn', 'CreateDate'])
    expect(first.IsTruncated).toBe('true')
    const second = await daypass.root('ListUsers', { MaxItems: 2, PathPrefix: '/p/', Marker: first.Marker })
    expect(members(second.Users).map(({ UserName }) => UserName)).toEqual(['carol'])
    expect([second.IsTruncated, second.Marker]).toEqual(['false', undefined])
  })

  it('is not truncated when the last page is full, and reads past what a path prefix leaves out', async () => {
    for (let n = 0; n < 120; n++) await daypass.root('CreateUser', { UserName: `a${n}` })
    await daypass.root('CreateUser', { UserName: 'z', Path: '/p/' })
    const { Users, IsTruncated } = await daypass.root('ListUsers', { MaxItems: 1, PathPrefix: '/p/' })
    expect([members(Users).length, IsTruncated]).toEqual([1, 'false'])
    const all = await daypass.root('ListUsers')
    expect([members(all.Users).length, all.IsTruncated]).toEqual([100, 'true'])
    const rest = await daypass.root('ListUsers', { Marker: all.Marker })
    expect([members(rest.Users).length, rest.IsTruncated]).toEqual([22, 'false'])
  })

  it.each([
    ['no item', { MaxItems: 0 }, 'ValidationError'],
    ['1,001 items', { MaxItems: 1001 }, 'ValidationError'],
    ['1,000 items', { MaxItems: 1000 }, undefined],
    ['a marker that no page has given', { Marker: 'not base64url!' }, 'InvalidInput'],
  ])('answers to %s with %j: %s', async (_what, params, code) => {
    expect((await daypass.iam(ROOT, 'ListUsers', params)).code).toBe(code)
  })

  it('needs the right on the path prefix', async () => {
    const reader = await daypass.user('reader', { Action: 'iam:ListUsers', Resource: arn('user/staff/*') })
    expect((await daypass.iam(reader, 'ListUsers', { PathPrefix: '/staff/' })).code).toBeUndefined()
    expect((await daypass.iam(reader, 'ListUsers')).code).toBe('AccessDenied')
  })
})

describe('UpdateUser', () => {
  it('changes the path', async () => {
    await daypass.root('UpdateUser', { UserName: 'nobody', NewPath: '/staff/' })
    expect((await daypass.root('GetUser', { UserName: 'nobody' })).User.Arn).toBe(arn('user/staff/nobody'))
  })

  it('takes keys, policies, tags and groups to the new name', async () => {
    const bob = await daypass.user('bob', { Action: 'iam:GetUser' })
    await daypass.root('CreateGroup', { GroupName: 'devs' })
    await daypass.root('AddUserToGroup', { GroupName: 'devs', UserName: 'bob' })
    await daypass.root('AttachUserPolicy', { UserName: 'bob', PolicyArn: BOUNDARY })
    const before = (await daypass.root('GetUser', { UserName: 'bob' })).User
    await daypass.root('UpdateUser', { UserName: 'bob', NewUserName: 'Robert' })

    const { User } = (await daypass.iam(bob, 'GetUser')).result
    expect(User).toEqual({ ...before, UserName: 'Robert', Arn: arn('user/Robert') })
    expect((await daypass.iam(ROOT, 'GetUser', { UserName: 'bob' })).code).toBe('NoSuchEntity')
    expect(members((await daypass.root('ListAccessKeys', { UserName: 'robert' })).AccessKeyMetadata)).toMatchObject([
      { UserName: 'Robert', AccessKeyId: bob.accessKeyId },
    ])
    expect(members((await daypass.root('GetGroup', { GroupName: 'devs' })).Users)).toMatchObject([
      { UserName: 'Robert' },
    ])
    expect(await daypass.deps.store.get(groupMemberKey(ACCOUNT, 'devs', 'bob'))).toBeUndefined()
    const entities = await daypass.root('ListEntitiesForPolicy', { PolicyArn: BOUNDARY })
    expect(members(entities.PolicyUsers)).toMatchObject([{ UserName: 'Robert' }])
  })

  it('lets no policy be deleted that the user is bounded by or has attached, and forgets the former name', async () => {
    const create = async (PolicyName: string) =>
      (await daypass.root('CreatePolicy', { PolicyName, PolicyDocument: policy({ Action: 's3:*' }) })).Policy.Arn
    const [edge, attached] = [await create('edge'), await create('attached')]
    await daypass.root('CreateUser', { UserName: 'bob', PermissionsBoundary: edge })
    await daypass.root('AttachUserPolicy', { UserName: 'bob', PolicyArn: attached })
    await daypass.root('UpdateUser', { UserName: 'bob', NewUserName: 'rob' })
    for (const PolicyArn of [edge, attached]) {
      expect((await daypass.iam(ROOT, 'DeletePolicy', { PolicyArn })).code).toBe('DeleteConflict')
    }
    expect((await daypass.deps.store.query(policyUsePartition(ACCOUNT))).items.map(({ name }) => name)).toEqual([
      'rob',
      'rob',
    ])
  })

  it('ends sessions for good, also when the user gets its former name back', async () => {
    const bob = await daypass.user('bob', { Action: 'sts:*' })
    const session = credentialsOf(await daypass.signed(bob, { Action: 'GetSessionToken' }))
    const lives = async (credentials: SigningCredentials) =>
      (await daypass.signed(credentials, { Action: 'GetCallerIdentity' })).status === 200
    expect(await lives(session)).toBe(true)
    await daypass.root('UpdateUser', { UserName: 'bob', NewUserName: 'rob' })
    expect(await lives(session)).toBe(false)
    await daypass.root('UpdateUser', { UserName: 'rob', NewUserName: 'bob' })
    expect([await lives(session), await lives(bob)]).toEqual([false, true])
    daypass.clock.advance(1)
    expect(await lives(credentialsOf(await daypass.signed(bob, { Action: 'GetSessionToken' })))).toBe(true)
  })

  it('takes no mark back that reaches further than its own', async () => {
    const bob = await daypass.user('bob', { Action: 'sts:*' })
    const ahead = credentialsOf(await daypass.signed(bob, { Action: 'GetSessionToken' }))
    await daypass.signed(ROOT, { Action: 'RevokeSessions', PrincipalArn: arn('user/bob') })
    daypass.clock.advance(-1_000)
    await daypass.root('UpdateUser', { UserName: 'bob', NewUserName: 'rob' })
    await daypass.root('UpdateUser', { UserName: 'rob', NewUserName: 'bob' })
    expect((await daypass.signed(ahead, { Action: 'GetCallerIdentity' })).error?.Code).toBe('InvalidClientTokenId')
  })

  it('changes the case of a name', async () => {
    const bob = await daypass.user('bob', { Action: 'iam:GetUser' })
    await daypass.root('UpdateUser', { UserName: 'bob', NewUserName: 'BOB' })
    expect((await daypass.iam(bob, 'GetUser')).result.User.UserName).toBe('BOB')
    expect((await daypass.deps.store.get(accessKeyKey(bob.accessKeyId)))?.userName).toBe('BOB')
  })

  it('refuses a name that is taken, and leaves both users as they are', async () => {
    const bob = await daypass.user('bob', { Action: 'iam:GetUser' })
    expect(await daypass.iam(ROOT, 'UpdateUser', { UserName: 'bob', NewUserName: 'Nobody' })).toMatchObject({
      status: 409,
      code: 'EntityAlreadyExists',
      message: 'User with name nobody already exists.',
    })
    expect((await daypass.iam(bob, 'GetUser')).result.User.UserName).toBe('bob')
  })

  it('completes a renaming that broke off', async () => {
    const bob = await daypass.user('bob', { Action: 'iam:GetUser' })
    const { store } = daypass.deps
    const { remove } = store
    store.remove = async () => Promise.reject(new Error('the process ended'))
    expect((await daypass.iam(ROOT, 'UpdateUser', { UserName: 'bob', NewUserName: 'rob' })).status).toBe(500)
    store.remove = remove
    expect((await daypass.iam(bob, 'GetUser')).code).toBeUndefined()
    expect((await daypass.iam(ROOT, 'UpdateUser', { UserName: 'bob', NewUserName: 'rob' })).code).toBeUndefined()
    expect((await daypass.iam(bob, 'GetUser')).result.User.UserName).toBe('rob')
    expect((await daypass.iam(ROOT, 'GetUser', { UserName: 'bob' })).code).toBe('NoSuchEntity')
  })

  it('needs the right on the old and on the new ARN', async () => {
    const either = ['user/bob', 'user/rob'].map((name) => ({ Action: 'iam:UpdateUser', Resource: arn(name) }))
    await daypass.root('CreateUser', { UserName: 'bob' })
    for (const [index, statement] of either.entries()) {
      const admin = await daypass.user(`admin${index}`, statement)
      expect((await daypass.iam(admin, 'UpdateUser', { UserName: 'bob', NewUserName: 'rob' })).code).toBe(
        'AccessDenied',
      )
    }
    const admin = await daypass.user('admin', ...either)
    expect((await daypass.iam(admin, 'UpdateUser', { UserName: 'bob', NewUserName: 'rob' })).code).toBeUndefined()
  })
})

describe('DeleteUser', () => {
  it.each([
    ['has a key', 'delete access keys', (d: IamDeployment) => d.root('CreateAccessKey', { UserName: 'bob' })],
    [
      'has an inline policy',
      'delete policies',
      (d: IamDeployment) =>
        d.root('PutUserPolicy', { UserName: 'bob', PolicyName: 'p', PolicyDocument: policy({ Action: 's3:*' }) }),
    ],
    [
      'has a policy attached',
      'detach all policies',
      (d: IamDeployment) => d.root('AttachUserPolicy', { UserName: 'bob', PolicyArn: BOUNDARY }),
    ],
    [
      'is in a group',
      'remove users from group',
      async (d: IamDeployment) => {
        await d.root('CreateGroup', { GroupName: 'devs' })
        await d.root('AddUserToGroup', { GroupName: 'devs', UserName: 'bob' })
      },
    ],
  ])('refuses while the user %s', async (_what, first, prepare) => {
    await daypass.root('CreateUser', { UserName: 'bob' })
    await prepare(daypass)
    expect(await daypass.iam(ROOT, 'DeleteUser', { UserName: 'bob' })).toMatchObject({
      status: 409,
      code: 'DeleteConflict',
      message: `Cannot delete entity, must ${first} first.`,
    })
    expect((await daypass.iam(ROOT, 'GetUser', { UserName: 'bob' })).status).toBe(200)
  })

  it('makes room for another user, who has another id and nothing of the former one', async () => {
    const before = await daypass.root('CreateUser', { UserName: 'bob', PermissionsBoundary: BOUNDARY })
    await daypass.root('DeleteUser', { UserName: 'bob' })
    expect((await daypass.deps.store.query(policyUsePartition(ACCOUNT))).items).toEqual([])
    expect((await daypass.iam(ROOT, 'DeleteUser', { UserName: 'bob' })).code).toBe('NoSuchEntity')
    const after = await daypass.root('CreateUser', { UserName: 'bob' })
    expect(after.User.UserId).not.toBe(before.User.UserId)
    expect(after.User.PermissionsBoundary).toBeUndefined()
  })

  it('does not miss a policy that is put at the same moment', async () => {
    await daypass.root('CreateUser', { UserName: 'bob' })
    const { store } = daypass.deps
    const { remove } = store
    store.remove = async (key, options) => {
      store.remove = remove
      await daypass.root('PutUserPolicy', {
        UserName: 'bob',
        PolicyName: 'p',
        PolicyDocument: policy({ Action: 's3:*' }),
      })
      return remove(key, options)
    }
    expect((await daypass.iam(ROOT, 'DeleteUser', { UserName: 'bob' })).code).toBe('DeleteConflict')
  })
})

describe('permissions boundaries', () => {
  it('are put, shown, bite on the next request, and are deleted', async () => {
    const bob = await daypass.user('bob', { Action: 'iam:*' })
    await daypass.root('PutUserPermissionsBoundary', { UserName: 'bob', PermissionsBoundary: BOUNDARY })
    expect((await daypass.iam(bob, 'GetUser')).result.User.PermissionsBoundary.PermissionsBoundaryArn).toBe(BOUNDARY)
    const { code, message } = await daypass.iam(bob, 'CreateUser', { UserName: 'x' })
    expect([code, message]).toEqual(['AccessDenied', expect.stringContaining('no permissions boundary allows')])
    await daypass.root('DeleteUserPermissionsBoundary', { UserName: 'bob' })
    expect((await daypass.iam(bob, 'CreateUser', { UserName: 'x' })).code).toBeUndefined()
    expect((await daypass.iam(ROOT, 'DeleteUserPermissionsBoundary', { UserName: 'bob' })).code).toBe('NoSuchEntity')
  })

  it('count as a use of their policy, until another one takes their place', async () => {
    const own = (await daypass.root('CreatePolicy', { PolicyName: 'edge', PolicyDocument: policy({ Action: 's3:*' }) }))
      .Policy.Arn
    await daypass.root('PutUserPermissionsBoundary', { UserName: 'nobody', PermissionsBoundary: own })
    expect((await daypass.iam(ROOT, 'DeletePolicy', { PolicyArn: own })).code).toBe('DeleteConflict')
    await daypass.root('PutUserPermissionsBoundary', { UserName: 'nobody', PermissionsBoundary: BOUNDARY })
    const uses = async () => (await daypass.deps.store.query(policyUsePartition(ACCOUNT))).items
    expect((await uses()).map(({ policyArn }) => policyArn)).toEqual([BOUNDARY])
    expect((await daypass.iam(ROOT, 'DeletePolicy', { PolicyArn: own })).code).toBeUndefined()
    await daypass.root('DeleteUserPermissionsBoundary', { UserName: 'nobody' })
    expect(await uses()).toEqual([])
  })

  it('that do not exist are refused in AWS’s words', async () => {
    const PermissionsBoundary = arn('policy/none')
    expect(
      await daypass.iam(ROOT, 'PutUserPermissionsBoundary', { UserName: 'nobody', PermissionsBoundary }),
    ).toMatchObject({
      code: 'NoSuchEntity',
      message: `Scope ARN: ${PermissionsBoundary} does not exist or is not attachable.`,
    })
  })

  it.each([
    ['PutUserPermissionsBoundary', { PermissionsBoundary: BOUNDARY }, undefined],
    ['PutUserPermissionsBoundary', { PermissionsBoundary: 'arn:aws:iam::aws:policy/IAMFullAccess' }, 'AccessDenied'],
  ])('%s decides on the new boundary', async (action, params, code) => {
    const admin = await daypass.user('admin', {
      Action: `iam:${action}`,
      Condition: { StringEquals: { 'iam:PermissionsBoundary': BOUNDARY } },
    })
    expect((await daypass.iam(admin, action, { UserName: 'nobody', ...params })).code).toBe(code)
  })
})

describe('tags of users', () => {
  it('are added, replaced without regard to case, listed and removed', async () => {
    const Tags = [
      { Key: 'team', Value: 'blue' },
      { Key: 'site', Value: 'x' },
    ]
    await daypass.root('TagUser', { UserName: 'nobody', Tags })
    await daypass.root('TagUser', { UserName: 'nobody', Tags: [{ Key: 'TEAM', Value: 'red' }] })
    const page = await daypass.root('ListUserTags', { UserName: 'nobody', MaxItems: 1 })
    expect([members(page.Tags), page.IsTruncated]).toEqual([[{ Key: 'site', Value: 'x' }], 'true'])
    const rest = await daypass.root('ListUserTags', { UserName: 'nobody', Marker: page.Marker })
    expect(members(rest.Tags)).toEqual([{ Key: 'TEAM', Value: 'red' }])
    await daypass.root('UntagUser', { UserName: 'nobody', TagKeys: ['Site'] })
    expect(members((await daypass.root('ListUserTags', { UserName: 'nobody' })).Tags)).toEqual([
      { Key: 'TEAM', Value: 'red' },
    ])
  })

  it('are at most 50', async () => {
    const tags = (from: number, length: number) =>
      Array.from({ length }, (_, index) => ({ Key: `k${from + index}`, Value: '' }))
    await daypass.root('TagUser', { UserName: 'nobody', Tags: tags(0, 50) })
    expect((await daypass.iam(ROOT, 'TagUser', { UserName: 'nobody', Tags: tags(49, 1) })).code).toBeUndefined()
    expect((await daypass.iam(ROOT, 'TagUser', { UserName: 'nobody', Tags: tags(50, 1) })).code).toBe('LimitExceeded')
  })

  it.each([
    ['TagUser', { Tags: [{ Key: 'team', Value: 'blue' }] }, undefined],
    ['TagUser', { Tags: [{ Key: 'role', Value: 'admin' }] }, 'AccessDenied'],
    ['UntagUser', { TagKeys: ['team'] }, undefined],
    ['UntagUser', { TagKeys: ['team', 'role'] }, 'AccessDenied'],
  ])('%s %j is decided by its keys', async (action, params, code) => {
    const admin = await daypass.user('admin', {
      Action: `iam:${action}`,
      Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } },
    })
    expect((await daypass.iam(admin, action, { UserName: 'nobody', ...params })).code).toBe(code)
  })

  it('of the caller decide at once', async () => {
    const bob = await daypass.user('bob', {
      Action: 'iam:GetUser',
      Condition: { StringEquals: { 'aws:PrincipalTag/level': 'high' } },
    })
    expect((await daypass.iam(bob, 'GetUser')).code).toBe('AccessDenied')
    await daypass.root('TagUser', { UserName: 'bob', Tags: [{ Key: 'level', Value: 'high' }] })
    expect((await daypass.iam(bob, 'GetUser')).code).toBeUndefined()
  })
})

describe('an account with another dialect', () => {
  it('has users whose ARNs hold its empty id', async () => {
    const ceph = await iamDeployment({ id: '' })
    expect((await ceph.root('CreateUser', { UserName: 'tester' })).User.Arn).toBe('arn:aws:iam:::user/tester')
  })
})
