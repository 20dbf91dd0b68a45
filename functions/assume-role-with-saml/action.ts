import { hash } from 'node:crypto'
import type { AssumeRoleWithSAMLRequest, AssumeRoleWithSAMLResponse } from '@aws-sdk/client-sts'
import { parseArn } from '@daypass/core/arn.ts'
import { managedPolicyKeys } from '@daypass/core/authentication/policy-texts.ts'
import { Rows } from '@daypass/core/authentication/rows.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { operation, type QueryOperation } from '@daypass/core/http/query-operation.ts'
import { parseUnverifiedResponse } from '@daypass/core/identity/saml/response.ts'
import type { SamlIdentity } from '@daypass/core/identity/saml/saml-identity.ts'
import type { SamlSettings } from '@daypass/core/identity/saml/settings.ts'
import { assumeRoleWithSamlModel } from '@daypass/core/model/sts/assume-role-with-saml.ts'
import { findRole } from '@daypass/core/sessions/find-role.ts'
import type { MintDeps } from '@daypass/core/sessions/mint.ts'
import { type NamedRole, namedRole } from '@daypass/core/sessions/named-role.ts'
import { mintRoleSession } from '@daypass/core/sessions/role-session.ts'
import { sessionPolicyArns } from '@daypass/core/sessions/session-policies.ts'
import { isSamlProviderName, parseSamlProvider, type SamlProvider } from '@daypass/core/store/entities/saml-provider.ts'
import { samlSessionProvider } from '@daypass/core/store/entities/session-provider.ts'
import { roleKey, samlProviderKey } from '@daypass/core/store/keys.ts'
import { provenIdentity } from './proven-identity.ts'
import { mayTakeRole } from './trust.ts'
import { useAssertion } from './use-assertion.ts'

export interface SamlDeps extends MintDeps {
  /** Default: AWS's endpoints alone, and assertions may be used while they are valid. */
  readonly saml?: SamlSettings | undefined
  /** Whether sessions keep their claims, for a decision webhook. Default: no. */
  readonly keepClaims?: boolean | undefined
}

/**
 * AssumeRoleWithSAML: what a registered identity provider asserts of somebody becomes a session of a role that the
 * assertion names and whose trust policy says so. One read of all that decides, one write of the session; one more where
 * an assertion may be used once only.
 */
export function assumeRoleWithSaml(deps: SamlDeps): QueryOperation {
  return operation<AssumeRoleWithSAMLRequest, AssumeRoleWithSAMLResponse>(
    assumeRoleWithSamlModel,
    async (input, exchange) => {
      const { audit } = exchange
      const { RoleArn = '', PrincipalArn = '', SAMLAssertion = '' } = input
      audit.tokenSha256 = hash('sha256', SAMLAssertion)
      const role = namedRole(RoleArn)
      const provider = namedProvider(PrincipalArn)
      audit.role = RoleArn
      audit.provider = PrincipalArn
      const unverified = parseUnverifiedResponse(SAMLAssertion)
      // Anybody's claim so far; no registered entity has a longer name.
      audit.claimedIssuer = unverified.claimedIssuer.slice(0, 1024)
      const rows = new Rows(deps.store)
      await rows.load([
        roleKey(role.account, role.roleName),
        samlProviderKey(provider.account, provider.name),
        ...managedPolicyKeys(sessionPolicyArns(input)),
      ])
      const registered = findProvider(provider, PrincipalArn, rows)
      const identity = await provenIdentity(deps, unverified, registered, exchange)
      audit.subject = identity.subject
      return grant(deps, { input, role, registered, identity, exchange, rows })
    },
  )
}

interface Proven {
  readonly input: AssumeRoleWithSAMLRequest
  readonly role: NamedRole
  readonly registered: SamlProvider
  readonly identity: SamlIdentity
  readonly exchange: Exchange
  readonly rows: Rows
}

async function grant(deps: SamlDeps, proven: Proven): Promise<AssumeRoleWithSAMLResponse> {
  const { input, registered, identity, exchange, rows } = proven
  const role = mayTakeRole(findRole(proven.role, rows), registered, identity, exchange)
  const { roleSessionName, tags, transitiveTagKeys, sourceIdentity, sessionNotOnOrAfter } = identity
  const { credentials, answer } = await mintRoleSession(
    deps,
    {
      role,
      roleSessionName,
      startedAt: exchange.startedAt,
      kept: {
        provider: samlSessionProvider(registered.name),
        claims: keptKeys(identity),
        ...(deps.keepClaims ? { claimsDocument: JSON.stringify(keptKeys(identity)) } : {}),
      },
      tags,
      transitiveTagKeys,
      sourceIdentity,
      ...(sessionNotOnOrAfter === undefined ? {} : { latestEnd: Math.floor(sessionNotOnOrAfter / 1000) }),
      beforeMint: () => useAssertion(deps, registered, identity),
    },
    { ...input, DurationSeconds: input.DurationSeconds ?? identity.sessionDuration },
    rows,
  )
  exchange.audit.accessKeyId = credentials.AccessKeyId
  return {
    Credentials: credentials,
    Subject: identity.subject,
    SubjectType: identity.subjectType,
    Issuer: identity.issuer,
    Audience: identity.audience,
    NameQualifier: identity.nameQualifier,
    ...answer,
  }
}

/** The keys that AWS lets the role's own policies ask about: those that tell who it is. */
const keptKeys = ({ keys }: SamlIdentity): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(['namequalifier', 'sub', 'sub_type'].map((name) => [name, keys.get(name) ?? []]))

/** The provider that `PrincipalArn` names, which is still to be found. Throws ValidationError. */
function namedProvider(unverifiedArn: string): { readonly account: string; readonly name: string } {
  const arn = parseArn(unverifiedArn)
  const [, name = ''] = /^saml-provider\/(.*)$/.exec(arn?.resource ?? '') ?? []
  if (arn?.service !== 'iam' || !isSamlProviderName(name)) {
    throw new StsError(
      'ValidationError',
      'PrincipalArn must name a SAML provider, as arn:aws:iam::<account>:saml-provider/<name>',
    )
  }
  return { account: arn.account, name }
}

function findProvider(
  { account, name }: { readonly account: string; readonly name: string },
  arn: string,
  rows: Rows,
): SamlProvider {
  const item = rows.get(samlProviderKey(account, name))
  const provider = item && parseSamlProvider(item)
  if (provider?.arn !== arn) throw new StsError('InvalidIdentityToken', "Specified provider doesn't exist.")
  return provider
}
