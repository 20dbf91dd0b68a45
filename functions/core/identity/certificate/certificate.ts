import { type KeyObject, X509Certificate } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import { Certificate as Asn1Certificate, type TBSCertificate, type Validity, Version } from '@peculiar/asn1-x509'
import { type DistinguishedName, readDistinguishedName } from './distinguished-name.ts'
import { type Extensions, readExtensions } from './extensions.ts'
import { invalidCertificate } from './refusal.ts'
import { isSoundKey } from './sound-key.ts'

/** In bytes; real ones have one or two thousand. */
const MOST_BYTES = 16 * 1024

/** A certificate that was read. Who signed it, whether its time has come and what it is for are still to be seen. */
export interface Certificate {
  readonly der: Buffer
  readonly x509: X509Certificate
  readonly publicKey: KeyObject
  /** Positive, at most 20 bytes. */
  readonly serial: bigint
  readonly subject: DistinguishedName
  readonly issuer: DistinguishedName
  /** Milliseconds since the epoch; both ends belong to the time in which it is valid (RFC 5280 section 4.1.2.5). */
  readonly notBefore: number
  readonly notAfter: number
  /** Whether its signature is of an algorithm that counts here; node:crypto sees that it is the one that was signed, too. */
  readonly soundSignature: boolean
  /** Whether its key is strong enough to count here. */
  readonly soundKey: boolean
  readonly extensions: Extensions
}

/** RSA (PKCS #1 v1.5) and ECDSA with SHA-256, -384 and -512, and Ed25519. SHA-1, MD5 and RSA-PSS are not among them. */
const SIGNATURE_ALGORITHMS = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
  '1.3.101.112',
])

/**
 * Reads a DER certificate (RFC 5280 section 4) of version 3. Two readers must find it well-formed, and nothing may follow
 * it. Proves nothing of what it says. Throws InvalidIdentityToken.
 */
export function parseCertificate(der: Buffer): Certificate {
  if (der.length > MOST_BYTES) throw invalidCertificate('it is too large')
  const { x509, asn1 } = decode(der)
  const { tbsCertificate } = asn1
  const { serialNumber, signature, validity, version } = tbsCertificate
  if (version !== Version.v3) throw invalidCertificate('it is not of X.509 version 3')
  const publicKey = readKey(x509)
  const serial = readSerial(Buffer.from(serialNumber))
  return {
    der,
    x509,
    publicKey,
    serial,
    subject: readDistinguishedName(tbsCertificate.subject),
    issuer: readDistinguishedName(tbsCertificate.issuer),
    ...readValidity(validity, x509),
    soundSignature: SIGNATURE_ALGORITHMS.has(signature.algorithm),
    soundKey: isSoundKey(publicKey),
    extensions: extensionsOf(tbsCertificate),
  }
}

function decode(der: Buffer): { x509: X509Certificate; asn1: Asn1Certificate } {
  let x509: X509Certificate
  let asn1: Asn1Certificate
  try {
    x509 = new X509Certificate(der)
    asn1 = AsnConvert.parse(der, Asn1Certificate)
  } catch {
    throw invalidCertificate('it is no X.509 certificate')
  }
  if (!x509.raw.equals(der)) throw invalidCertificate('more than one certificate stands in its place')
  return { x509, asn1 }
}

function readKey(x509: X509Certificate): KeyObject {
  try {
    // Reading it throws, too, for one that cannot be decoded.
    const { publicKey } = x509
    publicKey.export({ format: 'jwk' })
    return publicKey
  } catch {
    throw invalidCertificate('its key is of a kind that is not known here')
  }
}

function readSerial(bytes: Buffer): bigint {
  const serial = BigInt(`0x${bytes.toString('hex') || '0'}`)
  if (serial === 0n || bytes.length > 20 || ((bytes[0] ?? 0) & 0x80) !== 0) {
    throw invalidCertificate('its serial number is no positive number of at most 20 bytes')
  }
  return serial
}

function readValidity(validity: Validity, x509: X509Certificate): Pick<Certificate, 'notBefore' | 'notAfter'> {
  const notBefore = validity.notBefore.getTime().getTime()
  const notAfter = validity.notAfter.getTime().getTime()
  // One reader lets a 99th month run into later years.
  if (notBefore !== x509.validFromDate.getTime() || notAfter !== x509.validToDate.getTime()) {
    throw invalidCertificate('it does not say clearly when it is valid')
  }
  return { notBefore, notAfter }
}

function extensionsOf({ extensions }: TBSCertificate): Extensions {
  try {
    return readExtensions([...(extensions ?? [])])
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'StsError') throw cause
    throw invalidCertificate('an extension of it is malformed')
  }
}
