import type {
  CreateRoleRequest,
  CreateRoleResponse,
  DeleteRoleRequest,
  GetRoleRequest,
  GetRoleResponse,
  ListInstanceProfilesForRoleRequest,
  ListInstanceProfilesForRoleResponse,
  ListRolesRequest,
  ListRolesResponse,
} from '@aws-sdk/client-iam'
import { roleArn } from '@daypass/core/arn.ts'
import { newUniqueId } from '@daypass/core/credentials/random-names.ts'
import { createRoleModel } from '@daypass/core/model/iam/create-role.ts'
import { deleteRoleModel } from '@daypass/core/model/iam/delete-role.ts'
import { getRoleModel } from '@daypass/core/model/iam/get-role.ts'
import { listInstanceProfilesForRoleModel } from '@daypass/core/model/iam/list-instance-profiles-for-role.ts'
import { listRolesModel } from '@daypass/core/model/iam/list-roles.ts'
import { parseRole, type Role, roleItem } from '@daypass/core/store/entities/role.ts'
import { KIND } from '@daypass/core/store/keys.ts'
import { ConditionFailed } from '@daypass/core/store/port.ts'
import { boundTrust } from '@daypass/core/trust-policies/bind.ts'
import { requireRoom } from './account-quotas.ts'
import { apiRole, createdRole, listedRole } from './api-role.ts'
import { iamOperation } from './call.ts'
import { removeItem } from './change-item.ts'
import { boundaryKey, joinKeys } from './context-keys.ts'
import { allowedEntity } from './entity-kind.ts'
import { alreadyExists, deleteConflict } from './errors.ts'
import { pageOfPartition } from './pages.ts'
import { withBoundary } from './permissions-boundaries.ts'
import { noteDetached } from './policy-attachments.ts'
import { ROLE } from './role-kind.ts'
import { parseTags, requestTagKeys } from './tags.ts'
import { checkRoleTrust } from './trust-policy.ts'

const DEFAULT_SESSION_DURATION = 3600

export const createRole = iamOperation<CreateRoleRequest, CreateRoleResponse>(createRoleModel, async (call, input) => {
  const { RoleName: roleName = '', Path: path = '/', AssumeRolePolicyDocument: trustPolicy = '' } = input
  const { Description: description, PermissionsBoundary: boundary } = input
  const tags = parseTags(call, input.Tags)
  const arn = roleArn(call.account, path, roleName)
  await call.demand('iam:CreateRole', arn, joinKeys(requestTagKeys(tags), boundaryKey(boundary)))
  if (tags.length > 0) await call.demand('iam:TagRole', arn, requestTagKeys(tags))
  checkRoleTrust(call, trustPolicy)
  await requireRoom(call, KIND.role)
  const role: Role = {
    account: call.account,
    roleName,
    roleId: newUniqueId('AROA'),
    path,
    arn,
    createdAt: call.now,
    trustPolicy,
    ...(await boundTrust(call.store, trustPolicy)),
    maxSessionDuration: input.MaxSessionDuration ?? DEFAULT_SESSION_DURATION,
    inlinePolicies: {},
    attachedPolicies: [],
    tags,
    ...(description === undefined ? {} : { description }),
    ...(boundary === undefined ? {} : { boundary }),
  }
  await withBoundary(call, { kind: 'role', name: roleName }, boundary, async () => {
    try {
      await call.store.put(roleItem(role), { condition: { exists: false } })
    } catch (error) {
      throw error instanceof ConditionFailed ? alreadyExists('Role', roleName) : error
    }
  })
  return { Role: createdRole(role) }
})

export const getRole = iamOperation<GetRoleRequest, GetRoleResponse>(
  getRoleModel,
  async (call, { RoleName: name = '' }) => ({ Role: apiRole(await allowedEntity(call, ROLE, name, 'iam:GetRole')) }),
)

export const listRoles = iamOperation<ListRolesRequest, ListRolesResponse>(listRolesModel, async (call, input) => {
  const { PathPrefix: prefix = '/' } = input
  await call.demand('iam:ListRoles', roleArn(call.account, prefix, ''))
  const partition = `${KIND.role}#${call.account}`
  const page = await pageOfPartition(call.store, partition, input, parseRole, ({ path }) => path.startsWith(prefix))
  const { entities, ...rest } = page
  return { Roles: entities.map(listedRole), ...rest }
})

export const deleteRole = iamOperation<DeleteRoleRequest, void>(
  deleteRoleModel,
  async (call, { RoleName: name = '' }) => {
    const role = await allowedEntity(call, ROLE, name, 'iam:DeleteRole')
    const remove = () => removeItem(call.store, ROLE, role, refuseWhatIsLeft)
    const { boundary: policyArn, roleName } = role
    if (policyArn === undefined) return remove()
    await noteDetached(call, { policyArn, usage: 'boundary', kind: 'role', name: roleName }, remove)
  },
)

/** There are no instance profiles here, so no role has any. */
export const listInstanceProfilesForRole = iamOperation<
  ListInstanceProfilesForRoleRequest,
  ListInstanceProfilesForRoleResponse
>(listInstanceProfilesForRoleModel, async (call, { RoleName: name = '' }) => {
  await allowedEntity(call, ROLE, name, 'iam:ListInstanceProfilesForRole')
  return { InstanceProfiles: [], IsTruncated: false }
})

function refuseWhatIsLeft({ inlinePolicies, attachedPolicies }: Role): void {
  if (attachedPolicies.length > 0) throw deleteConflict('detach all policies')
  if (Object.keys(inlinePolicies).length > 0) throw deleteConflict('delete policies')
}
