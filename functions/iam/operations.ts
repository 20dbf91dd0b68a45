import { getAccessKeyLastUsed } from './access-key-last-used.ts'
import { createAccessKey, deleteAccessKey, listAccessKeys, updateAccessKey } from './access-keys.ts'
import { createAccountAlias, deleteAccountAlias, listAccountAliases } from './account-aliases.ts'
import { deleteAccountPasswordPolicy, getAccountPasswordPolicy } from './account-password-policy.ts'
import { getAccountSummary } from './account-summary.ts'
import { getAccountAuthorizationDetails } from './authorization-details.ts'
import type { IamOperation } from './call.ts'
import { deleteUser } from './delete-user.ts'
import {
  listInstanceProfiles,
  listServerCertificates,
  listServiceSpecificCredentials,
  listSigningCertificates,
  listSshPublicKeys,
} from './empty-lists.ts'
import {
  deactivateMfaDevice,
  enableMfaDevice,
  getMfaDevice,
  listMfaDevices,
  resyncMfaDevice,
} from './enabled-mfa-devices.ts'
import { addUserToGroup, getGroup, listGroupsForUser, removeUserFromGroup } from './group-members.ts'
import {
  attachGroupPolicy,
  deleteGroupPolicy,
  detachGroupPolicy,
  getGroupPolicy,
  listAttachedGroupPolicies,
  listGroupPolicies,
  putGroupPolicy,
} from './group-policies.ts'
import { createGroup, deleteGroup, listGroups } from './groups.ts'
import { deleteLoginProfile, getLoginProfile } from './login-profiles.ts'
import { createPolicy, deletePolicy, getPolicy, listPolicies } from './managed-policies.ts'
import { listMfaDeviceTags, tagMfaDevice, untagMfaDevice } from './mfa-device-tags.ts'
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
import {
  disableOutboundWebIdentityFederation,
  enableOutboundWebIdentityFederation,
  getOutboundWebIdentityFederationInfo,
} from './outbound-federation.ts'
import { deleteUserPermissionsBoundary, putUserPermissionsBoundary } from './permissions-boundaries.ts'
import { listEntitiesForPolicy } from './policy-entities.ts'
import { listPolicyTags, tagPolicy, untagPolicy } from './policy-tags.ts'
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from './policy-versions.ts'
import { updateGroup } from './rename-group.ts'
import { updateUser } from './rename-user.ts'
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
import { listSamlProviderTags, tagSamlProvider, untagSamlProvider } from './saml-provider-tags.ts'
import {
  createSamlProvider,
  deleteSamlProvider,
  getSamlProvider,
  listSamlProviders,
  updateSamlProvider,
} from './saml-providers.ts'
import { getContextKeysForCustomPolicy, getContextKeysForPrincipalPolicy } from './simulate-context-keys.ts'
import { simulateCustomPolicy, simulatePrincipalPolicy } from './simulate-policies.ts'
import {
  attachUserPolicy,
  deleteUserPolicy,
  detachUserPolicy,
  getUserPolicy,
  listAttachedUserPolicies,
  listUserPolicies,
  putUserPolicy,
} from './user-policies.ts'
import { listUserTags, tagUser, untagUser } from './user-tags.ts'
import { createUser, getUser, listUsers } from './users.ts'
import { createVirtualMfaDevice, deleteVirtualMfaDevice, listVirtualMfaDevices } from './virtual-mfa-devices.ts'

const USERS: readonly IamOperation[] = [
  createUser,
  getUser,
  listUsers,
  updateUser,
  deleteUser,
  tagUser,
  untagUser,
  listUserTags,
  putUserPermissionsBoundary,
  deleteUserPermissionsBoundary,
  putUserPolicy,
  getUserPolicy,
  deleteUserPolicy,
  listUserPolicies,
  attachUserPolicy,
  detachUserPolicy,
  listAttachedUserPolicies,
  getLoginProfile,
  deleteLoginProfile,
]

const ACCESS_KEYS: readonly IamOperation[] = [
  createAccessKey,
  listAccessKeys,
  updateAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
]

const GROUPS: readonly IamOperation[] = [
  createGroup,
  listGroups,
  deleteGroup,
  updateGroup,
  getGroup,
  addUserToGroup,
  removeUserFromGroup,
  listGroupsForUser,
  putGroupPolicy,
  getGroupPolicy,
  deleteGroupPolicy,
  listGroupPolicies,
  attachGroupPolicy,
  detachGroupPolicy,
  listAttachedGroupPolicies,
]

const MFA_DEVICES: readonly IamOperation[] = [
  createVirtualMfaDevice,
  deleteVirtualMfaDevice,
  listVirtualMfaDevices,
  enableMfaDevice,
  resyncMfaDevice,
  deactivateMfaDevice,
  listMfaDevices,
  getMfaDevice,
  tagMfaDevice,
  untagMfaDevice,
  listMfaDeviceTags,
]

const ACCOUNTS: readonly IamOperation[] = [
  createAccountAlias,
  deleteAccountAlias,
  listAccountAliases,
  getAccountSummary,
  getAccountPasswordPolicy,
  deleteAccountPasswordPolicy,
  enableOutboundWebIdentityFederation,
  disableOutboundWebIdentityFederation,
  getOutboundWebIdentityFederationInfo,
  listInstanceProfiles,
  listServerCertificates,
  listSshPublicKeys,
  listSigningCertificates,
  listServiceSpecificCredentials,
]

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

const SAML_PROVIDERS: readonly IamOperation[] = [
  createSamlProvider,
  updateSamlProvider,
  getSamlProvider,
  listSamlProviders,
  deleteSamlProvider,
  tagSamlProvider,
  untagSamlProvider,
  listSamlProviderTags,
]

const SIMULATORS: readonly IamOperation[] = [
  simulateCustomPolicy,
  simulatePrincipalPolicy,
  getContextKeysForCustomPolicy,
  getContextKeysForPrincipalPolicy,
]

/** Every operation that is built, by resource kind. */
export const OPERATIONS: readonly IamOperation[] = [
  ...USERS,
  ...ACCESS_KEYS,
  ...GROUPS,
  ...MFA_DEVICES,
  ...ACCOUNTS,
  ...ROLES,
  ...MANAGED_POLICIES,
  ...OIDC_PROVIDERS,
  ...SAML_PROVIDERS,
  ...SIMULATORS,
  getAccountAuthorizationDetails,
]
