import { hash } from 'node:crypto'
import type { AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityResponse } from '@aws-sdk/client-sts'
import { assumedRoleArn } from '@daypass/core/arn.ts'
import { managedPolicyKeys, managedPolicyTexts } from '@daypass/core/authentication/policy-texts.ts'
import { StsError } from '@daypass/core/errors.ts'
import { missingMember } from '@daypass/core/http/constraints.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { operation, type QueryOperation } from '@daypass/core/http/query-operation.ts'
import { claimsContext } from '@daypass/core/identity/claims-context.ts'
import type { IssuerKeyDeps } from '@daypass/core/identity/issuer-keys.ts'
import { parseSessionClaims } from '@daypass/core/identity/session-claims.ts'
import { issuerKeyLookupKeys } from '@daypass/core/identity/stored-keys.ts'
import { parseUnverifiedToken } from '@daypass/core/identity/unverified-token.ts'
import { verifyWebIdentity, type WebIdentity } from '@daypass/core/identity/web-identity.ts'
import { assumeRoleWithWebIdentityModel } from '@daypass/core/model/sts/assume-role-with-web-identity.ts'
import { findSharedIssuer } from '@daypass/core/policy/shared-issuers.ts'
import { roleSessionEnd } from '@daypass/core/sessions/duration.ts'
import { type MintDeps, mintSession, tokenFigures } from '@daypass/core/sessions/mint.ts'
import { namedRole } from '@daypass/core/sessions/named-role.ts'
import { packedPolicySize } from '@daypass/core/sessions/packed-size.ts'
import { checkSessionPolicies, sessionPolicyArns } from '@daypass/core/sessions/session-policies.ts'
import { dialectOf } from '@daypass/core/store/entities/account.ts'
import { isProviderName, parseOidcProvider, withoutScheme } from '@daypass/core/store/entities/oidc-provider.ts'
import { parseRole } from '@daypass/core/store/entities/role.ts'
import { oidcProviderKey, roleKey } from '@daypass/core/store/keys.ts'
import { decideTrust } from './trust.ts'

export interface WebIdentityDeps extends MintDeps {
  readonly issuerKeys: IssuerKeyDeps
}

type Input = AssumeRoleWithWebIdentityRequest
type Output = AssumeRoleWithWebIdentityResponse

/** AssumeRoleWithWebIdentity: an OpenID token becomes a session of a role whose trust policy says so. */
export function assumeRoleWithWebIdentity(deps: WebIdentityDeps): QueryOperation {
  return operation<Input, Output>(assumeRoleWithWebIdentityModel, (input, exchange) =>
    exchangeToken(deps, input, exchange),
  )
}

/** Two round trips while the issuer's keys are at hand: one read of all that decides, one write of the session. */
async function exchangeToken(deps: WebIdentityDeps, input: Input, exchange: Exchange): Promise<Output> {
  const unverified = (input.WebIdentityToken ?? '').trim()
  exchange.audit.tokenSha256 = hash('sha256', unverified)
  const { account, roleName, roleArn } = namedRole(required(input.RoleArn, 'RoleArn'))
  exchange.audit.role = roleArn
  const roleSessionName = required(input.RoleSessionName, 'RoleSessionName')
  const token = parseUnverifiedToken(unverified)
  const claimedProvider = withoutScheme(token.claimedIssuer)
  if (!isProviderName(claimedProvider)) throw noProvider()
  exchange.audit.claimedIssuer = token.claimedIssuer
  const policyArns = sessionPolicyArns(input)

  const keyLookups = issuerKeyLookupKeys(account, claimedProvider, token.claimedKeyId)
  const [roleItem, providerItem, ...rest] = await deps.store.getMany([
    roleKey(account, roleName),
    oidcProviderKey(account, claimedProvider),
    ...keyLookups,
    ...managedPolicyKeys(policyArns),
  ])
  const managedPolicies = managedPolicyTexts(policyArns, rest.slice(keyLookups.length))

  if (!providerItem) throw noProvider()
  const provider = parseOidcProvider(providerItem)
  const sharedIssuer = findSharedIssuer(provider.name) !== undefined
  const identity = await verifyWebIdentity(deps.issuerKeys, {
    token,
    provider,
    sharedIssuer,
    items: rest.slice(0, keyLookups.length),
  })
  const sessionClaims = parseSessionClaims(identity.claims, { severalValues: dialectOf(account) === 'ceph' })
  const { tags, transitiveTagKeys, sourceIdentity } = sessionClaims
  exchange.audit.provider = provider.arn
  exchange.audit.subject = identity.subject

  const role = roleItem && parseRole(roleItem)
  // The key has no path and folds case: only the exact ARN names the role.
  if (role?.arn !== roleArn) throw notTrusted('there is no such role')
  const decision = decideTrust({ ...sessionClaims, role, identity, roleSessionName, exchange })
  if (decision.outcome !== 'allow') throw notTrusted(decision.outcome)

  checkSessionPolicies(account, input, managedPolicies)
  const size = packedPolicySize(input.Policy, policyArns, tags)
  const expiresAt = roleSessionEnd(exchange.startedAt, input.DurationSeconds, role.maxSessionDuration)
  const credentials = await mintSession(
    deps,
    {
      kind: 'role',
      account,
      roleName: role.roleName,
      roleId: role.roleId,
      roleSessionName,
      issuedAt: exchange.startedAt,
      expiresAt,
      provider: provider.name,
      claims: keptClaims(identity),
      tags,
      transitiveTagKeys,
      sessionPolicyArns: policyArns,
      ancestors: [],
      ...(input.Policy === undefined ? {} : { sessionPolicy: input.Policy }),
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    },
    input.MinimumSessionTokenSize,
  )
  exchange.audit.accessKeyId = credentials.AccessKeyId
  return {
    Credentials: credentials,
    SubjectFromWebIdentityToken: identity.subject,
    AssumedRoleUser: {
      AssumedRoleId: `${role.roleId}:${roleSessionName}`,
      Arn: assumedRoleArn(account, role.roleName, roleSessionName),
    },
    Provider: identity.issuer,
    ...(identity.audience === undefined ? {} : { Audience: identity.audience }),
    ...tokenFigures(credentials),
    ...(size === undefined ? {} : { PackedPolicySize: size }),
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  }
}

/** Optional in the model because other ways to get rights do without; with a role they are not. */
function required(value: string | undefined, name: string): string {
  if (value === undefined) throw missingMember(name)
  return value
}

/** The same for a role that is not there and one that does not trust: a caller learns nothing of roles that are not its own. */
const notTrusted = (reason: string) =>
  new StsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', { detail: { reason } })

/** Of an issuer's claims only these stay usable in the role's policies. */
function keptClaims({ claims, providerName }: WebIdentity): Readonly<Record<string, readonly string[]>> {
  const context = claimsContext(providerName, claims)
  const kept: Record<string, readonly string[]> = {}
  for (const name of ['sub', 'aud', 'azp']) {
    const values = context.get(`${providerName}:${name}`)
    if (values !== undefined) kept[name] = values
  }
  return kept
}

/** The same for an issuer that nobody registered and for what can be none. */
const noProvider = () =>
  new StsError('InvalidIdentityToken', 'No OpenIDConnect provider found in your account for the issuer of the token')
