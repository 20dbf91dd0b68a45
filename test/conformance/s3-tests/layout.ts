import { canonicalUserId } from '../../../functions/s3/owner.ts'
import { REALM, type Realm } from './issuer.ts'

/**
 * Whose buckets are whose. Ceph's users own buckets each for itself, Daypass's accounts do: tests that pass rights from one
 * user to another want the users in accounts of their own; tests of roles want them in one, the account without an id.
 */
export type Layout = 'together' | 'apart'

const secret = (name: string) => `${name}-secret-0123456789abcdefghijklmnop`
const accessKey = (name: string) => ({
  AccessKeyId: `${name.toUpperCase()}0123456789ABCDEF`,
  SecretAccessKey: secret(name),
})
const USERS = { main: 'testid', alt: 'altid', iam: 'iamid', tenant: 'tenantid' } as const
type User = keyof typeof USERS
/** Whose buckets each user's are when they are apart. */
const ACCOUNTS = { main: '', alt: 'alt', iam: '', tenant: 'testx' } as const satisfies Record<User, string>

const user = (name: User, ...policies: string[]) => ({
  UserName: USERS[name],
  accessKeys: [accessKey(name)],
  attachedPolicies: ['AmazonS3FullAccess', ...policies].map((policy) => `arn:aws:iam::aws:policy/${policy}`),
})

/** Accounts of IAM's kind, which the suite knows by their root's key. */
const ROOTS = { root: 'RGW11111111111111111', altroot: 'RGW22222222222222222' } as const

/** The bootstrap document: everybody whom the suite's configuration names. */
export function bootstrap(layout: Layout): object {
  const alt = user('alt')
  const together = [user('main'), user('iam', 'IAMFullAccess')]
  return {
    accounts: [
      { id: '', users: layout === 'together' ? [...together, alt] : together },
      ...(layout === 'apart' ? [{ id: 'alt', users: [alt] }] : []),
      { id: 'testx', users: [user('tenant', 'IAMFullAccess')] },
      ...Object.entries(ROOTS).map(([name, id]) => ({ id, rootAccessKey: accessKey(name) })),
    ],
  }
}

/** The suite's configuration file. */
export function configuration(url: string, { token, userToken, sub, aud, azp }: Realm, layout: Layout): string {
  const { hostname, port } = new URL(url)
  const section = (name: string, values: Readonly<Record<string, string>>) =>
    [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${value}`), ''].join('\n')
  const keys = (name: string) => {
    const { AccessKeyId, SecretAccessKey } = accessKey(name)
    return { access_key: AccessKeyId, secret_key: SecretAccessKey, email: `${name}@example.com` }
  }
  // Owners are told as accounts, by their canonical user ids; tests of roles take the same setting for a user's name.
  const idOf = (name: User) => (layout === 'apart' ? canonicalUserId(ACCOUNTS[name]) : USERS[name])
  const displayName = (name: User) => (layout === 'apart' ? ACCOUNTS[name] : USERS[name])
  const named = (name: User) => ({ ...keys(name), user_id: idOf(name), display_name: displayName(name) })
  return [
    section('DEFAULT', { host: hostname, port, is_secure: 'False', ssl_verify: 'False' }),
    section('fixtures', {
      'bucket prefix': 'daypass-{random}-',
      'iam name prefix': 's3-tests-',
      'iam path prefix': '/s3-tests/',
    }),
    section('s3 main', { ...named('main'), api_name: 'default' }),
    section('s3 alt', named('alt')),
    section('s3 tenant', { ...named('tenant'), tenant: 'testx' }),
    section('iam', named('iam')),
    section('iam root', { ...keys('root'), user_id: ROOTS.root }),
    section('iam alt root', { ...keys('altroot'), user_id: ROOTS.altroot }),
    section('webidentity', {
      token,
      user_token: userToken,
      sub,
      aud,
      azp,
      // Of a certificate that nobody shows: the realm is served over plain http.
      thumbprint: '0123456789abcdef0123456789abcdef01234567',
      kc_realm: REALM,
    }),
  ].join('\n')
}
