import type {
  CreateUserRequest,
  CreateUserResponse,
  GetUserRequest,
  GetUserResponse,
  ListUsersRequest,
  ListUsersResponse,
} from '@aws-sdk/client-iam'
import { rootArn, userArn } from '@daypass/core/arn.ts'
import { newUniqueId } from '@daypass/core/credentials/random-names.ts'
import { createUserModel } from '@daypass/core/model/iam/create-user.ts'
import { getUserModel } from '@daypass/core/model/iam/get-user.ts'
import { listUsersModel } from '@daypass/core/model/iam/list-users.ts'
import { parseUser, type User, userItem } from '@daypass/core/store/entities/user.ts'
import { KIND, userKey } from '@daypass/core/store/keys.ts'
import { ConditionFailed } from '@daypass/core/store/port.ts'
import { requireRoom } from './account-quotas.ts'
import { readAccount } from './account-row.ts'
import { apiUser, listedUser } from './api-user.ts'
import { type IamCall, iamOperation } from './call.ts'
import { boundaryKey, joinKeys } from './context-keys.ts'
import { alreadyExists } from './errors.ts'
import { allowedUser, speaksOfRoot, userNameOrOwn } from './named-user.ts'
import { pageOfPartition } from './pages.ts'
import { withBoundary } from './permissions-boundaries.ts'
import { parseTags, requestTagKeys } from './tags.ts'

export const createUser = iamOperation<CreateUserRequest, CreateUserResponse>(createUserModel, async (call, input) => {
  const { UserName: userName = '', Path: path = '/', PermissionsBoundary: boundary } = input
  const tags = parseTags(call, input.Tags)
  const arn = userArn(call.account, path, userName)
  await call.demand('iam:CreateUser', arn, joinKeys(requestTagKeys(tags), boundaryKey(boundary)))
  if (tags.length > 0) await call.demand('iam:TagUser', arn, requestTagKeys(tags))
  await requireRoom(call, KIND.user)
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
    ...(boundary === undefined ? {} : { boundary }),
  }
  await withBoundary(call, { kind: 'user', name: userName }, boundary, () => putNewUser(call, user))
  return { User: apiUser(user) }
})

async function putNewUser({ store, account }: IamCall, user: User): Promise<void> {
  try {
    await store.put(userItem(user), { condition: { exists: false } })
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error
    const item = await store.get(userKey(account, user.userName))
    throw alreadyExists('User', item ? parseUser(item).userName : user.userName)
  }
}

export const getUser = iamOperation<GetUserRequest, GetUserResponse>(getUserModel, async (call, { UserName }) => {
  if (speaksOfRoot(call, UserName)) {
    await call.demand('iam:GetUser', rootArn(call.account))
    return { User: await rootUser(call) }
  }
  return { User: apiUser(await allowedUser(call, userNameOrOwn(call, UserName), 'iam:GetUser')) }
})

/** Root is no user, but AWS answers as if: its id is the account's. */
async function rootUser(call: IamCall) {
  const { account, alias, name = 'root', createdAt } = await readAccount(call)
  return {
    UserName: alias ?? name,
    UserId: account,
    Path: '/',
    Arn: rootArn(account),
    CreateDate: new Date(createdAt * 1000),
  }
}

export const listUsers = iamOperation<ListUsersRequest, ListUsersResponse>(listUsersModel, async (call, input) => {
  const { PathPrefix: prefix = '/' } = input
  await call.demand('iam:ListUsers', userArn(call.account, prefix, ''))
  const inPath = ({ path }: User) => path.startsWith(prefix)
  const page = await pageOfPartition(call.store, `${KIND.user}#${call.account}`, input, parseUser, inPath)
  const { entities, ...rest } = page
  return { Users: entities.map(listedUser), ...rest }
})
