import type {
  DeleteRolePermissionsBoundaryRequest,
  PutRolePermissionsBoundaryRequest,
  UpdateAssumeRolePolicyRequest,
  UpdateRoleDescriptionRequest,
  UpdateRoleDescriptionResponse,
  UpdateRoleRequest,
  UpdateRoleResponse,
} from '@aws-sdk/client-iam'
import { deleteRolePermissionsBoundaryModel } from '@daypass/core/model/iam/delete-role-permissions-boundary.ts'
import { putRolePermissionsBoundaryModel } from '@daypass/core/model/iam/put-role-permissions-boundary.ts'
import { updateAssumeRolePolicyModel } from '@daypass/core/model/iam/update-assume-role-policy.ts'
import { updateRoleModel } from '@daypass/core/model/iam/update-role.ts'
import { updateRoleDescriptionModel } from '@daypass/core/model/iam/update-role-description.ts'
import { boundTrust } from '@daypass/core/trust-policies/bind.ts'
import { apiRole } from './api-role.ts'
import { iamOperation } from './call.ts'
import { changeItem } from './change-item.ts'
import { allowedEntity } from './entity-kind.ts'
import { deleteBoundary, putBoundary } from './permissions-boundaries.ts'
import { ROLE } from './role-kind.ts'
import { checkRoleTrust } from './trust-policy.ts'

/** What the request leaves out stays as it is. */
export const updateRole = iamOperation<UpdateRoleRequest, UpdateRoleResponse>(updateRoleModel, async (call, input) => {
  const { RoleName: name = '', Description: description, MaxSessionDuration: maxSessionDuration } = input
  const role = await allowedEntity(call, ROLE, name, 'iam:UpdateRole')
  await changeItem(call.store, ROLE, role, (now) => ({
    ...now,
    ...(description === undefined ? {} : { description }),
    ...(maxSessionDuration === undefined ? {} : { maxSessionDuration }),
  }))
  return {}
})

export const updateRoleDescription = iamOperation<UpdateRoleDescriptionRequest, UpdateRoleDescriptionResponse>(
  updateRoleDescriptionModel,
  async (call, { RoleName: name = '', Description: description = '' }) => {
    const role = await allowedEntity(call, ROLE, name, 'iam:UpdateRoleDescription')
    return { Role: apiRole(await changeItem(call.store, ROLE, role, (now) => ({ ...now, description }))) }
  },
)

export const updateAssumeRolePolicy = iamOperation<UpdateAssumeRolePolicyRequest, void>(
  updateAssumeRolePolicyModel,
  async (call, { RoleName: name = '', PolicyDocument: trustPolicy = '' }) => {
    const role = await allowedEntity(call, ROLE, name, 'iam:UpdateAssumeRolePolicy')
    checkRoleTrust(call, trustPolicy)
    const bound = await boundTrust(call.store, trustPolicy)
    await changeItem(call.store, ROLE, role, ({ boundTrustPolicy: _former, ...now }) => ({
      ...now,
      trustPolicy,
      ...bound,
    }))
  },
)

export const putRolePermissionsBoundary = iamOperation<PutRolePermissionsBoundaryRequest, void>(
  putRolePermissionsBoundaryModel,
  (call, { RoleName: name = '', PermissionsBoundary: arn = '' }) =>
    putBoundary(call, ROLE, 'iam:PutRolePermissionsBoundary', { name, arn }),
)

export const deleteRolePermissionsBoundary = iamOperation<DeleteRolePermissionsBoundaryRequest, void>(
  deleteRolePermissionsBoundaryModel,
  (call, { RoleName: name = '' }) => deleteBoundary(call, ROLE, 'iam:DeleteRolePermissionsBoundary', name),
)
