import type { IamOperation } from './call.ts'
import { createPolicy, deletePolicy, getPolicy, listPolicies } from './managed-policies.ts'
import {
  addClientIdToOpenIdConnectProvider,
  listOpenIdConnectProviderTags,
  removeClientIdFromOpenIdConnectProvider,
  tagOpenIdConnectProvider,
  untagOpenIdConnectProvider,
  updateOpenIdConnectProviderThumbprint,
} from './oidc-provider-updates.ts'
import {
  createOpenIdConnectProvider,
  deleteOpenIdConnectProvider,
  getOpenIdConnectProvider,
  listOpenIdConnectProviders,
} from './oidc-providers.ts'
import { listEntitiesForPolicy } from './policy-entities.ts'
import { listPolicyTags, tagPolicy, untagPolicy } from './policy-tags.ts'
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from './policy-versions.ts'
import {
  attachRolePolicy,
  deleteRolePolicy,
  detachRolePolicy,
  getRolePolicy,
  listAttachedRolePolicies,
  listRolePolicies,
  putRolePolicy,
} from './role-policies.ts'
import { listRoleTags, tagRole, untagRole } from './role-tags.ts'
import {
  deleteRolePermissionsBoundary,
  putRolePermissionsBoundary,
  updateAssumeRolePolicy,
  updateRole,
  updateRoleDescription,
} from './role-updates.ts'
import { createRole, deleteRole, getRole, listInstanceProfilesForRole, listRoles } from './roles.ts'
import { createUser, deleteUser, getUser, listUsers } from './users.ts'

const ROLES: readonly IamOperation[] = [
  createRole,
  getRole,
  listRoles,
  deleteRole,
  updateRole,
  updateRoleDescription,
  updateAssumeRolePolicy,
  putRolePermissionsBoundary,
  deleteRolePermissionsBoundary,
  tagRole,
  untagRole,
  listRoleTags,
  putRolePolicy,
  getRolePolicy,
  deleteRolePolicy,
  listRolePolicies,
  attachRolePolicy,
  detachRolePolicy,
  listAttachedRolePolicies,
  listInstanceProfilesForRole,
]

const MANAGED_POLICIES: readonly IamOperation[] = [
  createPolicy,
  getPolicy,
  listPolicies,
  deletePolicy,
  createPolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
  deletePolicyVersion,
  listEntitiesForPolicy,
  tagPolicy,
  untagPolicy,
  listPolicyTags,
]

const OIDC_PROVIDERS: readonly IamOperation[] = [
  createOpenIdConnectProvider,
  getOpenIdConnectProvider,
  listOpenIdConnectProviders,
  deleteOpenIdConnectProvider,
  addClientIdToOpenIdConnectProvider,
  removeClientIdFromOpenIdConnectProvider,
  updateOpenIdConnectProviderThumbprint,
  tagOpenIdConnectProvider,
  untagOpenIdConnectProvider,
  listOpenIdConnectProviderTags,
]

/** Every operation that is built, by resource kind. */
export const OPERATIONS: readonly IamOperation[] = [
  createUser,
  deleteUser,
  getUser,
  listUsers,
  ...ROLES,
  ...MANAGED_POLICIES,
  ...OIDC_PROVIDERS,
]
