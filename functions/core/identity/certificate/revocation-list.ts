import { type KeyObject, verify } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import { CertificateList } from '@peculiar/asn1-x509'
import type { Certificate } from './certificate.ts'
import { readPem } from './pem.ts'
import { invalidCertificate, revocationUnknown } from './refusal.ts'

/** A list that was read (RFC 5280 section 5). Who signed it is still to be seen. */
export interface RevocationList {
  readonly issuer: Buffer
  readonly signedBytes: Buffer
  readonly signature: Buffer
  /** Of node:crypto; null: the key's own. */
  readonly hash: string | null
  /** Milliseconds since the epoch. */
  readonly thisUpdate: number
  readonly nextUpdate: number
  /** Serial numbers in hexadecimal without leading zeros. */
  readonly revoked: ReadonlySet<string>
}

const HASHES: ReadonlyMap<string, string | null> = new Map([
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['1.3.101.112', null],
])

/** A list that cannot be used, in one sentence. */
export class UnusableRevocationList extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`a certificate revocation list ${reason}`, options)
    this.name = 'UnusableRevocationList'
  }
}

/**
 * Reads the lists of a file: PEM, one or several, or one in DER. Each must be complete and say until when it holds; partial
 * and indirect ones, whose extensions are critical, are refused. Throws UnusableRevocationList.
 */
export function parseRevocationLists(bytes: Buffer): readonly RevocationList[] {
  const blocks = bytes[0] === 0x30 ? [bytes] : readPem(bytes.toString('latin1'), ['X509 CRL'])
  if (!blocks) throw new UnusableRevocationList('is neither PEM nor DER')
  return blocks.map(parseRevocationList)
}

function parseRevocationList(der: Buffer): RevocationList {
  let list: CertificateList
  try {
    list = AsnConvert.parse(der, CertificateList)
  } catch (cause) {
    throw new UnusableRevocationList('is malformed', { cause })
  }
  const { tbsCertList, tbsCertListRaw, signatureAlgorithm, signature } = list
  const { nextUpdate, revokedCertificates = [], crlExtensions = [] } = tbsCertList
  const hash = HASHES.get(tbsCertList.signature.algorithm)
  if (hash === undefined || signatureAlgorithm.algorithm !== tbsCertList.signature.algorithm || !tbsCertListRaw) {
    throw new UnusableRevocationList('has a signature of an algorithm that does not count here')
  }
  if (!nextUpdate) throw new UnusableRevocationList('does not say until when it holds')
  const extensions = [crlExtensions, ...revokedCertificates.map(({ crlEntryExtensions = [] }) => crlEntryExtensions)]
  if (extensions.some((each) => [...each].some(({ critical }) => critical))) {
    throw new UnusableRevocationList('is partial or indirect')
  }
  return {
    issuer: Buffer.from(AsnConvert.serialize(tbsCertList.issuer)),
    signedBytes: Buffer.from(tbsCertListRaw),
    signature: Buffer.from(signature),
    hash,
    thisUpdate: tbsCertList.thisUpdate.getTime().getTime(),
    nextUpdate: nextUpdate.getTime().getTime(),
    revoked: new Set(revokedCertificates.map(({ userCertificate }) => serialText(Buffer.from(userCertificate)))),
  }
}

const serialText = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex') || '0'}`).toString(16)

/**
 * Proves that the issuer has a list that holds now and does not name the certificate. Where lists are kept, an authority
 * without one has told nothing of its certificates: then, too, it throws. Throws InvalidIdentityToken for a certificate that
 * was revoked, IDPCommunicationError when that cannot be known.
 */
export function refuseRevoked(
  { serial }: Certificate,
  issuer: Certificate,
  lists: readonly RevocationList[],
  now: number,
): void {
  const { keyUsage } = issuer.extensions
  if (keyUsage && !keyUsage.includes('crlSign')) throw revocationUnknown('the authority may not sign revocation lists')
  const own = lists.filter((list) => list.issuer.equals(issuer.subject.der) && isSignedBy(list, issuer.publicKey))
  if (own.some(({ revoked }) => revoked.has(serial.toString(16)))) throw invalidCertificate('it was revoked')
  if (!own.some(({ thisUpdate, nextUpdate }) => thisUpdate <= now && now < nextUpdate)) {
    throw revocationUnknown('an authority has no revocation list that it signed and that holds now')
  }
}

function isSignedBy({ hash, signedBytes, signature }: RevocationList, key: KeyObject): boolean {
  try {
    return verify(hash, signedBytes, key, signature)
  } catch {
    return false
  }
}
