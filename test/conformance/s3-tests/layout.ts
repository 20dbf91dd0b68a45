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
export function configuration(url: string, { token, userToken, sub, aud, azp }: Realm): string {
  const { hostname, port } = new URL(url)
  const section = (name: string, values: Readonly<Record<string, string>>) =>
    [`[${name}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${value}`), ''].join('\n')
  const keys = (name: string) => {
    const { AccessKeyId, SecretAccessKey } = accessKey(name)
    return { access_key: AccessKeyId, secret_key: SecretAccessKey, email: `${name}@example.com` }
  }
  const named = (name: User) => ({ ...keys(name), user_id: USERS[name], display_name: USERS[name] })
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
