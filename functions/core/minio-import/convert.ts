import { policyArn } from '../arn.ts'
import type { BootstrapDocument, BootstrapGroup, BootstrapPolicy, BootstrapUser } from '../bootstrap/document.ts'
import { NotDistinguishedName, parseDn } from '../identity/ldap/dn.ts'
import { groupNameOfDn } from '../identity/ldap/group-names.ts'
import type { JsonObject } from '../identity/strict-json.ts'
import type { MinioExport, ServiceAccount } from './export.ts'
import { convertPolicy, denies, reasonOf, sameBuiltIn } from './policy.ts'

/** Something of the export that is not, or not wholly, in the bootstrap document. */
export interface Note {
  /** `user alice` */
  readonly what: string
  readonly why: string
  /** Whether somebody may do more than before because of it: the operator has to agree. */
  readonly widens: boolean
}

export interface Converted {
  readonly document: BootstrapDocument
  readonly notes: readonly Note[]
}

/** The bootstrap document's own rules, so that it can be applied. */
const NAME = (longest: number) => new RegExp(`^[\\w+=,.@-]{1,${longest}}$`)
const [USER_NAME, LONG_NAME] = [NAME(64), NAME(128)]
const KEY_ID = /^[!-.0-~]{1,128}$/
const SECRET = /^[ -~]{1,128}$/
const VARIABLE_OF_USER = /aws:user(?:name|id)/i

/**
 * A bootstrap document of one account from an export, and a list of what could not be carried over. Nobody gets rights that
 * they did not have, except where a note says that it widens.
 */
export function convertExport(source: MinioExport, account: string): Converted {
  const notes: Note[] = []
  const note = (what: string, why: string, widens = false) => void notes.push({ what, why, widens })
  const policies = convertPolicies(source, account, note)
  const groups = convertGroups(source, policies, note)
  const users = convertUsers(source, policies, groups, note)
  const limits = addServiceAccounts(source, account, policies, users, note)
  addDirectoryUsers(source, policies, groups, note)
  const entities = {
    policies: [...policies.documents, ...limits],
    groups: [...groups.values()],
    users: [...users.values()],
  }
  return { document: { accounts: [{ id: account, ...entities }] }, notes }
}

type TakeNote = (what: string, why: string, widens?: boolean) => void

interface Policies {
  readonly documents: readonly BootstrapPolicy[]
  /** ARN by MinIO's name. */
  readonly arns: ReadonlyMap<string, string>
}

function convertPolicies({ policies }: MinioExport, account: string, note: TakeNote): Policies {
  const documents: BootstrapPolicy[] = []
  const arns = new Map<string, string>()
  const unique = uniqueNames()
  for (const [name, policy] of policies) {
    const refuse = (why: string) => note(`policy ${name}`, why, denies(policy))
    if (!LONG_NAME.test(name) || !unique(name)) {
      refuse('has a name that is taken in another case, or is not of 1 to 128 letters, digits and +=,.@_-')
      continue
    }
    const converted = tryConvert(policy, account)
    if (typeof converted === 'string') {
      refuse(`cannot be read alike: ${converted}`)
      continue
    }
    const builtIn = sameBuiltIn(name, converted)
    arns.set(name, builtIn ?? policyArn(account, '/', name))
    if (builtIn === undefined) documents.push({ PolicyName: name, PolicyDocument: converted })
  }
  return { documents, arns }
}

/** The converted policy, or why there is none. */
function tryConvert(policy: JsonObject, account: string): JsonObject | string {
  try {
    return convertPolicy(policy, account)
  } catch (error) {
    return reasonOf(error)
  }
}

function convertGroups(source: MinioExport, policies: Policies, note: TakeNote): Map<string, BootstrapGroup> {
  const groups = new Map<string, BootstrapGroup>()
  const unique = uniqueNames()
  for (const known of new Set([...source.groups.keys(), ...source.groupPolicies.keys()])) {
    const what = `group ${known}`
    const group = source.groups.get(known)
    const name = group ? known : (groupOfDirectory(known) ?? known)
    const mapped = source.groupPolicies.get(known) ?? []
    const attached = attach(what, mapped, policies, note)
    if (!LONG_NAME.test(name) || !unique(name)) {
      const denied = mapped.some((each) => denies(source.policies.get(each) ?? {}))
      note(what, 'has a name that is taken in another case, or is not of 1 to 128 letters, digits and +=,.@_-', denied)
      continue
    }
    if (!group) note(what, "is a directory's: it is made as a group, and counts for users of a directory alone")
    const enabled = group?.enabled ?? true
    if (!enabled) note(what, 'is disabled: it is made without its policies')
    groups.set(name, { GroupName: name, ...(enabled && attached.length > 0 ? { attachedPolicies: attached } : {}) })
  }
  return groups
}

/** What a directory's user had of its own is a group's that means this user alone. */
function addDirectoryUsers(
  { outsidePolicies }: MinioExport,
  policies: Policies,
  groups: Map<string, BootstrapGroup>,
  note: TakeNote,
): void {
  for (const [name, names] of outsidePolicies) {
    const group = groupOfDirectory(name)
    if (group === undefined || !LONG_NAME.test(group) || taken(groups, group)) {
      note(
        `policies ${names.join(', ')} of ${name}`,
        'belong to an identity of an OpenID provider, or of a directory under a name that no group can have: let the token name them, or map a group of the directory',
      )
      continue
    }
    const what = `user ${name}`
    const attached = attach(what, names, policies, note)
    note(what, "is a directory's: a group is made of its name, and counts for this user alone")
    groups.set(group, { GroupName: group, ...(attached.length > 0 ? { attachedPolicies: attached } : {}) })
  }
}

/** How AssumeRoleWithLDAPIdentity names the group of a distinguished name; `undefined` for another name. */
function groupOfDirectory(name: string): string | undefined {
  try {
    const dn = parseDn(name)
    return dn.length > 1 && dn.flat().every(({ value }) => value !== '') ? groupNameOfDn(dn) : undefined
  } catch (error) {
    if (error instanceof NotDistinguishedName) return undefined
    throw error
  }
}

function convertUsers(
  source: MinioExport,
  policies: Policies,
  groups: ReadonlyMap<string, BootstrapGroup>,
  note: TakeNote,
): Map<string, BootstrapUser> {
  const users = new Map<string, BootstrapUser>()
  const unique = uniqueNames()
  for (const [name, { secretKey, enabled }] of source.users) {
    const what = `user ${name}`
    const attached = attach(what, source.userPolicies.get(name) ?? [], policies, note)
    if (!USER_NAME.test(name) || !SECRET.test(secretKey) || !unique(name)) {
      note(
        what,
        'has a name that is taken in another case or is not of 1 to 64 letters, digits and +=,.@_-, or an unusual secret',
      )
      continue
    }
    if (!enabled) note(what, 'is disabled: the user is made without its access key')
    const member = [...groups.keys()].filter((group) => source.groups.get(group)?.members.includes(name))
    users.set(name, {
      UserName: name,
      ...(enabled ? { accessKeys: [{ AccessKeyId: name, SecretAccessKey: secretKey }] } : {}),
      ...(attached.length > 0 ? { attachedPolicies: attached } : {}),
      ...(member.length > 0 ? { groups: member } : {}),
    })
  }
  for (const name of source.userPolicies.keys()) {
    if (!source.users.has(name)) note(`policies of ${name}`, 'belong to nobody: the export has no such user')
  }
  for (const [group, { members }] of source.groups) {
    const unknown = members.filter((each) => !source.users.has(each))
    if (unknown.length > 0) note(`group ${group}`, `has members that the export does not: ${unknown.join(', ')}`)
  }
  return users
}

/**
 * Access keys of users. One with a policy of its own becomes a user that has its parent's policies and groups within that
 * policy as permissions boundary, which gives the same rights. Answers those boundaries.
 */
function addServiceAccounts(
  source: MinioExport,
  account: string,
  policies: Policies,
  users: Map<string, BootstrapUser>,
  note: TakeNote,
): readonly BootstrapPolicy[] {
  const limits: BootstrapPolicy[] = []
  for (const [accessKey, service] of source.serviceAccounts) {
    const what = `access key ${accessKey}`
    const parent = users.get(service.parent)
    const flaw = unusable(accessKey, service, parent && source.users.get(service.parent))
    if (flaw !== undefined || !parent) {
      note(what, flaw ?? 'has no parent')
      continue
    }
    const key = { AccessKeyId: accessKey, SecretAccessKey: service.secretKey }
    if (!service.sessionPolicy) {
      users.set(parent.UserName, { ...parent, accessKeys: [...(parent.accessKeys ?? []), key] })
      continue
    }
    const name = `access-key-${accessKey}`
    const limit = tryConvert(service.sessionPolicy, account)
    const free = USER_NAME.test(accessKey) && !taken(users, accessKey) && !taken(policies.arns, name)
    if (typeof limit === 'string' || !free || mentionsUser(source, service)) {
      note(
        what,
        'has a policy of its own that cannot be kept: make a user for it, with that policy as permissions boundary',
      )
      continue
    }
    limits.push({ PolicyName: name, PolicyDocument: limit })
    const { accessKeys: _, ...rights } = parent
    const boundary = policyArn(account, '/', name)
    users.set(accessKey, { ...rights, UserName: accessKey, accessKeys: [key], PermissionsBoundary: boundary })
    note(what, `has a policy of its own: it is a user now, with the rights of ${parent.UserName} within policy ${name}`)
  }
  return limits
}

function unusable(
  accessKey: string,
  service: ServiceAccount,
  parent: { readonly enabled: boolean } | undefined,
): string | undefined {
  if (!parent) return `acts for ${service.parent}, who is not among the users that are carried over`
  if (!parent.enabled) return `acts for ${service.parent}, who is disabled`
  if (!service.enabled) return 'is disabled'
  if (service.expires) return 'expires, which long-term keys do not: let its holder use temporary credentials'
  if (!KEY_ID.test(accessKey) || !SECRET.test(service.secretKey)) return 'has an unusual id or secret'
  return undefined
}

/** Whether a policy that counts for the parent speaks of its name, which would be another one for a user of its own. */
function mentionsUser(source: MinioExport, { parent, sessionPolicy }: ServiceAccount): boolean {
  const groups = [...source.groups].filter(([, { members }]) => members.includes(parent)).map(([name]) => name)
  const names = [source.userPolicies.get(parent), ...groups.map((name) => source.groupPolicies.get(name))]
  const texts = names.flatMap((each) => each ?? []).map((name) => JSON.stringify(source.policies.get(name) ?? {}))
  return [...texts, JSON.stringify(sessionPolicy)].some((text) => VARIABLE_OF_USER.test(text))
}

function attach(what: string, names: readonly string[], { arns }: Policies, note: TakeNote): string[] {
  return names.flatMap((name) => {
    const arn = arns.get(name)
    if (arn === undefined) note(what, `had policy ${name}, which is not carried over`)
    return arn ?? []
  })
}

/** Names are told apart without regard to case; the first of two that are one is kept. */
function uniqueNames(): (name: string) => boolean {
  const known = new Set<string>()
  return (name) => known.size < known.add(name.toLowerCase()).size
}

const taken = (names: ReadonlyMap<string, unknown>, name: string): boolean =>
  [...names.keys()].some((each) => each.toLowerCase() === name.toLowerCase())
