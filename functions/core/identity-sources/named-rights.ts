import type { Rows } from '../authentication/rows.ts'
import { StsError } from '../errors.ts'
import { builtInPolicies } from '../managed-policies/built-in.ts'
import { parseGroup } from '../store/entities/group.ts'
import { parseManagedPolicy } from '../store/entities/managed-policy.ts'
import { groupKey, policyKey } from '../store/keys.ts'
import type { Key } from '../store/port.ts'
import type { ClaimedNames } from './claimed-names.ts'

/** What an identity without a role may do: existing policies by ARN, and existing groups by name. */
export interface NamedRights {
  readonly policyArns: readonly string[]
  readonly groups: readonly string[]
}

const NAME = /^[\w+=,.@-]{1,128}$/
/** Each is looked up with the token, and those that exist with every request of the session. */
const MOST_NAMES = 200
/** What an unproven token may make us read together with its issuer's keys. */
const MOST_GUESSES = 20

/** The rows of names that nobody has proven yet, so that they can be read together with what proves them; at most a few. */
export function guessedRightsKeys(account: string, { policies, groups }: ClaimedNames): readonly Key[] {
  return namedRightsKeys(account, { policies: policies.slice(0, MOST_GUESSES), groups: groups.slice(0, MOST_GUESSES) })
}

/** The rows of names that are proven: all of them. */
export const namedRightsKeys = (account: string, { policies, groups }: ClaimedNames): readonly Key[] => [
  ...policies.filter(isName).map((name) => policyKey(account, name)),
  ...groups.filter(isName).map((name) => groupKey(account, name)),
]

/**
 * Finds the policies and groups that a proven identity names. A policy is the account's own of exactly that name, else a
 * built-in one; what does not exist is skipped. A group's name is exact too, unless its source has none that differ in case
 * alone (`anyCase`). Throws AccessDenied when nothing exists, InvalidIdentityToken for more names than a session can keep.
 */
export async function findNamedRights(
  rows: Rows,
  account: string,
  names: ClaimedNames,
  { anyCase = false } = {},
): Promise<NamedRights> {
  if (areTooMany(names)) {
    throw new StsError('InvalidIdentityToken', `The identity names more than ${MOST_NAMES} policies and groups.`)
  }
  await rows.load(namedRightsKeys(account, names))
  const policyArns = names.policies.filter(isName).flatMap((name) => policyNamed(rows, account, name) ?? [])
  const groups = names.groups.filter(isName).flatMap((name) => {
    const item = rows.get(groupKey(account, name))
    if (!item) return []
    const { groupName } = parseGroup(item)
    // The key folds case, and the name is a claim.
    return anyCase || groupName === name ? groupName : []
  })
  if (policyArns.length === 0 && groups.length === 0) throw noRights(names)
  return { policyArns, groups: [...new Set(groups)] }
}

/** Whether there are more names than a session can keep, so that none of them need be read. */
export const areTooMany = ({ policies, groups }: ClaimedNames): boolean => policies.length + groups.length > MOST_NAMES

const isName = (name: string) => NAME.test(name)

function policyNamed(rows: Rows, account: string, name: string): string | undefined {
  const item = rows.get(policyKey(account, name))
  const own = item && parseManagedPolicy(item)
  if (own?.policyName === name) return own.arn
  const builtIn = `arn:aws:iam::aws:policy/${name}`
  return builtInPolicies.has(builtIn) ? builtIn : undefined
}

/** The same whether nothing was named or nothing of it exists: the caller learns nothing of what there is. */
const noRights = ({ policies, groups }: ClaimedNames) =>
  new StsError('AccessDenied', 'The identity names no policy or group that exists in the account.', {
    detail: { reason: `no rights among ${policies.length} policies and ${groups.length} groups that were named` },
  })
