import { randomUUID } from 'node:crypto'
import { samlProviderArn } from '../arn.ts'
import { parseMetadata, type SamlMetadata } from '../identity/saml/metadata.ts'
import { parseSamlProvider, samlMetadataItem, samlProviderItem } from '../store/entities/saml-provider.ts'
import { samlMetadataKey, samlProviderKey } from '../store/keys.ts'
import type { BootstrapDeps } from './apply.ts'
import { BootstrapError, type BootstrapSamlProvider } from './document.ts'
import { replaceItem } from './replace.ts'

export async function applySamlProvider(
  { store, clock }: BootstrapDeps,
  account: string,
  { Name: name, SAMLMetadataDocument: document, Tags = [] }: BootstrapSamlProvider,
): Promise<void> {
  const metadata = readMetadata(name, document, clock.now())
  const metadataId = randomUUID()
  await store.put(samlMetadataItem(account, metadataId, document))
  let former: string | undefined
  await replaceItem(store, samlProviderKey(account, name), 'uuid', (item) => {
    const existing = item && parseSamlProvider(item)
    former = existing?.metadataId
    return samlProviderItem({
      account,
      name,
      arn: samlProviderArn(account, name),
      uuid: existing?.uuid ?? randomUUID().replaceAll('-', '').toUpperCase(),
      createdAt: existing?.createdAt ?? Math.floor(clock.now() / 1000),
      tags: Tags.map(({ Key, Value }) => ({ key: Key, values: [Value] })),
      ...metadata,
      metadataId,
      ...(existing?.revokedBefore === undefined ? {} : { revokedBefore: existing.revokedBefore }),
    })
  })
  if (former !== undefined) await store.remove(samlMetadataKey(account, former))
}

function readMetadata(name: string, document: string, now: number): SamlMetadata {
  try {
    return parseMetadata(document, now)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'has no SAML metadata'
    throw new BootstrapError(`SAML provider ${name}`, message, { cause })
  }
}
