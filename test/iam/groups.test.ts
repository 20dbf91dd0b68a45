import { groupKey, groupMemberKey, userKey } from '@daypass/core/store/keys.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { ACCOUNT } from '../support/deployment.ts'
import { type IamDeployment, iamDeployment, members, policy, ROOT } from '../support/iam.ts'
import type { SigningCredentials } from '../support/sign.ts'

const arn = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`
const READ_ONLY = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess'

let daypass: IamDeployment
let bob: SigningCredentials

beforeEach(async () => {
  daypass = await iamDeployment()
  bob = await daypass.user('bob')
  await daypass.root('CreateGroup', { GroupName: 'Devs', Path: '/teams/' })
})

const join = (GroupName = 'Devs', UserName = 'bob') => daypass.root('AddUserToGroup', { GroupName, UserName })
const userNames = (list: unknown) => members(list).map(({ UserName }) => UserName)
const groupNames = (list: unknown) => members(list).map(({ GroupName }) => GroupName)
const membersOf = async (GroupName: string) => userNames((await daypass.root('GetGroup', { GroupName })).Users)
const groupsOf = async (UserName: string) => groupNames((await daypass.root('ListGroupsForUser', { UserName })).Groups)

describe('CreateGroup', () => {
  it('answers the group with path, id and ARN', async () => {
    expect((await daypass.root('CreateGroup', { GroupName: 'ops', Path: '/teams/' })).Group).toEqual({
      GroupName: 'ops',
      Path: '/teams/',
      GroupId: expect.stringMatching(/^AGPA[A-Z2-7]{17}$/),
      Arn: arn('group/teams/ops'),
      CreateDate: '2026-01-01T00:00:00Z',
    })
  })

  it.each([
    ['a name that differs only by case', { GroupName: 'devs' }, 'EntityAlreadyExists'],
    ['a name of 129 characters', { GroupName: 'x'.repeat(129) }, 'ValidationError'],
    ['a name of 128 characters', { GroupName: 'x'.repeat(128) }, undefined],
  ])('answers to %s: %s', async (_what, params, code) => {
    expect((await daypass.iam(ROOT, 'CreateGroup', params)).code).toBe(code)
  })

  it.each(['CreateGroup', 'DeleteGroup', 'UpdateGroup', 'GetGroup'])('%s needs its right', async (action) => {
    const GroupName = action === 'CreateGroup' ? 'new' : 'Devs'
    expect((await daypass.iam(bob, action, { GroupName })).code).toBe('AccessDenied')
    const admin = await daypass.user('admin', { Action: `iam:${action}`, Resource: arn('group/*') })
    expect((await daypass.iam(admin, action, { GroupName })).code).toBeUndefined()
    const denied = await daypass.user('denied', { Action: 'iam:*' }, { Effect: 'Deny', Action: `iam:${action}` })
    expect((await daypass.iam(denied, action, { GroupName })).code).toBe('AccessDenied')
  })
})

describe('ListGroups', () => {
  it('answers pages within a path', async () => {
    for (const GroupName of ['a', 'b']) await daypass.root('CreateGroup', { GroupName, Path: '/teams/' })
    await daypass.root('CreateGroup', { GroupName: 'c' })
    const first = await daypass.root('ListGroups', { PathPrefix: '/teams/', MaxItems: 2 })
    expect([groupNames(first.Groups), first.IsTruncated]).toEqual([['a', 'b'], 'true'])
    const second = await daypass.root('ListGroups', { PathPrefix: '/teams/', MaxItems: 2, Marker: first.Marker })
    expect([groupNames(second.Groups), second.IsTruncated]).toEqual([['Devs'], 'false'])
  })
})

describe('members', () => {
  it('are added, listed in pages on both sides, and removed', async () => {
    await daypass.root('CreateUser', { UserName: 'Alice' })
    await join('DEVS', 'ALICE')
    await join()
    const first = await daypass.root('GetGroup', { GroupName: 'devs', MaxItems: 1 })
    expect([first.Group.GroupName, userNames(first.Users), first.IsTruncated]).toEqual(['Devs', ['Alice'], 'true'])
    const second = await daypass.root('GetGroup', { GroupName: 'devs', MaxItems: 1, Marker: first.Marker })
    expect([userNames(second.Users), second.IsTruncated]).toEqual([['bob'], 'false'])
    expect(await groupsOf('bob')).toEqual(['Devs'])
    await daypass.root('RemoveUserFromGroup', { GroupName: 'devs', UserName: 'Bob' })
    expect([await membersOf('Devs'), await groupsOf('bob')]).toEqual([['Alice'], []])
  })

  it('have the group’s rights on the next request, and lose them so', async () => {
    const document = policy({ Action: 'iam:ListUsers' })
    await daypass.root('PutGroupPolicy', { GroupName: 'Devs', PolicyName: 'p', PolicyDocument: document })
    expect((await daypass.iam(bob, 'ListUsers')).code).toBe('AccessDenied')
    await join()
    expect((await daypass.iam(bob, 'ListUsers')).code).toBeUndefined()
    await daypass.root('RemoveUserFromGroup', { GroupName: 'Devs', UserName: 'bob' })
    expect((await daypass.iam(bob, 'ListUsers')).code).toBe('AccessDenied')
  })

  it('are added twice without harm', async () => {
    await join()
    await join('devs')
    expect([await groupsOf('bob'), await membersOf('Devs')]).toEqual([['Devs'], ['bob']])
  })

  it('are in ten groups at most', async () => {
    for (let n = 0; n < 10; n++) {
      await daypass.root('CreateGroup', { GroupName: `g${n}` })
      await join(`g${n}`)
    }
    const { code, message } = await daypass.iam(ROOT, 'AddUserToGroup', { GroupName: 'Devs', UserName: 'bob' })
    expect([code, message]).toEqual(['LimitExceeded', 'Cannot exceed quota for GroupsPerUser: 10'])
    expect(await daypass.deps.store.get(groupMemberKey(ACCOUNT, 'Devs', 'bob'))).toBeUndefined()
    expect([await membersOf('Devs'), (await groupsOf('bob')).length]).toEqual([[], 10])
    const page = await daypass.root('ListGroupsForUser', { UserName: 'bob', MaxItems: 9 })
    expect([members(page.Groups).length, page.IsTruncated]).toEqual([9, 'true'])
  })

  it.each([
    ['AddUserToGroup', 'a group that is not there', { GroupName: 'none', UserName: 'bob' }],
    ['AddUserToGroup', 'a user that is not there', { GroupName: 'Devs', UserName: 'none' }],
    ['RemoveUserFromGroup', 'a user that is not in it', { GroupName: 'Devs', UserName: 'bob' }],
    ['RemoveUserFromGroup', 'a user that is not there', { GroupName: 'Devs', UserName: 'none' }],
    ['ListGroupsForUser', 'a user that is not there', { UserName: 'none' }],
    ['GetGroup', 'a group that is not there', { GroupName: 'none' }],
  ])('%s refuses %s', async (action, _what, params) => {
    expect((await daypass.iam(ROOT, action, params)).code).toBe('NoSuchEntity')
  })

  it.each(['AddUserToGroup', 'RemoveUserFromGroup'])('%s needs the right on the group', async (action) => {
    await join()
    const params = { GroupName: 'Devs', UserName: 'bob' }
    const onUser = await daypass.user('on-user', { Action: `iam:${action}`, Resource: arn('user/*') })
    expect((await daypass.iam(onUser, action, params)).code).toBe('AccessDenied')
    const onGroup = await daypass.user('on-group', { Action: `iam:${action}`, Resource: arn('group/teams/Devs') })
    expect((await daypass.iam(onGroup, action, params)).code).toBeUndefined()
    expect((await daypass.iam(onGroup, action, { ...params, GroupName: 'none' })).code).toBe('AccessDenied')
  })

  it('who come back while they are being removed are not forgotten', async () => {
    await join()
    const { store } = daypass.deps
    const { remove } = store
    store.remove = async (key, options) => {
      store.remove = remove
      await join()
      return remove(key, options)
    }
    await daypass.root('RemoveUserFromGroup', { GroupName: 'Devs', UserName: 'bob' })
    expect([await membersOf('Devs'), await groupsOf('bob')]).toEqual([['bob'], ['Devs']])
  })

  it('two concurrent changes of one user are both kept', async () => {
    await daypass.root('CreateGroup', { GroupName: 'ops' })
    const all = ['Devs', 'ops'].map((name) => join(name))
    await Promise.all([...all, daypass.root('TagUser', { UserName: 'bob', Tags: [{ Key: 'a', Value: 'b' }] })])
    expect((await groupsOf('bob')).sort()).toEqual(['Devs', 'ops'])
    expect(members((await daypass.root('ListUserTags', { UserName: 'bob' })).Tags)).toHaveLength(1)
  })
})

describe('a change of members that broke off', () => {
  const broken = async (method: 'put' | 'update' | 'remove', kind: string, action: string) => {
    const { store } = daypass.deps
    const original = store[method].bind(store)
    Object.assign(store, {
      [method]: async (key: { pk: string }, ...rest: never[]) => {
        if (key.pk.startsWith(`${kind}#`)) throw new Error('the process ended')
        return (original as (...args: unknown[]) => Promise<unknown>)(key, ...rest)
      },
    })
    expect((await daypass.iam(ROOT, action, { GroupName: 'Devs', UserName: 'bob' })).status).toBe(500)
    Object.assign(store, { [method]: original })
  }

  it('before the user was in makes nobody a member', async () => {
    await broken('update', 'USER', 'AddUserToGroup')
    expect(await daypass.deps.store.get(groupMemberKey(ACCOUNT, 'Devs', 'bob'))).toBeDefined()
    expect([await membersOf('Devs'), await groupsOf('bob')]).toEqual([[], []])
    await daypass.root('DeleteGroup', { GroupName: 'Devs' })
    expect(await daypass.deps.store.get(groupMemberKey(ACCOUNT, 'Devs', 'bob'))).toBeUndefined()
  })

  it('after the user was out leaves no member, and can be completed', async () => {
    await join()
    await broken('remove', 'GROUPMEMBER', 'RemoveUserFromGroup')
    expect([await membersOf('Devs'), await groupsOf('bob')]).toEqual([[], []])
    expect((await daypass.iam(ROOT, 'RemoveUserFromGroup', { GroupName: 'Devs', UserName: 'bob' })).code).toBe(
      'NoSuchEntity',
    )
    expect(await daypass.deps.store.get(groupMemberKey(ACCOUNT, 'Devs', 'bob'))).toBeUndefined()
  })

  it('after the user was in still keeps the group from being deleted', async () => {
    await broken('update', 'GROUP', 'AddUserToGroup')
    expect((await daypass.iam(ROOT, 'DeleteGroup', { GroupName: 'Devs' })).code).toBe('DeleteConflict')
  })
})

describe('DeleteGroup', () => {
  it.each([
    ['has a member', 'remove users from group', () => join()],
    [
      'has an inline policy',
      'delete policies',
      () =>
        daypass.root('PutGroupPolicy', {
          GroupName: 'Devs',
          PolicyName: 'p',
          PolicyDocument: policy({ Action: 's3:*' }),
        }),
    ],
    [
      'has a policy attached',
      'detach all policies',
      () => daypass.root('AttachGroupPolicy', { GroupName: 'Devs', PolicyArn: READ_ONLY }),
    ],
  ])('refuses while the group %s', async (_what, first, prepare) => {
    await prepare()
    expect(await daypass.iam(ROOT, 'DeleteGroup', { GroupName: 'Devs' })).toMatchObject({
      code: 'DeleteConflict',
      message: `Cannot delete entity, must ${first} first.`,
    })
  })

  it('at the moment when a user joins ends with the user in it, or with neither', async () => {
    const { store } = daypass.deps
    const { update } = store
    store.update = async (key, changes, options) => {
      if (key.pk === groupKey(ACCOUNT, 'devs').pk) {
        store.update = update
        await store.remove(groupKey(ACCOUNT, 'devs'))
      }
      return update(key, changes, options)
    }
    expect((await daypass.iam(ROOT, 'AddUserToGroup', { GroupName: 'Devs', UserName: 'bob' })).code).toBe(
      'NoSuchEntity',
    )
    await daypass.root('CreateGroup', { GroupName: 'Devs' })
    expect([await membersOf('Devs'), await groupsOf('bob')]).toEqual([[], []])
    expect((await store.get(userKey(ACCOUNT, 'bob')))?.groups).toEqual([])
  })

  it('that looked before a user joined looks again', async () => {
    const { store } = daypass.deps
    const { remove } = store
    store.remove = async (key, options) => {
      store.remove = remove
      await join()
      return remove(key, options)
    }
    expect((await daypass.iam(ROOT, 'DeleteGroup', { GroupName: 'Devs' })).code).toBe('DeleteConflict')
    expect(await membersOf('Devs')).toEqual(['bob'])
  })
})

describe('UpdateGroup', () => {
  it('takes members, policies and rights to the new name and path', async () => {
    await daypass.root('AttachGroupPolicy', { GroupName: 'Devs', PolicyArn: READ_ONLY })
    await join()
    const before = (await daypass.root('GetGroup', { GroupName: 'Devs' })).Group
    await daypass.root('UpdateGroup', { GroupName: 'devs', NewGroupName: 'Makers', NewPath: '/' })
    const { Group, Users } = (await daypass.iam(bob, 'GetGroup', { GroupName: 'makers' })).result
    expect(Group).toEqual({ ...before, GroupName: 'Makers', Path: '/', Arn: arn('group/Makers') })
    expect([userNames(Users), await groupsOf('bob')]).toEqual([['bob'], ['Makers']])
    expect((await daypass.iam(ROOT, 'GetGroup', { GroupName: 'Devs' })).code).toBe('NoSuchEntity')
    const entities = await daypass.root('ListEntitiesForPolicy', { PolicyArn: READ_ONLY })
    expect(groupNames(entities.PolicyGroups)).toEqual(['Makers'])
  })

  it('leaves nothing of the former name to a group made later', async () => {
    await join()
    await daypass.root('UpdateGroup', { GroupName: 'Devs', NewGroupName: 'Makers' })
    await daypass.root('CreateGroup', { GroupName: 'Devs' })
    expect([await membersOf('Devs'), await groupsOf('bob')]).toEqual([[], ['Makers']])
    expect(await daypass.deps.store.get(groupMemberKey(ACCOUNT, 'Devs', 'bob'))).toBeUndefined()
  })

  it('changes the case of a name', async () => {
    await join()
    await daypass.root('UpdateGroup', { GroupName: 'Devs', NewGroupName: 'DEVS' })
    expect([await membersOf('devs'), await groupsOf('bob')]).toEqual([['bob'], ['DEVS']])
  })

  it('keeps every right of its members while it is under way, and is completed by the same call', async () => {
    await daypass.root('AttachGroupPolicy', { GroupName: 'Devs', PolicyArn: READ_ONLY })
    await join()
    const { store } = daypass.deps
    const { remove } = store
    store.remove = async (key, options) => {
      if (key.pk === groupKey(ACCOUNT, 'devs').pk) throw new Error('the process ended')
      return remove(key, options)
    }
    const params = { GroupName: 'Devs', NewGroupName: 'Makers' }
    expect((await daypass.iam(ROOT, 'UpdateGroup', params)).status).toBe(500)
    store.remove = remove
    expect((await daypass.iam(bob, 'ListUsers')).code).toBeUndefined()
    await daypass.root('UpdateGroup', params)
    expect((await daypass.iam(bob, 'ListUsers')).code).toBeUndefined()
    expect(await membersOf('Makers')).toEqual(['bob'])
  })

  it('refuses a name that is taken', async () => {
    await daypass.root('CreateGroup', { GroupName: 'Ops' })
    expect(await daypass.iam(ROOT, 'UpdateGroup', { GroupName: 'Devs', NewGroupName: 'ops' })).toMatchObject({
      code: 'EntityAlreadyExists',
      message: 'Group with name Ops already exists.',
    })
  })

  it('needs the right on the new ARN too', async () => {
    const admin = await daypass.user('admin', { Action: 'iam:UpdateGroup', Resource: arn('group/teams/Devs') })
    expect((await daypass.iam(admin, 'UpdateGroup', { GroupName: 'Devs', NewGroupName: 'ops' })).code).toBe(
      'AccessDenied',
    )
    expect((await daypass.iam(admin, 'UpdateGroup', { GroupName: 'Devs' })).code).toBeUndefined()
  })
})
