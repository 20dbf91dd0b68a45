import { managedPolicyKeys } from '@daypass/core/authentication/policy-texts.ts'
import { Rows } from '@daypass/core/authentication/rows.ts'
import { keepForWebhook } from '@daypass/core/decision-webhook/kept-claims.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { operation, type QueryOperation } from '@daypass/core/http/query-operation.ts'
import { parsePemChain } from '@daypass/core/identity/certificate/client-certificate.ts'
import {
  type CertificateIdentity,
  certificateFacts,
  verifyBySources,
} from '@daypass/core/identity-sources/certificate-identity.ts'
import { findNamedRights } from '@daypass/core/identity-sources/named-rights.ts'
import {
  type AssumeRoleWithCertificateRequest,
  type AssumeRoleWithCertificateResponse,
  assumeRoleWithCertificateModel,
} from '@daypass/core/model/daypass/assume-role-with-certificate.ts'
import { mintIdentitySession } from '@daypass/core/sessions/identity-session.ts'
import { namedRole } from '@daypass/core/sessions/named-role.ts'
import { sessionPolicyArns } from '@daypass/core/sessions/session-policies.ts'
import { policyKey, roleKey } from '@daypass/core/store/keys.ts'
import { decideProviderTrust } from './provider-trust.ts'
import {
  type CertificateDeps,
  defaultSessionName,
  findRoleOf,
  mintCertificateSession,
  notTrusted,
} from './role-session.ts'

const ACTION = 'AssumeRoleWithCertificate'

/**
 * AssumeRoleWithCertificate (MinIO): the client certificate with which a connection was made becomes a session, of a role
 * whose trust policy says so, or of the policy that its common name names. The TLS layer has proven that the client has the
 * key; everything else about the certificate is proven here. One read and one write.
 */
export function assumeRoleWithCertificate(deps: CertificateDeps): QueryOperation {
  return operation<AssumeRoleWithCertificateRequest, AssumeRoleWithCertificateResponse>(
    assumeRoleWithCertificateModel,
    async (input, exchange) => {
      const identity = await provenIdentity(deps, exchange)
      const { RoleArn } = input
      const granted =
        RoleArn === undefined
          ? await grantPolicySession(deps, identity, input, exchange)
          : await takeRole(deps, identity, { ...input, RoleArn }, exchange)
      const { Credentials, ...answer } = granted
      exchange.audit.accessKeyId = Credentials.AccessKeyId
      return { Credentials, ...answer, Provider: identity.providerArn }
    },
  )
}

async function provenIdentity(
  { certificateSources = [] }: CertificateDeps,
  { request, startedAt, audit }: Exchange,
): Promise<CertificateIdentity> {
  if (certificateSources.length === 0) throw notTrusted(ACTION, 'no certificate provider is configured')
  if (request.clientCertificate === undefined) {
    throw new StsError(
      'InvalidIdentityToken',
      'No client certificate came with the connection, or none that the server trusts. Connect by TLS with one.',
    )
  }
  const identity = await verifyBySources(certificateSources, parsePemChain(request.clientCertificate), startedAt)
  Object.assign(audit, certificateFacts(identity))
  return identity
}

type Granted = Omit<AssumeRoleWithCertificateResponse, 'Provider'>

/** Without a role: the common name is the policy's name, whole, as it is. */
async function grantPolicySession(
  deps: CertificateDeps,
  { source, certificate }: CertificateIdentity,
  input: AssumeRoleWithCertificateRequest,
  { startedAt }: Exchange,
): Promise<Granted> {
  const { commonName, claims, expiresAt } = certificate
  if (!source.policyByCommonName) {
    throw new StsError(
      'AccessDenied',
      'Certificates of this provider give rights only through a role. Name its RoleArn.',
    )
  }
  if (commonName === undefined) {
    throw new StsError('AccessDenied', 'The certificate has no common name, which would name a policy. Name a RoleArn.')
  }
  const rows = new Rows(deps.store)
  const named = POLICY_NAME.test(commonName) ? [policyKey(source.account, commonName)] : []
  await rows.load([...named, ...managedPolicyKeys(sessionPolicyArns(input))])
  const rights = await findNamedRights(rows, source.account, { policies: [commonName], groups: [] })
  const { credentials, answer } = await mintIdentitySession(
    deps,
    {
      account: source.account,
      sourceKind: 'certificate',
      source: source.name,
      subject: commonName,
      claims,
      ...(deps.keepClaims ? { claimsDocument: keepForWebhook(claims) } : {}),
      ...rights,
    },
    input,
    { startedAt, defaultSeconds: deps.stsDurationSeconds, latestEnd: expiresAt },
    rows,
  )
  return { Credentials: credentials, ...answer }
}

const POLICY_NAME = /^[\w+=.@-]{1,128}$/

async function takeRole(
  deps: CertificateDeps,
  identity: CertificateIdentity,
  input: AssumeRoleWithCertificateRequest & { readonly RoleArn: string },
  exchange: Exchange,
): Promise<Granted> {
  const named = namedRole(input.RoleArn)
  exchange.audit.role = named.roleArn
  const rows = new Rows(deps.store)
  await rows.load([roleKey(named.account, named.roleName), ...managedPolicyKeys(sessionPolicyArns(input))])
  const role = findRoleOf(identity.source.account, named, rows)
  if (!role) throw notTrusted(ACTION, 'there is no such role in the account of the provider')
  const roleSessionName = input.RoleSessionName ?? defaultSessionName(identity)
  const { outcome } = decideProviderTrust({ role, identity, roleSessionName, exchange })
  if (outcome !== 'allow') throw notTrusted(ACTION, outcome)
  const { credentials, answer } = await mintCertificateSession(
    deps,
    { role, identity, roleSessionName, exchange, rows },
    input,
  )
  return { Credentials: credentials, ...answer }
}
