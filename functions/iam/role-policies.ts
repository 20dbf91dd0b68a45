import type {
  AttachRolePolicyRequest,
  DeleteRolePolicyRequest,
  DetachRolePolicyRequest,
  GetRolePolicyRequest,
  GetRolePolicyResponse,
  ListAttachedRolePoliciesRequest,
  ListAttachedRolePoliciesResponse,
  ListRolePoliciesRequest,
  ListRolePoliciesResponse,
  PutRolePolicyRequest,
} from '@aws-sdk/client-iam'
import { attachRolePolicyModel } from '@daypass/core/model/iam/attach-role-policy.ts'
import { deleteRolePolicyModel } from '@daypass/core/model/iam/delete-role-policy.ts'
import { detachRolePolicyModel } from '@daypass/core/model/iam/detach-role-policy.ts'
import { getRolePolicyModel } from '@daypass/core/model/iam/get-role-policy.ts'
import { listAttachedRolePoliciesModel } from '@daypass/core/model/iam/list-attached-role-policies.ts'
import { listRolePoliciesModel } from '@daypass/core/model/iam/list-role-policies.ts'
import { putRolePolicyModel } from '@daypass/core/model/iam/put-role-policy.ts'
import { attachPolicy, detachPolicy, listAttachedPolicies } from './attached-policies.ts'
import { iamOperation } from './call.ts'
import { deleteInlinePolicy, getInlinePolicy, listInlinePolicies, putInlinePolicy } from './inline-policies.ts'
import { ROLE } from './role-kind.ts'

export const putRolePolicy = iamOperation<PutRolePolicyRequest, void>(
  putRolePolicyModel,
  (call, { RoleName: name = '', PolicyName: policyName = '', PolicyDocument: document = '' }) =>
    putInlinePolicy(call, ROLE, 'iam:PutRolePolicy', { name, policyName, document }),
)

export const getRolePolicy = iamOperation<GetRolePolicyRequest, GetRolePolicyResponse>(
  getRolePolicyModel,
  async (call, { RoleName: name = '', PolicyName: policyName = '' }) => {
    const found = await getInlinePolicy(call, ROLE, 'iam:GetRolePolicy', { name, policyName })
    return { RoleName: found.name, PolicyName: found.policyName, PolicyDocument: found.document }
  },
)

export const deleteRolePolicy = iamOperation<DeleteRolePolicyRequest, void>(
  deleteRolePolicyModel,
  (call, { RoleName: name = '', PolicyName: policyName = '' }) =>
    deleteInlinePolicy(call, ROLE, 'iam:DeleteRolePolicy', { name, policyName }),
)

export const listRolePolicies = iamOperation<ListRolePoliciesRequest, ListRolePoliciesResponse>(
  listRolePoliciesModel,
  (call, input) => listInlinePolicies(call, ROLE, 'iam:ListRolePolicies', input.RoleName ?? '', input),
)

export const attachRolePolicy = iamOperation<AttachRolePolicyRequest, void>(
  attachRolePolicyModel,
  (call, { RoleName: name = '', PolicyArn: arn = '' }) =>
    attachPolicy(call, ROLE, 'iam:AttachRolePolicy', { name, arn }),
)

export const detachRolePolicy = iamOperation<DetachRolePolicyRequest, void>(
  detachRolePolicyModel,
  (call, { RoleName: name = '', PolicyArn: arn = '' }) =>
    detachPolicy(call, ROLE, 'iam:DetachRolePolicy', { name, arn }),
)

export const listAttachedRolePolicies = iamOperation<ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse>(
  listAttachedRolePoliciesModel,
  (call, input) => listAttachedPolicies(call, ROLE, 'iam:ListAttachedRolePolicies', input.RoleName ?? '', input),
)
