import { AsnConvert } from '@peculiar/asn1-schema'
import {
  BasicConstraints,
  ExtendedKeyUsage,
  type Extension,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  KeyUsage,
  type KeyUsageType,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509'
import { invalidCertificate } from './refusal.ts'

/** What of a certificate's extensions is looked at (RFC 5280 section 4.2). */
export interface Extensions {
  readonly authority: boolean
  /** How many other authorities may stand between this one and the holder. */
  readonly pathLength?: number
  /** Absent: any use. */
  readonly keyUsage?: readonly KeyUsageType[]
  /** Purposes by their numbers; absent: not limited. */
  readonly extendedKeyUsage?: readonly string[]
  readonly nameConstraints: boolean
  /** Critical ones that nobody here understands: such a certificate must be refused (RFC 5280 section 4.2). */
  readonly unknownCritical: readonly string[]
  readonly dnsNames: readonly string[]
  readonly uris: readonly string[]
  readonly emails: readonly string[]
}

const UNDERSTOOD = new Set([
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_extKeyUsage,
  id_ce_subjectAltName,
  id_ce_nameConstraints,
])

/** Reads them; each may stand there once. Throws for one that is malformed. */
export function readExtensions(extensions: readonly Extension[]): Extensions {
  const byId = new Map(extensions.map((each) => [each.extnID, each]))
  if (byId.size !== extensions.length) throw invalidCertificate('it has an extension twice')
  const bytes = (id: string) => byId.get(id)?.extnValue.buffer
  const constraints = bytes(id_ce_basicConstraints)
  const usage = bytes(id_ce_keyUsage)
  const purposes = bytes(id_ce_extKeyUsage)
  const basic = constraints && AsnConvert.parse(constraints, BasicConstraints)
  return {
    authority: basic?.cA === true,
    ...(basic?.pathLenConstraint === undefined ? {} : { pathLength: basic.pathLenConstraint }),
    ...(usage ? { keyUsage: AsnConvert.parse(usage, KeyUsage).toJSON() } : {}),
    ...(purposes ? { extendedKeyUsage: [...AsnConvert.parse(purposes, ExtendedKeyUsage)] } : {}),
    nameConstraints: byId.has(id_ce_nameConstraints),
    unknownCritical: extensions
      .filter((each) => each.critical && !UNDERSTOOD.has(each.extnID))
      .map(({ extnID }) => extnID),
    ...alternativeNames(bytes(id_ce_subjectAltName)),
  }
}

/** Addresses, directory names and other names are left out: nothing here is decided by them. */
function alternativeNames(bytes: ArrayBuffer | undefined): Pick<Extensions, 'dnsNames' | 'uris' | 'emails'> {
  const names = bytes ? [...AsnConvert.parse(bytes, SubjectAlternativeName)] : []
  return {
    dnsNames: names.flatMap(({ dNSName }) => plain(dNSName)),
    uris: names.flatMap(({ uniformResourceIdentifier }) => plain(uniformResourceIdentifier)),
    emails: names.flatMap(({ rfc822Name }) => plain(rfc822Name)),
  }
}

/** All three are IA5String; a space or a control character is part of none. */
function plain(name: string | undefined): readonly string[] {
  if (name === undefined) return []
  if (!/^[\x21-\x7e]+$/.test(name))
    throw invalidCertificate('an alternative name in it has characters that none may have')
  return [name]
}
