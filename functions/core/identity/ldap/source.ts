/** A directory from whose users' passwords rights follow, because the operator configured it (MinIO's `identity_ldap`). */
export interface LdapSource {
  /** The suffix of its variables in lower case; `default` without one. */
  readonly name: string
  /** Whose groups its users and groups mean, and whose roles may trust it. */
  readonly account: string
  readonly server: LdapServer
  /** Who looks users up; absent: nobody, anonymously. */
  readonly lookup?: { readonly dn: string; readonly password: string }
  readonly userBases: readonly string[]
  /** With `%s` for the user's name. */
  readonly userFilter: string
  /** Attributes of the user's entry that policies may ask for. */
  readonly userAttributes: readonly string[]
  readonly groupBases: readonly string[]
  /** With `%s` for the user's name and `%d` for its DN; absent: no groups are searched. */
  readonly groupFilter?: string
}

export interface LdapServer {
  readonly host: string
  readonly port: number
  /** The name of a DNS SRV record that tells hosts and ports in place of these. */
  readonly srvRecord?: string
  /** `plain`: passwords travel unprotected, as the operator demanded. */
  readonly transport: 'tls' | 'starttls' | 'plain'
  /** Whether the server's certificate must be of `host` and of a known authority. */
  readonly verify: boolean
  /** PEM of the authorities that count in place of the system's. */
  readonly authorities?: string
}

export const findLdapSource = (sources: readonly LdapSource[], name: string): LdapSource | undefined =>
  sources.find((source) => source.name === name)
