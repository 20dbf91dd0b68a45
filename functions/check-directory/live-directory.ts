import { resolveSrv } from 'node:dns/promises'
import type { Directory } from '@daypass/core/identity/ldap/directory.ts'
import { LDAP_LIMITS, ldapDirectory } from '@daypass/core/identity/ldap/ldap-directory.ts'

/** Directories that are spoken to by LDAP, found by this machine's DNS. */
export const liveDirectory = (): Directory => ldapDirectory({ resolveSrv, ...LDAP_LIMITS })
