import type {
  AttachedPolicy,
  GroupDetail,
  ManagedPolicyDetail,
  PolicyDetail,
  RoleDetail,
  UserDetail,
} from '@aws-sdk/client-iam'
import type { UseCounts } from '@daypass/core/managed-policies/uses.ts'
import type { Group } from '@daypass/core/store/entities/group.ts'
import type { ManagedPolicy } from '@daypass/core/store/entities/managed-policy.ts'
import type { Role } from '@daypass/core/store/entities/role.ts'
import type { User } from '@daypass/core/store/entities/user.ts'
import { createdRole } from './api-role.ts'
import { apiUser } from './api-user.ts'
import type { IamCall } from './call.ts'
import type { PolicyHolder } from './inline-policies.ts'
import { apiPolicy } from './known-policy.ts'
import { encodedDocument } from './policy-document.ts'
import { textOf } from './policy-version-texts.ts'
import { apiTags } from './tags.ts'

/** What GetAccountAuthorizationDetails tells of a user: its boundary and tags too. */
export const userDetail = (user: User): UserDetail => ({
  ...apiUser(user),
  UserPolicyList: inlineDetails(user),
  GroupList: [...user.groups],
  AttachedManagedPolicies: attachedDetails(user),
  Tags: apiTags(user.tags),
})

export const groupDetail = (group: Group): GroupDetail => ({
  Path: group.path,
  GroupName: group.groupName,
  GroupId: group.groupId,
  Arn: group.arn,
  CreateDate: new Date(group.createdAt * 1000),
  GroupPolicyList: inlineDetails(group),
  AttachedManagedPolicies: attachedDetails(group),
})

export function roleDetail(role: Role): RoleDetail {
  const { MaxSessionDuration: _max, Description: _description, ...told } = createdRole(role)
  return {
    ...told,
    InstanceProfileList: [],
    RolePolicyList: inlineDetails(role),
    AttachedManagedPolicies: attachedDetails(role),
    Tags: apiTags(role.tags),
    RoleLastUsed: {},
  }
}

/** Of a policy all versions with their texts. */
export async function policyDetail(
  call: IamCall,
  policy: ManagedPolicy,
  counts: UseCounts,
): Promise<ManagedPolicyDetail> {
  const { description, versions, defaultVersionId } = policy
  const texts = await Promise.all(versions.map((version) => textOf(call, policy, version)))
  return {
    ...apiPolicy(policy, counts),
    ...(description === undefined ? {} : { Description: description }),
    // A version without a text was deleted at this moment.
    PolicyVersionList: versions.flatMap(({ versionId, createdAt }, index) => {
      const text = texts[index]
      if (text === undefined) return []
      return [
        {
          Document: encodedDocument(text),
          VersionId: versionId,
          IsDefaultVersion: versionId === defaultVersionId,
          CreateDate: new Date(createdAt * 1000),
        },
      ]
    }),
  }
}

const inlineDetails = ({ inlinePolicies }: PolicyHolder): PolicyDetail[] =>
  Object.entries(inlinePolicies).map(([name, text]) => ({ PolicyName: name, PolicyDocument: encodedDocument(text) }))

const attachedDetails = ({ attachedPolicies }: PolicyHolder): AttachedPolicy[] =>
  attachedPolicies.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }))
