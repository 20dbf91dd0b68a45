import { Rows } from '@daypass/core/authentication/rows.ts'
import type { StsError } from '@daypass/core/errors.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import type { HttpRequest } from '@daypass/core/http/request.ts'
import { parseChain, type UnverifiedChain } from '@daypass/core/identity/certificate/client-certificate.ts'
import { decodeBase64 } from '@daypass/core/identity/certificate/pem.ts'
import { invalidCertificate, UnknownAuthority } from '@daypass/core/identity/certificate/refusal.ts'
import { certificateFacts, verifyBySources } from '@daypass/core/identity-sources/certificate-identity.ts'
import { namedRole } from '@daypass/core/sessions/named-role.ts'
import { SignatureRefusal } from '@daypass/core/sigv4/refusal.ts'
import { parseX509Signature, verifyX509Signature } from '@daypass/core/sigv4/x509.ts'
import { roleKey } from '@daypass/core/store/keys.ts'
import { decideProviderTrust, type TrustQuestion } from '../assume-role-with-certificate/provider-trust.ts'
import {
  type CertificateDeps,
  findRoleOf,
  mintCertificateSession,
  notTrusted,
  serialName,
} from '../assume-role-with-certificate/role-session.ts'
import { type CreateSessionAnswer, sessionAnswer } from './answer.ts'
import { type CertificateTags, certificateTags } from './certificate-tags.ts'
import { parseInput } from './input.ts'
import { decideServiceTrust } from './service-trust.ts'
import { findSource } from './trust-anchor.ts'

/**
 * CreateSession of IAM Roles Anywhere: a request that a certificate's key has signed becomes a session of a role that trusts
 * the certificate. For callers whose TLS ends at a proxy, which sees no client certificate. One read and one write. Throws a
 * SignatureRefusal or StsError. Like every signed request of AWS it could be repeated for 15 minutes by whoever saw it.
 */
export async function createSession(deps: CertificateDeps, exchange: Exchange): Promise<CreateSessionAnswer> {
  const { request, startedAt, audit } = exchange
  const chain = provenHolder(request, startedAt)
  const input = parseInput(request)
  const named = namedRole(input.roleArn)
  audit.role = named.roleArn
  const source = findSource(deps.certificateSources ?? [], input)
  // Who has no certificate of ours learns nothing of what there is.
  if (!source) throw new UnknownAuthority()
  const identity = await verifyBySources([source], chain, startedAt)
  Object.assign(audit, certificateFacts(identity))

  const rows = new Rows(deps.store)
  await rows.load([roleKey(named.account, named.roleName)])
  const role = findRoleOf(source.account, named, rows)
  if (!role) throw notTrusted('AssumeRole', 'there is no such role in the account of the provider')
  const roleSessionName = input.roleSessionName ?? serialName(identity)
  const question = { role, identity, roleSessionName, exchange }
  const taken = trustedWay(question, input.trustAnchorArn)
  const granted = await mintCertificateSession(
    deps,
    { ...question, rows, ...taken },
    { DurationSeconds: input.durationSeconds },
  )
  audit.accessKeyId = granted.credentials.AccessKeyId
  return sessionAnswer(granted, identity, input, taken)
}

/** The certificate whose key has signed the request. Whether anybody vouches for it is not proven. */
function provenHolder(request: HttpRequest, now: number): UnverifiedChain {
  const unverified = parseX509Signature(request, request.body)
  const { 'x-amz-x509': own, 'x-amz-x509-chain': others } = request.headers
  if (own === undefined) throw new SignatureRefusal('header-not-signed', { header: 'x-amz-x509' })
  const chain = parseChain([own, ...(others === undefined ? [] : others.split(','))].map(decoded))
  const { serial, soundKey, publicKey } = chain.holder
  if (serial !== unverified.claimedSerial) throw new SignatureRefusal('signature-mismatch')
  // Checking with an absurd key could cost seconds.
  if (!soundKey) throw invalidCertificate('its key is weak or of a kind that is not known here')
  verifyX509Signature(unverified, publicKey, now)
  return chain
}

function decoded(base64: string): Buffer {
  const der = decodeBase64(base64.trim())
  if (!der) throw invalidCertificate('X-Amz-X509 and X-Amz-X509-Chain must be certificates in DER as base64')
  return der
}

/**
 * The way in which the role trusts: AWS's, by the service and with tags; or Daypass's, by the certificate provider. A Deny on
 * either way refuses both. Throws AccessDenied.
 */
function trustedWay(question: TrustQuestion, trustAnchorArn: string): Partial<CertificateTags> {
  const tags = certificateTags(question.identity.certificate)
  const byService = tags ? decideServiceTrust(question, tags, trustAnchorArn) : 'implicitDeny'
  const byProvider = decideProviderTrust(question).outcome
  if (byService !== 'explicitDeny' && byProvider !== 'explicitDeny') {
    if (tags && byService === 'allow') return tags
    if (byProvider === 'allow') return {}
  }
  throw refusedTrust(byService, byProvider)
}

const refusedTrust = (byService: string, byProvider: string): StsError =>
  notTrusted('AssumeRole', `by service: ${byService}, by provider: ${byProvider}`)
