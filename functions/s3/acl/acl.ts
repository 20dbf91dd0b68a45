import { canonicalUserId } from '../owner.ts'

/** S3 user guide, "Access control list (ACL) overview": an ACL grants and never denies. */

export const PERMISSIONS = ['READ', 'WRITE', 'READ_ACP', 'WRITE_ACP', 'FULL_CONTROL'] as const
export type Permission = (typeof PERMISSIONS)[number]

/** Amazon S3's predefined groups that are built, by the URIs that name them. */
export const GROUPS = {
  AllUsers: 'http://acs.amazonaws.com/groups/global/AllUsers',
  AuthenticatedUsers: 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers',
} as const
export type Group = keyof typeof GROUPS

/** An account by its canonical user id, or everybody: with a proven signature, or at all. */
export type Grantee = { readonly id: string } | { readonly group: Group }

export interface Grant {
  readonly grantee: Grantee
  readonly permission: Permission
}

export type Acl = readonly Grant[]

/** S3 user guide: an ACL can have up to 100 grants. */
export const MAX_GRANTS = 100

/** What a bucket or object has whose owner (a canonical user id) said nothing. */
export const ownersAcl = (owner: string): Acl => [{ grantee: { id: owner }, permission: 'FULL_CONTROL' }]

const nameOf = (grantee: Grantee) => ('id' in grantee ? grantee.id : '')

/** Groups first, then accounts, as Ceph tells them: an ACL is a set, and its order says nothing. */
export const ordered = (acl: Acl): Acl =>
  acl.toSorted(({ grantee: a }, { grantee: b }) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0))

/** The text that a record keeps; `undefined` where nobody but the owner has anything, and the owner everything. */
export function storedAcl(acl: Acl, owner: string): string | undefined {
  const text = JSON.stringify(acl)
  return text === JSON.stringify(ownersAcl(owner)) ? undefined : text
}

/** The ACL of a record's text. */
export const parseStoredAcl = (text: string | undefined, owner: string): Acl =>
  text === undefined ? ownersAcl(owner) : (JSON.parse(text) as Acl)

/** Whether it grants anything to a group (S3 user guide, "The meaning of public"). */
export const isPublicAcl = (acl: Acl): boolean => acl.some(({ grantee }) => 'group' in grantee)

/** Whether it grants anything to others than the account. */
export const grantsToOthers = (acl: Acl, account: string): boolean =>
  acl.some(({ grantee }) => 'group' in grantee || grantee.id !== canonicalUserId(account))
