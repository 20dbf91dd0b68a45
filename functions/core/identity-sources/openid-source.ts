import { createHash } from 'node:crypto'
import type { KeySource } from '../identity/discovery.ts'

/**
 * An OpenID provider from whose tokens rights follow without a role, because the operator configured it so (MinIO's
 * `identity_openid`). A provider that was registered through the IAM API is none.
 */
export interface OpenIdSource {
  /** The suffix of its variables in lower case; `default` without one. */
  readonly name: string
  /** Whose policies and groups its tokens name. */
  readonly account: string
  readonly keySource: Extract<KeySource, { kind: 'config-url' | 'jwks' }>
  /** Whom tokens must be for; absent: any audience. */
  readonly clientId?: string
  /** For logging in at the provider; never needed to check a token. */
  readonly clientSecret?: string
  readonly claimName: string
  /** Put before the claim's name. */
  readonly claimPrefix: string
  /** Whether claims that a token lacks are asked of the UserInfo endpoint. */
  readonly claimUserinfo: boolean
  /** Names of the policies that each of its users gets, whatever the token says. */
  readonly rolePolicy?: readonly string[]
  readonly scopes: readonly string[]
  readonly redirectUri?: string
}

/** What MinIO's role ARN of a client ends in: it stays the same for the same client id. */
const clientRoleId = (clientId: string): string => createHash('sha1').update(clientId).digest('base64url')

/** The ARN by which callers name a role policy, as MinIO prints it at its start. */
export const clientRoleArn = (clientId: string): string => `arn:minio:iam:::role/${clientRoleId(clientId)}`

/** The source whose role policy an ARN names, in whatever region (`arn:minio:iam:<region>::role/<id>`). */
export function findRolePolicySource(
  sources: readonly OpenIdSource[],
  unverifiedArn: string,
): OpenIdSource | undefined {
  const [, id] = /^arn:minio:iam:[\w-]*::role\/([\w-]{27})$/.exec(unverifiedArn) ?? []
  if (id === undefined) return undefined
  return sources.find(
    ({ rolePolicy, clientId }) => rolePolicy !== undefined && clientId !== undefined && clientRoleId(clientId) === id,
  )
}
