import { anyExtendedKeyUsage, id_kp_clientAuth } from '@peculiar/asn1-x509'
import { StsError } from '../../errors.ts'
import type { Certificate } from './certificate.ts'
import { expiredCertificate, invalidCertificate, UnknownAuthority } from './refusal.ts'
import { type RevocationList, refuseRevoked } from './revocation-list.ts'

/** Whom a provider trusts. */
export interface TrustedAuthorities {
  /** Where every path must end. */
  readonly anchors: readonly Certificate[]
  /** Known beside those that a client sends along; trusted no more than those. */
  readonly intermediates: readonly Certificate[]
}

/** Certificates from the holder's to the anchor. */
type Path = readonly Certificate[]

const MOST_IN_PATH = 6
/** Each costs a signature check. */
const MOST_STEPS = 40

/**
 * Proves that a chain of authorities leads from the holder's certificate to an anchor (RFC 5280 section 6, without policies):
 * every signature, every time of validity at `now`, what each may be used for, how long the chain may be, strong keys and
 * hashes throughout, nothing critical that is not understood, and, where `lists` are kept, that none was revoked. Does not
 * prove that whoever shows the certificate has its key. Throws InvalidIdentityToken, ExpiredTokenException or
 * IDPCommunicationError: for the first path that leads to an anchor, when none holds.
 */
export function verifyPath(
  holder: Certificate,
  sentAlong: readonly Certificate[],
  { anchors, intermediates }: TrustedAuthorities,
  lists: readonly RevocationList[] | undefined,
  now: number,
): Path {
  let refusal: StsError | undefined
  for (const path of pathsTo(anchors, holder, [...intermediates, ...sentAlong])) {
    try {
      checkPath(path, lists, now)
      return path
    } catch (error) {
      if (!(error instanceof StsError)) throw error
      refusal ??= error
    }
  }
  throw refusal ?? new UnknownAuthority()
}

/** Every path whose signatures are true. */
function* pathsTo(anchors: Path, holder: Certificate, others: Path): Generator<Path> {
  let steps = 0
  function* from(path: Path): Generator<Path> {
    const last = path.at(-1)
    if (!last || path.length >= MOST_IN_PATH) return
    for (const [candidates, isAnchor] of [[anchors, true] as const, [others, false] as const]) {
      for (const issuer of candidates) {
        if (!issuer.subject.der.equals(last.issuer.der) || path.some(({ der }) => der.equals(issuer.der))) continue
        // A weak key is not even used: checking with an absurd one could cost seconds.
        if (!issuer.soundKey || steps++ >= MOST_STEPS || !isSignedBy(last, issuer)) continue
        if (isAnchor) yield [...path, issuer]
        else yield* from([...path, issuer])
      }
    }
  }
  yield* from([holder])
}

function isSignedBy({ x509 }: Certificate, { publicKey }: Certificate): boolean {
  try {
    return x509.verify(publicKey)
  } catch {
    return false // a signature of another kind than the key
  }
}

function checkPath(path: Path, lists: readonly RevocationList[] | undefined, now: number): void {
  const [holder, ...authorities] = path
  if (!holder) throw new TypeError('a path begins with its holder')
  checkHolder(holder)
  for (const [below, authority] of authorities.entries()) checkAuthority(authority, authorities.slice(0, below))
  for (const [at, certificate] of path.entries()) {
    checkCommon(certificate, now)
    const issuer = path[at + 1]
    if (!issuer) continue
    // An anchor is trusted for its key, whoever signed it.
    if (!certificate.soundSignature) {
      throw invalidCertificate('a signature in its chain is of an algorithm that does not count here')
    }
    if (lists) refuseRevoked(certificate, issuer, lists, now)
  }
}

/** What a certificate must be to stand for a client. */
function checkHolder({ extensions }: Certificate): void {
  if (extensions.authority) throw invalidCertificate('it is one of an authority')
  if (!extensions.extendedKeyUsage?.includes(id_kp_clientAuth)) {
    throw invalidCertificate('its extended key usage does not name client authentication')
  }
  if (extensions.keyUsage && !extensions.keyUsage.includes('digitalSignature')) {
    throw invalidCertificate('its key usage does not name digital signatures')
  }
}

/** RFC 5280 sections 4.2.1.9, 4.2.1.3 and 6.1.4; `between` are the authorities between this one and the holder. */
function checkAuthority(authority: Certificate, between: Path): void {
  const { extensions } = authority
  if (!extensions.authority) throw invalidCertificate('a certificate in its chain is not one of an authority')
  if (extensions.keyUsage && !extensions.keyUsage.includes('keyCertSign')) {
    throw invalidCertificate('an authority in its chain may not sign certificates')
  }
  const counted = between.filter(({ subject, issuer }) => !subject.der.equals(issuer.der))
  if (extensions.pathLength !== undefined && counted.length > extensions.pathLength) {
    throw invalidCertificate('its chain is longer than an authority in it allows')
  }
  const purposes = extensions.extendedKeyUsage
  if (purposes && !purposes.includes(id_kp_clientAuth) && !purposes.includes(anyExtendedKeyUsage)) {
    throw invalidCertificate('an authority in its chain may not issue certificates of clients')
  }
}

function checkCommon({ soundKey, extensions, notBefore, notAfter }: Certificate, now: number): void {
  if (!soundKey) throw invalidCertificate('a key in its chain is weak or of a kind that is not known here')
  if (extensions.nameConstraints) throw invalidCertificate('an authority in its chain has name constraints')
  if (extensions.unknownCritical.length > 0) {
    throw invalidCertificate('its chain has a critical extension that is not known here')
  }
  if (now < notBefore) throw invalidCertificate('it, or an authority in its chain, is not valid yet')
  if (now > notAfter) throw expiredCertificate()
}
