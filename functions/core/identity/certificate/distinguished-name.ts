import { AsnConvert } from '@peculiar/asn1-schema'
import type { AttributeTypeAndValue, Name } from '@peculiar/asn1-x509'
import { invalidCertificate } from './refusal.ts'

/** Short names of RFC 4514 section 3 and of X.520; every other type is told by its number. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.5', 'SERIALNUMBER'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'EMAILADDRESS'],
])

export interface DistinguishedName {
  /** Two names are the same when their encodings are (RFC 5280 section 7.1, in its strictest reading). */
  readonly der: Buffer
  /** RFC 4514: the most specific part first. */
  readonly text: string
  /** In the order of the encoding, by short name. */
  readonly attributes: readonly { readonly type: string; readonly value: string }[]
}

/**
 * Reads a name. Texts in other encodings than UTF8String, PrintableString and IA5String,
 * and texts with control characters (an embedded NUL among them), are refused: programs read them differently.
 */
export function readDistinguishedName(name: Name): DistinguishedName {
  const parts = [...name].map((relative) => [...relative].map(attribute))
  return {
    der: Buffer.from(AsnConvert.serialize(name)),
    attributes: parts.flat(),
    text: [...parts]
      .reverse()
      .map((relative) => relative.map(({ type, value }) => `${type}=${escaped(value)}`).join('+'))
      .join(','),
  }
}

export const valuesOf = ({ attributes }: DistinguishedName, wanted: string): readonly string[] =>
  attributes.filter(({ type }) => type === wanted).map(({ value }) => value)

function attribute({ type, value }: AttributeTypeAndValue): { type: string; value: string } {
  const ascii = value.printableString ?? value.ia5String
  const text = ascii ?? value.utf8String
  if (text === undefined || (ascii !== undefined && !/^[\x20-\x7e]*$/.test(ascii))) {
    throw invalidCertificate('a name in it has a text encoding that is not read here')
  }
  if (text === '' || /\p{Cc}|\p{Cs}/u.test(text)) {
    throw invalidCertificate('a name in it is empty or has control characters')
  }
  return { type: SHORT_NAMES.get(type) ?? type, value: text }
}

const escaped = (value: string) => value.replace(/[,+"\\<>;=]|^[ #]| $/g, '\\$&')
