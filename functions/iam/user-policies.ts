import type {
  AttachUserPolicyRequest,
  DeleteUserPolicyRequest,
  DetachUserPolicyRequest,
  GetUserPolicyRequest,
  GetUserPolicyResponse,
  ListAttachedUserPoliciesRequest,
  ListAttachedUserPoliciesResponse,
  ListUserPoliciesRequest,
  ListUserPoliciesResponse,
  PutUserPolicyRequest,
} from '@aws-sdk/client-iam'
import { attachUserPolicyModel } from '@daypass/core/model/iam/attach-user-policy.ts'
import { deleteUserPolicyModel } from '@daypass/core/model/iam/delete-user-policy.ts'
import { detachUserPolicyModel } from '@daypass/core/model/iam/detach-user-policy.ts'
import { getUserPolicyModel } from '@daypass/core/model/iam/get-user-policy.ts'
import { listAttachedUserPoliciesModel } from '@daypass/core/model/iam/list-attached-user-policies.ts'
import { listUserPoliciesModel } from '@daypass/core/model/iam/list-user-policies.ts'
import { putUserPolicyModel } from '@daypass/core/model/iam/put-user-policy.ts'
import { attachPolicy, detachPolicy, listAttachedPolicies } from './attached-policies.ts'
import { iamOperation } from './call.ts'
import { deleteInlinePolicy, getInlinePolicy, listInlinePolicies, putInlinePolicy } from './inline-policies.ts'
import { USER } from './user-kind.ts'

export const putUserPolicy = iamOperation<PutUserPolicyRequest, void>(
  putUserPolicyModel,
  (call, { UserName: name = '', PolicyName: policyName = '', PolicyDocument: document = '' }) =>
    putInlinePolicy(call, USER, 'iam:PutUserPolicy', { name, policyName, document }),
)

export const getUserPolicy = iamOperation<GetUserPolicyRequest, GetUserPolicyResponse>(
  getUserPolicyModel,
  async (call, { UserName: name = '', PolicyName: policyName = '' }) => {
    const found = await getInlinePolicy(call, USER, 'iam:GetUserPolicy', { name, policyName })
    return { UserName: found.name, PolicyName: found.policyName, PolicyDocument: found.document }
  },
)

export const deleteUserPolicy = iamOperation<DeleteUserPolicyRequest, void>(
  deleteUserPolicyModel,
  (call, { UserName: name = '', PolicyName: policyName = '' }) =>
    deleteInlinePolicy(call, USER, 'iam:DeleteUserPolicy', { name, policyName }),
)

export const listUserPolicies = iamOperation<ListUserPoliciesRequest, ListUserPoliciesResponse>(
  listUserPoliciesModel,
  (call, input) => listInlinePolicies(call, USER, 'iam:ListUserPolicies', input.UserName ?? '', input),
)

export const attachUserPolicy = iamOperation<AttachUserPolicyRequest, void>(
  attachUserPolicyModel,
  (call, { UserName: name = '', PolicyArn: arn = '' }) =>
    attachPolicy(call, USER, 'iam:AttachUserPolicy', { name, arn }),
)

export const detachUserPolicy = iamOperation<DetachUserPolicyRequest, void>(
  detachUserPolicyModel,
  (call, { UserName: name = '', PolicyArn: arn = '' }) =>
    detachPolicy(call, USER, 'iam:DetachUserPolicy', { name, arn }),
)

export const listAttachedUserPolicies = iamOperation<ListAttachedUserPoliciesRequest, ListAttachedUserPoliciesResponse>(
  listAttachedUserPoliciesModel,
  (call, input) => listAttachedPolicies(call, USER, 'iam:ListAttachedUserPolicies', input.UserName ?? '', input),
)
