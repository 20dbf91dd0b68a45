import { port, required, url } from '../samples/shared/arguments.ts'
import { UsageError } from '../samples/shared/program.ts'
import type { UnverifiedOptions } from './options.ts'

export interface OpenIdLogin {
  readonly provider: 'openid'
  /** The provider's discovery document. */
  readonly configEndpoint: URL
  readonly clientId: string
  readonly scopes: string
  /** Where the browser comes back to; 0 takes a free one. */
  readonly port: number
}

export interface DirectoryLogin {
  readonly provider: 'ldap'
  readonly username: string
  readonly configName?: string
}

/** How a profile's credentials come about. */
export interface Settings {
  readonly endpoint: URL
  readonly login: OpenIdLogin | DirectoryLogin
  readonly roleArn?: string
  readonly sessionName?: string
  readonly duration?: string
  /** Whether secrets may travel in the clear, to other machines too. */
  readonly allowHttp: boolean
}

/** Proves that options make a login. Throws UsageError, which says what is missing or wrong. */
export function parseSettings(options: UnverifiedOptions): Settings {
  const allowHttp = options['allow-http'] === 'true'
  const endpoint = url('endpoint', options.endpoint)
  demandSafeTransport('endpoint', endpoint, allowHttp)
  const { 'role-arn': roleArn, 'session-name': sessionName, duration } = options
  if (duration !== undefined && !/^\d{3,6}$/.test(duration)) {
    throw new UsageError(`--duration must be a number of seconds, not ${JSON.stringify(duration)}.`)
  }
  return {
    endpoint,
    login: parseLogin(options, allowHttp),
    allowHttp,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(sessionName === undefined ? {} : { sessionName }),
    ...(duration === undefined ? {} : { duration }),
  }
}

function parseLogin(options: UnverifiedOptions, allowHttp: boolean): OpenIdLogin | DirectoryLogin {
  const { provider = 'openid', 'config-name': configName } = options
  if (provider === 'ldap') {
    const username = required('username', options.username)
    return { provider, username, ...(configName === undefined ? {} : { configName }) }
  }
  if (provider !== 'openid') {
    throw new UsageError(`--provider must be openid or ldap, not ${JSON.stringify(provider)}.`)
  }
  if (options['config-endpoint'] === undefined) throw new UsageError('--issuer or --config-endpoint is missing.')
  const configEndpoint = url('config-endpoint', options['config-endpoint'])
  demandSafeTransport('issuer', configEndpoint, allowHttp)
  return {
    provider,
    configEndpoint,
    clientId: required('client-id', options['client-id']),
    scopes: scopesOf(options.scopes ?? 'openid'),
    port: port('port', options.port ?? '8888'),
  }
}

/** Without `openid` a provider gives no id_token (OpenID Connect Core 1.0, 3.1.2.1). */
function scopesOf(scopes: string): string {
  if (scopes.split(' ').includes('openid')) return scopes
  throw new UsageError('--scopes must have openid among them.')
}

/** Passwords and tokens go over TLS, or stay on this machine (RFC 8252 section 8.3 for the loopback address). Throws UsageError. */
export function demandSafeTransport(what: string, target: URL, allowHttp: boolean): void {
  if (target.protocol === 'https:' || allowHttp) return
  if (/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(target.hostname)) return
  throw new UsageError(
    `The ${what} ${target.origin} is http, where others can read along: use https, or take the risk with --allow-http.`,
  )
}

/** What credentials are bound to: whatever else the profile comes to say, they are not handed out for it. */
export function bindingOf({ endpoint, login, roleArn = '' }: Settings): string {
  const source =
    login.provider === 'openid'
      ? [login.configEndpoint.href, login.clientId, login.scopes]
      : [login.configName ?? '', login.username]
  return JSON.stringify([endpoint.href, login.provider, ...source, roleArn])
}
