import {
  DecisionWebhookSettingError,
  type DecisionWebhookSettings,
  readDecisionWebhook,
} from '@daypass/core/decision-webhook/settings.ts'
import { parseCustomTokenSources } from '@daypass/core/identity/custom-token/settings.ts'
import type { CustomTokenSource } from '@daypass/core/identity/custom-token/source.ts'
import { parseLdapSources } from '@daypass/core/identity/ldap/settings.ts'
import type { LdapSource } from '@daypass/core/identity/ldap/source.ts'
import { readSamlSettings, SamlSettingError, type SamlSettings } from '@daypass/core/identity/saml/settings.ts'
import type { CertificateSource } from '@daypass/core/identity-sources/certificate-source.ts'
import type { OpenIdSource } from '@daypass/core/identity-sources/openid-source.ts'
import { parseCertificateSources } from '@daypass/core/identity-sources/parse-certificate.ts'
import { parseOpenIdSources } from '@daypass/core/identity-sources/parse-openid.ts'
import { readStsDuration } from '@daypass/core/identity-sources/sts-duration.ts'
import { IdentitySourceError } from '@daypass/core/identity-sources/variables.ts'
import type { QuotaLimits } from '@daypass/core/quotas/mint-quota.ts'
import { QuotaSettingError, readQuotaLimits } from '@daypass/core/quotas/settings.ts'
import { isAccountId } from '@daypass/core/store/entities/account.ts'
import { addressOf, type VariablesWithoutEffect, variablesWithoutEffect } from './minio-variables.ts'

/** What the local host is told by its environment (README, "Settings"). */
export interface Settings {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly accountId: string
  readonly rootKey?: { readonly AccessKeyId: string; readonly SecretAccessKey: string }
  /** Path of the bootstrap document. */
  readonly bootstrap?: string
  /** Name of a DynamoDB table; absent: the embedded store. */
  readonly table?: string
  readonly s3?: S3Settings
  /** Domains under which `<bucket>.<domain>` is a bucket's own host. */
  readonly s3Domains: readonly string[]
  readonly demoIssuerPort: number
  readonly tls?: TlsSettings
  /** From whose tokens rights follow without a role, in the default account. */
  readonly openIdSources?: readonly OpenIdSource[]
  /** Whose client certificates count, in the default account. */
  readonly certificateSources?: readonly CertificateSource[]
  /** Webhooks that say whose a token is, in the default account. */
  readonly customTokenSources?: readonly CustomTokenSource[]
  /** Directories whose users' passwords are worth a session, in the default account. */
  readonly ldapSources?: readonly LdapSource[]
  /** Whom SAML assertions must be for, and how often each may be used. */
  readonly saml?: SamlSettings
  /** Decides on S3 in place of policies; sessions keep their claims for it. */
  readonly decisionWebhook?: DecisionWebhookSettings
  /** How long a session without a role lasts whose caller names no DurationSeconds; absent: an hour. */
  readonly stsDurationSeconds?: number
  /** Sessions a minute. Default: as many as are asked for. */
  readonly quotas: QuotaLimits
  /** What the environment says to MinIO alone; for one warning at start. */
  readonly withoutEffect?: VariablesWithoutEffect
}

export interface S3Settings {
  readonly endpoint: string
  readonly region: string
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** Paths of PEM files. */
export interface TlsSettings {
  readonly cert: string
  readonly key: string
  readonly clientCa?: string
}

/** A setting that cannot be used; the message says which and what to change. */
export class SettingsError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'SettingsError'
  }
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the settings; throws SettingsError. An empty variable counts as absent, except the account id, which may be empty. */
export function readSettings(env: Environment): Settings {
  const accountId = env.DAYPASS_ACCOUNT_ID ?? '000000000000'
  if (!isAccountId(accountId)) {
    throw new SettingsError('DAYPASS_ACCOUNT_ID must be at most 64 letters, digits, _ and -, and not "aws".')
  }
  const address = minioAddress(env)
  return {
    host: text(env, 'DAYPASS_HOST') ?? address?.host ?? '127.0.0.1',
    port: port(env, 'DAYPASS_PORT', address?.port ?? 9500),
    dataDir: text(env, 'DAYPASS_DATA_DIR') ?? '.daypass',
    accountId,
    demoIssuerPort: port(env, 'DAYPASS_DEMO_ISSUER_PORT', 9501),
    ...optional('rootKey', rootKey(env)),
    ...optional('bootstrap', text(env, 'DAYPASS_BOOTSTRAP')),
    ...optional('table', text(env, 'DAYPASS_TABLE')),
    ...optional('s3', s3(env)),
    s3Domains: s3Domains(env),
    ...optional('tls', tls(env)),
    ...optional('openIdSources', openIdSources(env, accountId)),
    ...optional('certificateSources', certificateSources(env, accountId)),
    ...optional('customTokenSources', customTokenSources(env, accountId)),
    ...optional('ldapSources', ldapSources(env, accountId)),
    ...optional('saml', saml(env)),
    ...optional('decisionWebhook', decisionWebhook(env)),
    ...optional(
      'stsDurationSeconds',
      inOneSentence(() => readStsDuration(env)),
    ),
    quotas: inOneSentence(() => readQuotaLimits(env)),
    ...optional('withoutEffect', variablesWithoutEffect(env)),
  }
}

function minioAddress(env: Environment): { readonly host: string; readonly port: number } | undefined {
  const value = text(env, 'MINIO_ADDRESS')
  if (value === undefined) return undefined
  const address = addressOf(value)
  if (!address) throw new SettingsError('MINIO_ADDRESS must be HOST:PORT or :PORT, such as :9000.')
  return address
}

const decisionWebhook = (env: Environment): DecisionWebhookSettings | undefined =>
  inOneSentence(() => readDecisionWebhook(env))

function openIdSources(env: Environment, accountId: string): readonly OpenIdSource[] | undefined {
  const sources = inOneSentence(() => parseOpenIdSources(env, accountId))
  return sources.length === 0 ? undefined : sources
}

function ldapSources(env: Environment, accountId: string): readonly LdapSource[] | undefined {
  const sources = inOneSentence(() => parseLdapSources(env, accountId))
  return sources.length === 0 ? undefined : sources
}

function certificateSources(env: Environment, accountId: string): readonly CertificateSource[] | undefined {
  const defaultCa = text(env, 'DAYPASS_TLS_CLIENT_CA')
  const sources = inOneSentence(() => parseCertificateSources(env, accountId, { defaultCa }))
  return sources.length === 0 ? undefined : sources
}

/** Absent when nothing is set, which is AWS's way. */
function saml(env: Environment): SamlSettings | undefined {
  const settings = inOneSentence(() => readSamlSettings(env))
  return settings.endpoints.length === 0 && settings.use === 'while-valid' ? undefined : settings
}

function customTokenSources(env: Environment, accountId: string): readonly CustomTokenSource[] | undefined {
  const sources = inOneSentence(() => parseCustomTokenSources(env, accountId))
  return sources.length === 0 ? undefined : sources
}

/** What the core's own readers refuse. */
function inOneSentence<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const refused = [DecisionWebhookSettingError, IdentitySourceError, QuotaSettingError, SamlSettingError].some(
      (kind) => cause instanceof kind,
    )
    throw refused && cause instanceof Error ? new SettingsError(cause.message, { cause }) : cause
  }
}

function rootKey(env: Environment): Settings['rootKey'] {
  const [AccessKeyId, SecretAccessKey] = pair(
    env,
    ['DAYPASS_ROOT_ACCESS_KEY_ID', 'MINIO_ROOT_USER', 'MINIO_ACCESS_KEY'],
    ['DAYPASS_ROOT_SECRET_ACCESS_KEY', 'MINIO_ROOT_PASSWORD', 'MINIO_SECRET_KEY'],
  )
  if (AccessKeyId === undefined || SecretAccessKey === undefined) return undefined
  // A slash ends the key's id in a signature's scope: nothing signed with such a key could be read.
  if (!/^[!-.0-~]{1,128}$/.test(AccessKeyId)) {
    throw new SettingsError('DAYPASS_ROOT_ACCESS_KEY_ID must be 1 to 128 printable characters without spaces and /.')
  }
  return { AccessKeyId, SecretAccessKey }
}

/** Host names, as MinIO's MINIO_DOMAIN lists them. */
function s3Domains(env: Environment): readonly string[] {
  const names = (text(env, 'DAYPASS_S3_DOMAIN') ?? text(env, 'MINIO_DOMAIN') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
  const domains = names.filter((name) => name !== '')
  if (domains.some((name) => !/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(name))) {
    throw new SettingsError('DAYPASS_S3_DOMAIN must be host names, such as s3.example.com, with commas between them.')
  }
  return domains
}

function s3(env: Environment): S3Settings | undefined {
  const endpoint = text(env, 'DAYPASS_S3_ENDPOINT')
  const [accessKeyId, secretAccessKey] = pair(env, ['DAYPASS_S3_ACCESS_KEY_ID'], ['DAYPASS_S3_SECRET_ACCESS_KEY'])
  if (endpoint === undefined) {
    if (accessKeyId === undefined) return undefined
    throw new SettingsError('DAYPASS_S3_ACCESS_KEY_ID is the key of another store: set DAYPASS_S3_ENDPOINT too.')
  }
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new SettingsError('DAYPASS_S3_ENDPOINT must be an http or https URL, such as http://127.0.0.1:9000.')
  }
  const credentials =
    accessKeyId !== undefined && secretAccessKey !== undefined ? { accessKeyId, secretAccessKey } : undefined
  return { endpoint, region: text(env, 'DAYPASS_S3_REGION') ?? 'us-east-1', ...optional('credentials', credentials) }
}

function tls(env: Environment): TlsSettings | undefined {
  const [cert, key] = pair(env, ['DAYPASS_TLS_CERT'], ['DAYPASS_TLS_KEY'])
  const clientCa = text(env, 'DAYPASS_TLS_CLIENT_CA')
  if (cert === undefined || key === undefined) {
    if (clientCa !== undefined) {
      throw new SettingsError(
        'DAYPASS_TLS_CLIENT_CA works only over TLS: set DAYPASS_TLS_CERT and DAYPASS_TLS_KEY too.',
      )
    }
    return undefined
  }
  return { cert, key, ...optional('clientCa', clientCa) }
}

/** Two settings that only work together, each with its aliases in the same order; the first name that is set counts. */
function pair(
  env: Environment,
  first: readonly string[],
  second: readonly string[],
): readonly [string, string] | readonly [undefined, undefined] {
  const [a, b] = [firstOf(env, first), firstOf(env, second)]
  if (a === undefined && b === undefined) return [undefined, undefined]
  if (a !== undefined && b !== undefined) return [text(env, a) ?? '', text(env, b) ?? '']
  const present = a ?? b ?? ''
  const missing = a === undefined ? first[second.indexOf(present)] : second[first.indexOf(present)]
  throw new SettingsError(`${present} is set without ${missing}: set both or neither.`)
}

const firstOf = (env: Environment, names: readonly string[]): string | undefined =>
  names.find((name) => text(env, name) !== undefined)

function text(env: Environment, name: string): string | undefined {
  const value = env[name]
  return value === undefined || value === '' ? undefined : value
}

function port(env: Environment, name: string, byDefault: number): number {
  const value = text(env, name)
  if (value === undefined) return byDefault
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw new SettingsError(`${name} must be a port number from 0 to 65535.`)
  }
  return Number(value)
}

const optional = <Name extends string, T>(name: Name, value: T | undefined): { [K in Name]?: T } =>
  (value === undefined ? {} : { [name]: value }) as { [K in Name]?: T }
