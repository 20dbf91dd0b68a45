import type {
  GetAccountAuthorizationDetailsRequest,
  GetAccountAuthorizationDetailsResponse,
  GroupDetail,
  ManagedPolicyDetail,
  RoleDetail,
  UserDetail,
} from '@aws-sdk/client-iam'
import { countUses, type UseCounts } from '@daypass/core/managed-policies/uses.ts'
import { getAccountAuthorizationDetailsModel } from '@daypass/core/model/iam/get-account-authorization-details.ts'
import { parseGroup } from '@daypass/core/store/entities/group.ts'
import { type ManagedPolicy, parseManagedPolicy } from '@daypass/core/store/entities/managed-policy.ts'
import { parseRole } from '@daypass/core/store/entities/role.ts'
import { parseUser } from '@daypass/core/store/entities/user.ts'
import { KIND } from '@daypass/core/store/keys.ts'
import type { Item } from '@daypass/core/store/port.ts'
import { groupDetail, policyDetail, roleDetail, userDetail } from './authorization-detail.ts'
import { iamOperation } from './call.ts'
import { type PageSource, pageOfChain } from './chained-pages.ts'
import { BUILT_IN } from './known-policy.ts'
import { type PageInput, pageOfList, pageOfPartition } from './pages.ts'

/** One entity of the account, in the list of the answer that it belongs to. */
type Detail =
  | { readonly list: 'User'; readonly detail: UserDetail }
  | { readonly list: 'Group'; readonly detail: GroupDetail }
  | { readonly list: 'Role'; readonly detail: RoleDetail }
  | { readonly list: 'Policy'; readonly detail: ManagedPolicyDetail }

const UNUSED: UseCounts = { policy: 0, boundary: 0 }

/** Of the built-in policies only those in use, as AWS tells its own. */
export const getAccountAuthorizationDetails = iamOperation<
  GetAccountAuthorizationDetailsRequest,
  GetAccountAuthorizationDetailsResponse
>(getAccountAuthorizationDetailsModel, async (call, input) => {
  await call.demand('iam:GetAccountAuthorizationDetails', '*')
  const { store, account } = call
  const counts = await countUses(store, account)
  const partition =
    <T>(
      kind: string,
      parse: (item: Item) => T,
      toDetail: (entity: T) => Detail | Promise<Detail>,
    ): PageSource<Detail> =>
    (page) =>
      mapped(pageOfPartition(store, `${kind}#${account}`, page, parse), toDetail)
  const ofPolicy = async (policy: ManagedPolicy): Promise<Detail> => {
    return { list: 'Policy', detail: await policyDetail(call, policy, counts.get(policy.arn) ?? UNUSED) }
  }
  const builtIn = [...BUILT_IN.values()].filter(({ arn }) => counts.has(arn))
  const sources: Readonly<Record<string, PageSource<Detail>>> = {
    User: partition(KIND.user, parseUser, (user) => ({ list: 'User', detail: userDetail(user) })),
    Group: partition(KIND.group, parseGroup, (group) => ({ list: 'Group', detail: groupDetail(group) })),
    Role: partition(KIND.role, parseRole, (role) => ({ list: 'Role', detail: roleDetail(role) })),
    AWSManagedPolicy: (page: PageInput) => mapped(Promise.resolve(pageOfList(builtIn, page)), ofPolicy),
    LocalManagedPolicy: partition(KIND.policy, parseManagedPolicy, ofPolicy),
  }
  const wanted = Object.entries(sources).filter(
    ([type]) => !input.Filter?.length || input.Filter.some((each) => each === type),
  )
  const { entities, ...rest } = await pageOfChain(
    wanted.map(([, source]) => source),
    input,
  )
  const listed = <L extends Detail['list']>(list: L) =>
    entities.flatMap((each) => (each.list === list ? [each.detail as Extract<Detail, { list: L }>['detail']] : []))
  return {
    UserDetailList: listed('User'),
    GroupDetailList: listed('Group'),
    RoleDetailList: listed('Role'),
    Policies: listed('Policy'),
    ...rest,
  }
})

async function mapped<T>(
  page: ReturnType<PageSource<T>>,
  toDetail: (entity: T) => Detail | Promise<Detail>,
): ReturnType<PageSource<Detail>> {
  const { entities, ...rest } = await page
  return { entities: await Promise.all(entities.map(toDetail)), ...rest }
}
