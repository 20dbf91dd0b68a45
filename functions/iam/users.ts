import type {
  User as ApiUser,
  CreateUserRequest,
  CreateUserResponse,
  DeleteUserRequest,
  GetUserRequest,
  GetUserResponse,
  ListUsersRequest,
  ListUsersResponse,
} from '@aws-sdk/client-iam'
import { userArn } from '@daypass/core/arn.ts'
import { newUniqueId } from '@daypass/core/credentials/random-names.ts'
import { createUserModel } from '@daypass/core/model/iam/create-user.ts'
import { deleteUserModel } from '@daypass/core/model/iam/delete-user.ts'
import { getUserModel } from '@daypass/core/model/iam/get-user.ts'
import { listUsersModel } from '@daypass/core/model/iam/list-users.ts'
import { parseUser, type User, userItem } from '@daypass/core/store/entities/user.ts'
import { KIND, userKey } from '@daypass/core/store/keys.ts'
import { ConditionFailed } from '@daypass/core/store/port.ts'
import { type IamCall, iamOperation } from './call.ts'
import { alreadyExists, deleteConflict, noSuchEntity } from './errors.ts'
import { pageOfPartition } from './pages.ts'
import { apiTags, parseTags, requestTagKeys, resourceTagKeys } from './tags.ts'

export const createUser = iamOperation<CreateUserRequest, CreateUserResponse>(createUserModel, async (call, input) => {
  const { UserName: userName = '', Path: path = '/' } = input
  const tags = parseTags(call, input.Tags)
  const arn = userArn(call.account, path, userName)
  await call.demand('iam:CreateUser', arn, requestTagKeys(tags))
  const user: User = {
    account: call.account,
    userName,
    userId: newUniqueId('AIDA'),
    path,
    arn,
    createdAt: call.now,
    inlinePolicies: {},
    attachedPolicies: [],
    groups: [],
    accessKeyIds: [],
    tags,
  }
  try {
    await call.store.put(userItem(user), { condition: { exists: false } })
  } catch (error) {
    throw error instanceof ConditionFailed ? alreadyExists('User', userName) : error
  }
  return { User: apiUser(user) }
})

export const getUser = iamOperation<GetUserRequest, GetUserResponse>(getUserModel, async (call, { UserName: name }) => {
  const user = await findUser(call, name ?? callerName(call))
  await call.demand(
    'iam:GetUser',
    user?.arn ?? userArn(call.account, '/', name ?? ''),
    resourceTagKeys(user?.tags ?? []),
  )
  if (!user) throw noSuchEntity('user', name ?? '')
  return { User: apiUser(user) }
})

export const listUsers = iamOperation<ListUsersRequest, ListUsersResponse>(listUsersModel, async (call, input) => {
  const { PathPrefix: prefix = '/' } = input
  await call.demand('iam:ListUsers', userArn(call.account, prefix, ''))
  const page = await pageOfPartition(call.store, `${KIND.user}#${call.account}`, input, parseUser, ({ path }) =>
    path.startsWith(prefix),
  )
  const { entities, ...rest } = page
  return { Users: entities.map((user) => ({ ...apiUser(user), Tags: undefined })), ...rest }
})

export const deleteUser = iamOperation<DeleteUserRequest, void>(
  deleteUserModel,
  async (call, { UserName: name = '' }) => {
    const user = await findUser(call, name)
    await call.demand(
      'iam:DeleteUser',
      user?.arn ?? userArn(call.account, '/', name),
      resourceTagKeys(user?.tags ?? []),
    )
    if (!user) throw noSuchEntity('user', name)
    if (user.accessKeyIds.length > 0) throw deleteConflict('delete access keys')
    if (Object.keys(user.inlinePolicies).length > 0) throw deleteConflict('delete policies')
    if (user.attachedPolicies.length > 0) throw deleteConflict('detach all policies')
    if (user.groups.length > 0) throw deleteConflict('remove users from group')
    await call.store.remove(userKey(call.account, name), {
      condition: { exists: true, equals: { userId: user.userId } },
    })
  },
)

/** The user of that name in the caller's account; names are told apart without regard to case. */
export async function findUser({ store, account }: IamCall, name: string): Promise<User | undefined> {
  const item = await store.get(userKey(account, name))
  return item && parseUser(item)
}

function callerName({ caller }: IamCall): string {
  return caller.contextKeys.get('aws:username')?.[0] ?? ''
}

function apiUser({ userName, userId, path, arn, createdAt, boundary, tags }: User): ApiUser {
  return {
    UserName: userName,
    UserId: userId,
    Path: path,
    Arn: arn,
    CreateDate: new Date(createdAt * 1000),
    ...(boundary === undefined
      ? {}
      : { PermissionsBoundary: { PermissionsBoundaryType: 'Policy' as never, PermissionsBoundaryArn: boundary } }),
    ...(tags.length > 0 ? { Tags: apiTags(tags) } : {}),
  }
}
