import { groupArn, oidcProviderArn, policyArn, roleArn, userArn } from '../arn.ts'
import { readManagedPolicies } from '../authentication/policy-texts.ts'
import { newUniqueId } from '../credentials/random-names.ts'
import { recordUses } from '../managed-policies/uses.ts'
import type { PolicyKind } from '../policy/document.ts'
import { parsePolicy } from '../policy/parse.ts'
import { checkTrustPolicy } from '../policy/trust-check.ts'
import { dialectOf } from '../store/entities/account.ts'
import { groupItem, parseGroup } from '../store/entities/group.ts'
import { groupMemberItem } from '../store/entities/group-member.ts'
import { managedPolicyItem, parseManagedPolicy } from '../store/entities/managed-policy.ts'
import { isProviderUrl, oidcProviderItem, parseOidcProvider, withoutScheme } from '../store/entities/oidc-provider.ts'
import { parseRole, roleItem } from '../store/entities/role.ts'
import { parseUser, userItem } from '../store/entities/user.ts'
import { groupKey, oidcProviderKey, policyKey, roleKey, userKey } from '../store/keys.ts'
import { ConditionFailed } from '../store/port.ts'
import { boundTrust } from '../trust-policies/bind.ts'
import type { BootstrapDeps } from './apply.ts'
import {
  BootstrapError,
  type BootstrapGroup,
  type BootstrapOidcProvider,
  type BootstrapPolicy,
  type BootstrapPolicyDocument,
  type BootstrapRole,
  type BootstrapTag,
  type BootstrapUser,
} from './document.ts'
import { replaceItem } from './replace.ts'
import { putAccessKey } from './root-key.ts'

export async function applyPolicy(
  { store, clock }: BootstrapDeps,
  account: string,
  policy: BootstrapPolicy,
): Promise<void> {
  const { PolicyName: policyName, Path: path = '/', Description: description } = policy
  const document = policyText(policy.PolicyDocument, 'identity', account, `policy ${policyName}`)
  await replaceItem(store, policyKey(account, policyName), 'policyId', (item) => {
    const existing = item && parseManagedPolicy(item)
    return managedPolicyItem({
      account,
      policyName,
      path,
      arn: policyArn(account, path, policyName),
      policyId: existing?.policyId ?? newUniqueId('ANPA'),
      createdAt: existing?.createdAt ?? seconds(clock.now()),
      defaultVersionId: existing?.defaultVersionId ?? 'v1',
      document,
      versions: existing?.versions ?? [{ versionId: 'v1', createdAt: seconds(clock.now()) }],
      latestVersion: existing?.latestVersion ?? 1,
      tags: existing?.tags ?? [],
      ...(description === undefined ? {} : { description }),
    })
  })
}

export async function applyGroup(deps: BootstrapDeps, account: string, group: BootstrapGroup): Promise<void> {
  const { GroupName: groupName, Path: path = '/', attachedPolicies = [] } = group
  const inlinePolicies = inlineTexts(group.policies, account, `group ${groupName}`)
  await refuseMissingPolicies(deps, attachedPolicies, `group ${groupName}`)
  const replace = () =>
    replaceItem(deps.store, groupKey(account, groupName), 'groupId', (item) => {
      const existing = item && parseGroup(item)
      return groupItem({
        account,
        groupName,
        path,
        arn: groupArn(account, path, groupName),
        groupId: existing?.groupId ?? newUniqueId('AGPA'),
        createdAt: existing?.createdAt ?? seconds(deps.clock.now()),
        inlinePolicies,
        attachedPolicies,
      })
    })
  const entity = { account, kind: 'group', name: groupName } as const
  await recordUses(deps.store, deps.clock.now(), entity, { attachedPolicies }, replace)
}

export async function applyUser(deps: BootstrapDeps, account: string, user: BootstrapUser): Promise<void> {
  const { UserName: userName, Path: path = '/', attachedPolicies = [], groups = [], accessKeys = [] } = user
  const place = `user ${userName}`
  const inlinePolicies = inlineTexts(user.policies, account, place)
  await refuseMissingPolicies(deps, [...attachedPolicies, ...boundaryOf(user)], place)
  for (const group of groups) {
    if (!(await deps.store.get(groupKey(account, group)))) throw new BootstrapError(place, `there is no group ${group}`)
  }
  for (const { AccessKeyId: accessKeyId, SecretAccessKey: secret } of accessKeys) {
    await putAccessKey(deps, { account, userName, accessKeyId, secret })
  }
  const replace = () =>
    replaceItem(deps.store, userKey(account, userName), 'userId', (item) => {
      const existing = item && parseUser(item)
      const accessKeyIds = new Set([
        ...(existing?.accessKeyIds ?? []),
        ...accessKeys.map(({ AccessKeyId }) => AccessKeyId),
      ])
      return userItem({
        account,
        userName,
        path,
        arn: userArn(account, path, userName),
        userId: existing?.userId ?? newUniqueId('AIDA'),
        createdAt: existing?.createdAt ?? seconds(deps.clock.now()),
        inlinePolicies,
        attachedPolicies,
        groups,
        accessKeyIds: [...accessKeyIds],
        tags: tagsOf(user.Tags),
        ...(user.PermissionsBoundary === undefined ? {} : { boundary: user.PermissionsBoundary }),
        ...(existing?.revokedBefore === undefined ? {} : { revokedBefore: existing.revokedBefore }),
      })
    })
  const entity = { account, kind: 'user', name: userName } as const
  const uses = { attachedPolicies, boundary: user.PermissionsBoundary }
  // Before and after: whoever deletes or renames a group meanwhile must not miss the member.
  await noteMembership(deps, account, userName, groups)
  await recordUses(deps.store, deps.clock.now(), entity, uses, replace)
  await noteMembership(deps, account, userName, groups)
}

async function noteMembership(
  { store }: BootstrapDeps,
  account: string,
  userName: string,
  groups: readonly string[],
): Promise<void> {
  for (const groupName of groups) await store.put(groupMemberItem({ account, groupName, userName }))
}

export async function applyRole(deps: BootstrapDeps, account: string, role: BootstrapRole): Promise<void> {
  const {
    RoleName: roleName,
    Path: path = '/',
    attachedPolicies = [],
    MaxSessionDuration: maxSessionDuration = 3600,
  } = role
  const place = `role ${roleName}`
  const trustPolicy = policyText(role.AssumeRolePolicyDocument, 'trust', account, place)
  const inlinePolicies = inlineTexts(role.policies, account, place)
  await refuseMissingPolicies(deps, [...attachedPolicies, ...boundaryOf(role)], place)
  const bound = await boundTrust(deps.store, trustPolicy)
  const replace = () =>
    replaceItem(deps.store, roleKey(account, roleName), 'roleId', (item) => {
      const existing = item && parseRole(item)
      return roleItem({
        account,
        roleName,
        path,
        arn: roleArn(account, path, roleName),
        roleId: existing?.roleId ?? newUniqueId('AROA'),
        createdAt: existing?.createdAt ?? seconds(deps.clock.now()),
        trustPolicy,
        ...bound,
        maxSessionDuration,
        inlinePolicies,
        attachedPolicies,
        tags: tagsOf(role.Tags),
        ...(role.Description === undefined ? {} : { description: role.Description }),
        ...(role.PermissionsBoundary === undefined ? {} : { boundary: role.PermissionsBoundary }),
        ...(existing?.revokedBefore === undefined ? {} : { revokedBefore: existing.revokedBefore }),
      })
    })
  const entity = { account, kind: 'role', name: roleName } as const
  await recordUses(
    deps.store,
    deps.clock.now(),
    entity,
    { attachedPolicies, boundary: role.PermissionsBoundary },
    replace,
  )
}

/** Ties the trust of a role that was applied to those whom the document names behind it. */
export async function bindRole({ store }: BootstrapDeps, account: string, roleName: string): Promise<void> {
  const key = roleKey(account, roleName)
  const item = await store.get(key)
  if (!item) return
  const { trustPolicy, boundTrustPolicy } = parseRole(item)
  const bound = await boundTrust(store, trustPolicy)
  if (bound.boundTrustPolicy === undefined || bound.boundTrustPolicy === boundTrustPolicy) return
  await replaceItem(store, key, 'roleId', (now) => {
    const role = now && parseRole(now)
    if (!role) throw new ConditionFailed(key)
    return roleItem(role.trustPolicy === trustPolicy ? { ...role, ...bound } : role)
  })
}

export async function applyOidcProvider(
  { store, clock }: BootstrapDeps,
  account: string,
  provider: BootstrapOidcProvider,
): Promise<void> {
  const { Url: url, ClientIDList: clientIds = [], ThumbprintList: thumbprints = [] } = provider
  if (!isProviderUrl(url)) {
    throw new BootstrapError(
      `provider ${url}`,
      'is no URL of an issuer: it needs a host, and may have a port and a path',
    )
  }
  const name = withoutScheme(url)
  await replaceItem(store, oidcProviderKey(account, name), 'url', (item) => {
    const existing = item && parseOidcProvider(item)
    return oidcProviderItem({
      account,
      url,
      name,
      arn: oidcProviderArn(account, name),
      createdAt: existing?.createdAt ?? seconds(clock.now()),
      clientIds,
      thumbprints,
      tags: tagsOf(provider.Tags),
      ...(existing?.revokedBefore === undefined ? {} : { revokedBefore: existing.revokedBefore }),
    })
  })
}

/** The text of a document that the policy language accepts; the refusal names the place in the bootstrap document. */
function policyText(document: BootstrapPolicyDocument, kind: PolicyKind, account: string, place: string): string {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  try {
    const policy = parsePolicy(text, { kind, dialect: dialectOf(account) })
    if (kind === 'trust') checkTrustPolicy(policy)
  } catch (cause) {
    throw new BootstrapError(place, cause instanceof Error ? cause.message : 'is no policy document', { cause })
  }
  return text
}

function inlineTexts(
  policies: Readonly<Record<string, BootstrapPolicyDocument>> = {},
  account: string,
  place: string,
): Record<string, string> {
  const texts = Object.entries(policies).map(
    ([name, document]) => [name, policyText(document, 'identity', account, `${place}, policy ${name}`)] as const,
  )
  return Object.fromEntries(texts)
}

async function refuseMissingPolicies({ store }: BootstrapDeps, arns: readonly string[], place: string): Promise<void> {
  const found = await readManagedPolicies(store, arns)
  const missing = arns.find((arn) => !found.has(arn))
  if (missing !== undefined) throw new BootstrapError(place, `there is no policy ${missing}`)
}

const boundaryOf = ({ PermissionsBoundary }: { PermissionsBoundary?: string }): string[] =>
  PermissionsBoundary === undefined ? [] : [PermissionsBoundary]

const tagsOf = (tags: readonly BootstrapTag[] = []) => tags.map(({ Key, Value }) => ({ key: Key, values: [Value] }))

const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000)
