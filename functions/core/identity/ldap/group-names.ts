import type { ClaimedNames } from '../../identity-sources/claimed-names.ts'
import { type DistinguishedName, parseDn, renderDn } from './dn.ts'

/** What no IAM group's name may hold, and what would read as one of our own escapes; in names of IAM case does not count. */
const OUTSIDE_DN = /[^\w+=,.@-]|@(?=[0-9A-Fa-f]{2})/gu
/** No CN's name holds a `=`, which every DN has: no group can pose as another by its CN. */
const OUTSIDE_CN = /[^\w+.@-]|@(?=[0-9A-Fa-f]{2})/gu

/**
 * The IAM group that a distinguished name means: its normalised text, in which each byte that the name of an IAM group cannot
 * hold is `@` and two hexadecimal digits (`cn=Domain@20Users,dc=example,dc=org`). Different names stay different.
 */
export const groupNameOfDn = (dn: DistinguishedName): string => escaped(renderDn(dn), OUTSIDE_DN)

/** The IAM group that a directory group means by its common name alone; `undefined` when its RDN is something else. */
export function groupNameOfCn([rdn = []]: DistinguishedName): string | undefined {
  const [attribute, another] = rdn
  if (!attribute || another || attribute.encoded || !['cn', '2.5.4.3'].includes(attribute.type)) return undefined
  return escaped(attribute.value, OUTSIDE_CN)
}

/** The IAM groups that a proven user of a directory may mean: by its own DN, and by DN and CN of each of its groups. */
export function directoryNames(user: string, groups: readonly string[]): ClaimedNames {
  const names = groups.map(parseDn).flatMap((dn) => [groupNameOfDn(dn), groupNameOfCn(dn)])
  const all = [groupNameOfDn(parseDn(user)), ...names].filter((name) => name !== undefined)
  return { policies: [], groups: [...new Set(all)] }
}

const escaped = (text: string, outside: RegExp): string =>
  text.replace(outside, (character) =>
    [...Buffer.from(character, 'utf8')].map((byte) => `@${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
