import { StsError } from '../../errors.ts'
import type { DirectoryUser } from './question.ts'

/** By name, without the prefix `ldap:`. */
export type DirectoryClaims = Readonly<Record<string, readonly string[]>>

/** In bytes, names included: they are read with every request of the session. */
const MOST_BYTES = 8 * 1024

/**
 * What policies may ask of a directory's user, without the prefix `ldap:`: MinIO's `user` (the DN), `username` and `groups`,
 * and `attrib_<name>` of each attribute that was asked for (in MinIO `ldapAttrib_<name>`). More than 8 KiB are refused whole:
 * a Deny on what was left out would silently never match.
 */
export function directoryClaims({ dn, userName, groups, attributes }: DirectoryUser): DirectoryClaims {
  const claims: DirectoryClaims = {
    user: [dn],
    username: [userName],
    ...(groups.length === 0 ? {} : { groups }),
    ...Object.fromEntries(
      Object.entries(attributes)
        .filter(([, values]) => values.length > 0)
        .map(([name, values]) => [`attrib_${name}`, values]),
    ),
  }
  const texts = Object.entries(claims).flatMap(([name, values]) => [name, ...values])
  if (texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) > MOST_BYTES) {
    throw new StsError(
      'InvalidIdentityToken',
      "The user's groups and attributes take more than 8 KiB: let the directory's group filter find fewer of them.",
    )
  }
  return claims
}
