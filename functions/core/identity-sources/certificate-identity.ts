import { identityProviderArn } from '../arn.ts'
import { StsError } from '../errors.ts'
import {
  type ClientCertificate,
  fingerprint,
  type UnverifiedChain,
  verifyClientCertificate,
} from '../identity/certificate/client-certificate.ts'
import { UnknownAuthority } from '../identity/certificate/refusal.ts'
import type { CertificateSource } from './certificate-source.ts'

/** A certificate that a configured source vouches for. */
export interface CertificateIdentity {
  readonly source: CertificateSource
  readonly providerArn: string
  readonly certificate: ClientCertificate
}

export const certificateProviderArn = ({ account, name }: CertificateSource): string =>
  identityProviderArn(account, { sourceKind: 'certificate', source: name })

/**
 * The source whose authorities vouch for a certificate. Sources share no authority, so at most one answers, unless
 * authorities have signed each other; then the first does. That the client has the key is not proven here. Throws
 * what the source whose authority it is says, InvalidIdentityToken when it is nobody's.
 */
export async function verifyBySources(
  sources: readonly CertificateSource[],
  chain: UnverifiedChain,
  now: number,
): Promise<CertificateIdentity> {
  let refusal: StsError | undefined
  for (const source of sources) {
    try {
      const lists = await source.readRevocationLists?.()
      const certificate = verifyClientCertificate(chain, source.authorities, lists, now)
      return { source, certificate, providerArn: certificateProviderArn(source) }
    } catch (error) {
      if (!(error instanceof StsError)) throw error
      if (!(error instanceof UnknownAuthority)) refusal ??= error
    }
  }
  throw refusal ?? new UnknownAuthority()
}

/** What the audit event says of a certificate. */
export const certificateFacts = ({ source, providerArn, certificate }: CertificateIdentity) => ({
  source: `certificate/${source.name}`,
  provider: providerArn,
  subject: certificate.claims.subject?.[0] ?? '',
  certificateSerial: certificate.claims.serial?.[0] ?? '',
  certificateSha256: fingerprint(certificate.certificate),
})
