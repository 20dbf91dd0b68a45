import { DECISION_WEBHOOK_VARIABLES } from '@daypass/core/decision-webhook/settings.ts'

/** Variables of MinIO's environment file that are set and change nothing here. */
export interface VariablesWithoutEffect {
  /** Identity sources that Daypass means to have. */
  readonly notYet: readonly string[]
  /** What concerns MinIO's own disks, console, replication and the like. */
  readonly never: readonly string[]
}

const UNDERSTOOD = new Set([
  'MINIO_ROOT_USER',
  'MINIO_ROOT_PASSWORD',
  'MINIO_ACCESS_KEY',
  'MINIO_SECRET_KEY',
  'MINIO_ADDRESS',
  'MINIO_STS_DURATION',
  'MINIO_DOMAIN',
  ...DECISION_WEBHOOK_VARIABLES,
])

/** Its reader refuses what it does not know. */
const OPENID = /^MINIO_(?:IDENTITY_(?:LDAP|OPENID|PLUGIN|TLS)_|IAM_JWKS_URL$)/

/** Both spellings: a source that is not built must not be silent under either. */
const NOT_YET = /^(?:MINIO|DAYPASS)_IDENTITY_(?!LDAP_|OPENID_|PLUGIN_|TLS_)/

/** The names, in alphabetical order; `undefined` when everything that is set counts. An empty variable counts as absent. */
export function variablesWithoutEffect(
  env: Readonly<Record<string, string | undefined>>,
): VariablesWithoutEffect | undefined {
  const names = Object.keys(env)
    .filter((name) => env[name] && !UNDERSTOOD.has(name) && !OPENID.test(name))
    .sort()
  const notYet = names.filter((name) => NOT_YET.test(name))
  const never = names.filter((name) => name.startsWith('MINIO_') && !NOT_YET.test(name))
  return notYet.length + never.length === 0 ? undefined : { notYet, never }
}

/** Of `host:port` or `:port` (MinIO's --address), which means every IPv4 interface; `undefined` for anything else. */
export function addressOf(value: string): { readonly host: string; readonly port: number } | undefined {
  const [, bracketed, plain, port] = /^(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]*)):(\d{1,5})$/.exec(value) ?? []
  if (port === undefined || Number(port) > 65_535) return undefined
  return { host: bracketed || plain || '0.0.0.0', port: Number(port) }
}
