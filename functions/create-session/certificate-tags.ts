import type { ClientCertificate } from '@daypass/core/identity/certificate/client-certificate.ts'
import { type DistinguishedName, valuesOf } from '@daypass/core/identity/certificate/distinguished-name.ts'
import type { Tag } from '@daypass/core/store/entities/fields.ts'

/** Parts of names that become tags; the others cannot be asked about as tags. */
const PARTS = ['CN', 'C', 'L', 'O', 'OU', 'ST', 'UID', 'SERIALNUMBER'] as const
/** AWS's pattern of a session tag's value. */
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u
const SOURCE_IDENTITY = /^[\w+=,.@-]{2,64}$/

/** What Roles Anywhere says of a certificate when it takes a role. */
export interface CertificateTags {
  readonly tags: readonly Tag[]
  readonly sourceIdentity: string
}

/**
 * The session tags `x509Subject/…`, `x509Issuer/…`, `x509SAN/DNS` and `x509SAN/URI` (the first of each) and the source
 * identity, the common name (IAM Roles Anywhere User Guide, "Trust model" and "Certificate attribute mapping").
 * `undefined` where a text cannot be a tag or a source identity, or a part of a name occurs twice: leaving it out or joining
 * it would say something else than the certificate.
 */
export function certificateTags({ certificate, commonName }: ClientCertificate): CertificateTags | undefined {
  if (commonName === undefined || !SOURCE_IDENTITY.test(commonName)) return undefined
  const { subject, issuer, extensions } = certificate
  const [dns, uri] = [extensions.dnsNames[0], extensions.uris[0]]
  const found = [
    ...partsOf('x509Subject', subject),
    ...partsOf('x509Issuer', issuer),
    ...(dns === undefined ? [] : [['x509SAN/DNS', [dns]] as const]),
    ...(uri === undefined ? [] : [['x509SAN/URI', [uri]] as const]),
  ]
  const sound = found.every(([, [value = '', another]]) => another === undefined && TAG_VALUE.test(value))
  return sound ? { tags: found.map(([key, values]) => ({ key, values })), sourceIdentity: commonName } : undefined
}

const partsOf = (field: string, name: DistinguishedName) =>
  PARTS.flatMap((part) => {
    const values = valuesOf(name, part)
    return values.length === 0 ? [] : [[`${field}/${part}`, values] as const]
  })
