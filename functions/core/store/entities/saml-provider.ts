import { samlProviderArn } from '../../arn.ts'
import { samlMetadataKey, samlProviderKey } from '../keys.ts'
import type { Item } from '../port.ts'
import { Fields, present, storedTags, type Tag } from './fields.ts'

/** An identity provider that was registered with its SAML metadata. */
export interface SamlProvider {
  readonly account: string
  readonly name: string
  readonly arn: string
  /** AWS's `SAMLProviderUUID`; a provider made anew under the name has another. */
  readonly uuid: string
  /** Seconds since the epoch. */
  readonly createdAt: number
  readonly tags: readonly Tag[]
  /** What its metadata says: the issuer of its assertions, and the keys that sign them (SPKI in base64). */
  readonly entityId: string
  readonly signingKeys: readonly string[]
  /** Milliseconds since the epoch. */
  readonly validUntil?: number
  /** Where the document itself is, apart: this row is read with every request of the provider's sessions. */
  readonly metadataId: string
  readonly revokedBefore?: number
}

/** AWS: iam/2010-05-08 SAMLProviderNameType. Names of providers have a case. */
export const isSamlProviderName = (name: string): boolean => /^[\w._-]{1,128}$/.test(name)

export function samlProviderItem({ arn: _derived, tags, ...attributes }: SamlProvider): Item {
  return {
    ...samlProviderKey(attributes.account, attributes.name),
    ...present({ ...attributes, tags: storedTags(tags) }),
  }
}

export function parseSamlProvider(item: Item): SamlProvider {
  const fields = new Fields(item)
  const [account, name] = [fields.text('account'), fields.text('name')]
  const validUntil = fields.optionalNumber('validUntil')
  const revokedBefore = fields.optionalNumber('revokedBefore')
  return {
    account,
    name,
    arn: samlProviderArn(account, name),
    uuid: fields.text('uuid'),
    createdAt: fields.number('createdAt'),
    tags: fields.tags('tags'),
    entityId: fields.text('entityId'),
    signingKeys: fields.texts('signingKeys'),
    metadataId: fields.text('metadataId'),
    ...(validUntil === undefined ? {} : { validUntil }),
    ...(revokedBefore === undefined ? {} : { revokedBefore }),
  }
}

/** The document as it was given. */
export const samlMetadataItem = (account: string, metadataId: string, document: string): Item => ({
  ...samlMetadataKey(account, metadataId),
  document,
})

export const parseSamlMetadata = (item: Item): string => new Fields(item).text('document')
