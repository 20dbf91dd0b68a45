import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  CertificateList,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_kp_clientAuth,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  RevokedCertificate,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  TBSCertList,
  Time,
  Validity,
  Version,
} from '@peculiar/asn1-x509'

export interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

export const ecKey = (namedCurve = 'P-256'): KeyPair => generateKeyPairSync('ec', { namedCurve })
export const rsaKey = (modulusLength = 2048): KeyPair => generateKeyPairSync('rsa', { modulusLength })

/** A certificate of a test, with its key. */
export interface Made extends KeyPair {
  readonly der: Buffer
  readonly pem: string
  readonly keyPem: string
  readonly subject: Name
  readonly serial: Buffer
}

export interface CertificateOptions {
  /** The values of its subject: by short name, each with one value or several; a Name stays as it is. */
  readonly subject?: Readonly<Record<string, string | readonly string[]>> | Name
  /** Who signs; absent: itself. */
  readonly by?: Made
  /** In place of the signer's name. */
  readonly issuer?: Name
  readonly key?: KeyPair
  readonly serial?: Buffer
  /** Milliseconds since the epoch. */
  readonly from?: number
  readonly to?: number
  readonly authority?: boolean | undefined
  readonly pathLength?: number
  readonly keyUsage?: number
  /** Purposes by number; null: no such extension. */
  readonly purposes?: readonly string[] | null
  readonly names?: readonly GeneralName[]
  readonly extensions?: readonly Extension[]
  readonly hash?: 'sha1' | 'sha256' | 'sha384'
  readonly version?: Version
}

const TYPES: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
}
const ALGORITHMS: Readonly<Record<string, string>> = {
  'rsa sha1': '1.2.840.113549.1.1.5',
  'rsa sha256': '1.2.840.113549.1.1.11',
  'rsa sha384': '1.2.840.113549.1.1.12',
  'ec sha1': '1.2.840.10045.4.1',
  'ec sha256': '1.2.840.10045.4.3.2',
  'ec sha384': '1.2.840.10045.4.3.3',
}
/** All certificates of tests are valid around this time unless they say otherwise. */
const [FROM, TO] = [Date.parse('2025-01-01T00:00:00Z'), Date.parse('2035-01-01T00:00:00Z')]

const buffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
const oneName = (type: string, value: AttributeValue) =>
  new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value })])

export const nameOf = (parts: Readonly<Record<string, string | readonly string[]>>): Name =>
  new Name(
    Object.entries(parts).flatMap(([type, values]) =>
      [values].flat().map((utf8String) => oneName(TYPES[type] ?? type, new AttributeValue({ utf8String }))),
    ),
  )

/** A name whose common name is written in some way of its own. */
export const commonNameAs = (value: ConstructorParameters<typeof AttributeValue>[0]): Name =>
  new Name([oneName('2.5.4.3', new AttributeValue(value))])

export const extension = (extnID: string, value: unknown, critical = false): Extension =>
  new Extension({
    extnID,
    critical,
    extnValue: new OctetString(value instanceof Uint8Array ? buffer(value) : AsnConvert.serialize(value)),
  })

export const uri = (uniformResourceIdentifier: string) => new GeneralName({ uniformResourceIdentifier })
export const dns = (dNSName: string) => new GeneralName({ dNSName })
export const email = (rfc822Name: string) => new GeneralName({ rfc822Name })

function algorithmOf({ privateKey }: KeyPair, hash: string): AlgorithmIdentifier {
  const rsa = privateKey.asymmetricKeyType === 'rsa'
  const algorithm = ALGORITHMS[`${rsa ? 'rsa' : 'ec'} ${hash}`] ?? ''
  return new AlgorithmIdentifier({ algorithm, ...(rsa ? { parameters: null } : {}) })
}

/** A client's certificate, unless `authority` says otherwise; signed by hand, so that it may be wrong in every way. */
export function makeCertificate(options: CertificateOptions = {}): Made {
  const { by, key = ecKey(), serial = positive(), hash = 'sha256', from = FROM, to = TO } = options
  const subject = options.subject instanceof Name ? options.subject : nameOf(options.subject ?? { CN: 'readwrite' })
  const signer = by ?? key
  const algorithm = algorithmOf(signer, hash)
  const extensions = extensionsOf(options)
  const tbsCertificate = new TBSCertificate({
    version: options.version ?? Version.v3,
    serialNumber: buffer(serial),
    signature: algorithm,
    issuer: options.issuer ?? by?.subject ?? subject,
    subject,
    validity: new Validity({ notBefore: new Date(from), notAfter: new Date(to) }),
    subjectPublicKeyInfo: AsnConvert.parse(
      buffer(key.publicKey.export({ type: 'spki', format: 'der' })),
      SubjectPublicKeyInfo,
    ),
    ...(extensions.length > 0 ? { extensions: new Extensions(extensions) } : {}),
  })
  const signatureValue = buffer(sign(hash, Buffer.from(AsnConvert.serialize(tbsCertificate)), signer.privateKey))
  const certificate = new Certificate({ tbsCertificate, signatureAlgorithm: algorithm, signatureValue })
  const der = Buffer.from(AsnConvert.serialize(certificate))
  const keyPem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { ...key, der, pem: pemOf('CERTIFICATE', der), keyPem, subject, serial }
}

export const makeAuthority = (options: CertificateOptions = {}): Made =>
  makeCertificate({ authority: true, purposes: null, subject: { CN: 'Test CA' }, ...options })

export const pemOf = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`

function extensionsOf(options: CertificateOptions): Extension[] {
  const { authority, pathLength, keyUsage, purposes = [id_kp_clientAuth], names = [], extensions = [] } = options
  const usage = keyUsage ?? (authority ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : undefined)
  const basic = new BasicConstraints({ cA: authority === true })
  if (pathLength !== undefined) basic.pathLenConstraint = pathLength
  return [
    ...(authority === undefined ? [] : [extension(id_ce_basicConstraints, basic, true)]),
    ...(usage === undefined ? [] : [extension(id_ce_keyUsage, new KeyUsage(usage), true)]),
    ...(purposes ? [extension(id_ce_extKeyUsage, new ExtendedKeyUsage([...purposes]))] : []),
    ...(names.length > 0 ? [extension(id_ce_subjectAltName, new SubjectAlternativeName([...names]))] : []),
    ...extensions,
  ]
}

export interface ListOptions {
  readonly revoked?: readonly Made[]
  readonly from?: number
  /** null: it does not say until when it holds. */
  readonly to?: number | null
  readonly key?: KeyPair
  readonly hash?: 'sha1' | 'sha256'
  readonly extensions?: Extension[]
}

/** An authority's certificate revocation list, in DER. */
export function makeRevocationList(by: Made, options: ListOptions = {}): Buffer {
  const { revoked = [], from = FROM, to = TO, key = by, hash = 'sha256', extensions } = options
  const algorithm = algorithmOf(key, hash)
  const tbsCertList = new TBSCertList({
    version: Version.v2,
    signature: algorithm,
    issuer: by.subject,
    thisUpdate: new Time(new Date(from)),
    ...(to === null ? {} : { nextUpdate: new Time(new Date(to)) }),
    ...(revoked.length === 0
      ? {}
      : {
          revokedCertificates: revoked.map(
            ({ serial }) =>
              new RevokedCertificate({ userCertificate: buffer(serial), revocationDate: new Time(new Date(from)) }),
          ),
        }),
    ...(extensions ? { crlExtensions: extensions } : {}),
  })
  const signature = buffer(sign(hash, Buffer.from(AsnConvert.serialize(tbsCertList)), key.privateKey))
  return Buffer.from(
    AsnConvert.serialize(new CertificateList({ tbsCertList, signatureAlgorithm: algorithm, signature })),
  )
}

function positive(): Buffer {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes
}
