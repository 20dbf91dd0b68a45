import type { ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse } from '@aws-sdk/client-iam'
import { type FoundUse, findUses } from '@daypass/core/managed-policies/uses.ts'
import { listEntitiesForPolicyModel } from '@daypass/core/model/iam/list-entities-for-policy.ts'
import { iamOperation } from './call.ts'
import { allowedPolicy } from './known-policy.ts'
import { pageOfList } from './pages.ts'

const FILTERS: Readonly<Record<string, FoundUse['kind'] | undefined>> = { User: 'user', Group: 'group', Role: 'role' }
const USAGES = { PermissionsPolicy: 'policy', PermissionsBoundary: 'boundary' } as const

export const listEntitiesForPolicy = iamOperation<ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse>(
  listEntitiesForPolicyModel,
  async (call, input) => {
    const { PolicyArn: arn = '', EntityFilter: filter, PathPrefix: prefix = '/', PolicyUsageFilter: usage } = input
    await allowedPolicy(call, 'iam:ListEntitiesForPolicy', arn)
    const { uses } = await findUses(call.store, call.account, arn, call.deps.clock.now())
    const wanted = uses.filter(
      (use) =>
        (filter === undefined || use.kind === FILTERS[filter]) &&
        (usage === undefined || use.usage === USAGES[usage]) &&
        use.path.startsWith(prefix),
    )
    // An entity may use one policy in both ways; the last entry of an id takes the place of the first.
    const entities = [...new Map(wanted.map((use) => [use.id, use])).values()]
    const { entities: page, ...rest } = pageOfList(entities, input)
    const of = (kind: FoundUse['kind']) => page.filter((use) => use.kind === kind)
    return {
      PolicyGroups: of('group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      PolicyUsers: of('user').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyRoles: of('role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      ...rest,
    }
  },
)
