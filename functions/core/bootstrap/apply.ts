import { createHash } from 'node:crypto'
import type { KeyRing } from '../credentials/key-ring.ts'
import { open, seal } from '../credentials/seal.ts'
import type { Clock } from '../deps.ts'
import { bootstrapKey } from '../store/keys.ts'
import type { Store } from '../store/port.ts'
import type { BootstrapAccessKey, BootstrapAccount, BootstrapDocument } from './document.ts'
import { applyGroup, applyOidcProvider, applyPolicy, applyRole, applyUser, bindRole } from './entities.ts'
import { applyRootKey, ensureAccount } from './root-key.ts'
import { applySamlProvider } from './saml-provider.ts'

export interface BootstrapDeps {
  readonly store: Store
  readonly longTermRing: KeyRing
  readonly clock: Clock
}

export interface BootstrapOptions {
  /** Root keys that win over the document's, by account. */
  readonly rootKeys?: ReadonlyMap<string, BootstrapAccessKey>
  /** Told after each entity that was written: what it was. */
  readonly onApplied?: (entity: string) => void
}

/**
 * Applies the document, each entity once per content: an entity whose content was applied before is left as it is now,
 * so what the API changed or deleted stays so until the document changes. Throws BootstrapError or StsError with the
 * checks that the API has; what was applied before the flaw stays.
 */
export async function applyBootstrap(
  deps: BootstrapDeps,
  document: BootstrapDocument,
  { rootKeys = new Map(), onApplied = () => {} }: BootstrapOptions = {},
): Promise<void> {
  const rolesApplied: (() => Promise<void>)[] = []
  for (const account of document.accounts) {
    await ensureAccount(deps, account.id, account.name)
    const rootKey = rootKeys.get(account.id) ?? account.rootAccessKey
    if (rootKey) await applyRootKey(deps, account.id, rootKey)
    for (const { entity, content, apply } of entitiesOf(deps, account)) {
      if (!(await applyOnce(deps, account.id, entity, content, apply))) continue
      onApplied(entity)
      const [, roleName] = /^role\/(.*)$/.exec(entity) ?? []
      if (roleName !== undefined) rolesApplied.push(() => bindRole(deps, account.id, roleName))
    }
  }
  for (const bind of rolesApplied) await bind()
}

interface Entity {
  readonly entity: string
  readonly content: unknown
  readonly apply: () => Promise<void>
}

/** In the order in which they refer to each other: policies, groups, users, providers, roles. */
function entitiesOf(deps: BootstrapDeps, account: BootstrapAccount): Entity[] {
  const {
    id,
    policies = [],
    groups = [],
    users = [],
    roles = [],
    openIdConnectProviders = [],
    samlProviders = [],
  } = account
  const entity = (name: string, content: unknown, apply: () => Promise<void>) => ({ entity: name, content, apply })
  return [
    ...policies.map((policy) => entity(`policy/${policy.PolicyName}`, policy, () => applyPolicy(deps, id, policy))),
    ...groups.map((group) => entity(`group/${group.GroupName}`, group, () => applyGroup(deps, id, group))),
    ...users.map((user) => entity(`user/${user.UserName}`, user, () => applyUser(deps, id, user))),
    ...openIdConnectProviders.map((provider) =>
      entity(`oidc-provider/${provider.Url}`, provider, () => applyOidcProvider(deps, id, provider)),
    ),
    ...samlProviders.map((provider) =>
      entity(`saml-provider/${provider.Name}`, provider, () => applySamlProvider(deps, id, provider)),
    ),
    ...roles.map((role) => entity(`role/${role.RoleName}`, role, () => applyRole(deps, id, role))),
  ]
}

/** Whether the entity was written. The mark of what was applied is sealed, because it is a digest over secrets too. */
async function applyOnce(
  { store, longTermRing }: BootstrapDeps,
  account: string,
  entity: string,
  content: unknown,
  apply: () => Promise<void>,
): Promise<boolean> {
  const key = bootstrapKey(account, entity)
  const digest = createHash('sha256').update(JSON.stringify(content)).digest()
  const mark = (await store.get(key))?.sealedDigest
  const applied =
    typeof mark === 'string'
      ? await open(longTermRing, 'bootstrap-digest', entity, Buffer.from(mark, 'base64'))
      : undefined
  if (applied?.equals(digest)) return false
  await apply()
  const sealed = await seal(longTermRing, 'bootstrap-digest', entity, digest)
  await store.put({ ...key, sealedDigest: sealed.toString('base64') })
  return true
}
