import type { TrustedAuthorities } from '../identity/certificate/path.ts'
import type { RevocationList } from '../identity/certificate/revocation-list.ts'

/** Authorities whose certificates prove who a client is, because the operator configured it so (`certificate-provider/<name>`). */
export interface CertificateSource {
  /** The suffix of its variables in lower case; `default` without one. */
  readonly name: string
  /** Whose policies the common names name, and whose roles may trust it. */
  readonly account: string
  readonly authorities: TrustedAuthorities
  /** Read anew each time, so that a renewed file counts; absent: the provider does not revoke. */
  readonly readRevocationLists?: () => Promise<readonly RevocationList[]>
  /** Whether the subject's common name names a policy for whoever takes no role (MinIO). */
  readonly policyByCommonName: boolean
  /** Ids of Roles Anywhere trust anchors and profiles that stand for this source, besides its name. */
  readonly trustAnchors: readonly string[]
  readonly profiles: readonly string[]
}
