import type {
  AttachGroupPolicyRequest,
  DeleteGroupPolicyRequest,
  DetachGroupPolicyRequest,
  GetGroupPolicyRequest,
  GetGroupPolicyResponse,
  ListAttachedGroupPoliciesRequest,
  ListAttachedGroupPoliciesResponse,
  ListGroupPoliciesRequest,
  ListGroupPoliciesResponse,
  PutGroupPolicyRequest,
} from '@aws-sdk/client-iam'
import { attachGroupPolicyModel } from '@daypass/core/model/iam/attach-group-policy.ts'
import { deleteGroupPolicyModel } from '@daypass/core/model/iam/delete-group-policy.ts'
import { detachGroupPolicyModel } from '@daypass/core/model/iam/detach-group-policy.ts'
import { getGroupPolicyModel } from '@daypass/core/model/iam/get-group-policy.ts'
import { listAttachedGroupPoliciesModel } from '@daypass/core/model/iam/list-attached-group-policies.ts'
import { listGroupPoliciesModel } from '@daypass/core/model/iam/list-group-policies.ts'
import { putGroupPolicyModel } from '@daypass/core/model/iam/put-group-policy.ts'
import { attachPolicy, detachPolicy, listAttachedPolicies } from './attached-policies.ts'
import { iamOperation } from './call.ts'
import { GROUP } from './group-kind.ts'
import { deleteInlinePolicy, getInlinePolicy, listInlinePolicies, putInlinePolicy } from './inline-policies.ts'

export const putGroupPolicy = iamOperation<PutGroupPolicyRequest, void>(
  putGroupPolicyModel,
  (call, { GroupName: name = '', PolicyName: policyName = '', PolicyDocument: document = '' }) =>
    putInlinePolicy(call, GROUP, 'iam:PutGroupPolicy', { name, policyName, document }),
)

export const getGroupPolicy = iamOperation<GetGroupPolicyRequest, GetGroupPolicyResponse>(
  getGroupPolicyModel,
  async (call, { GroupName: name = '', PolicyName: policyName = '' }) => {
    const found = await getInlinePolicy(call, GROUP, 'iam:GetGroupPolicy', { name, policyName })
    return { GroupName: found.name, PolicyName: found.policyName, PolicyDocument: found.document }
  },
)

export const deleteGroupPolicy = iamOperation<DeleteGroupPolicyRequest, void>(
  deleteGroupPolicyModel,
  (call, { GroupName: name = '', PolicyName: policyName = '' }) =>
    deleteInlinePolicy(call, GROUP, 'iam:DeleteGroupPolicy', { name, policyName }),
)

export const listGroupPolicies = iamOperation<ListGroupPoliciesRequest, ListGroupPoliciesResponse>(
  listGroupPoliciesModel,
  (call, input) => listInlinePolicies(call, GROUP, 'iam:ListGroupPolicies', input.GroupName ?? '', input),
)

export const attachGroupPolicy = iamOperation<AttachGroupPolicyRequest, void>(
  attachGroupPolicyModel,
  (call, { GroupName: name = '', PolicyArn: arn = '' }) =>
    attachPolicy(call, GROUP, 'iam:AttachGroupPolicy', { name, arn }),
)

export const detachGroupPolicy = iamOperation<DetachGroupPolicyRequest, void>(
  detachGroupPolicyModel,
  (call, { GroupName: name = '', PolicyArn: arn = '' }) =>
    detachPolicy(call, GROUP, 'iam:DetachGroupPolicy', { name, arn }),
)

export const listAttachedGroupPolicies = iamOperation<
  ListAttachedGroupPoliciesRequest,
  ListAttachedGroupPoliciesResponse
>(listAttachedGroupPoliciesModel, (call, input) =>
  listAttachedPolicies(call, GROUP, 'iam:ListAttachedGroupPolicies', input.GroupName ?? '', input),
)
