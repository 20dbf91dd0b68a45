import { randomUUID } from 'node:crypto'
import type {
  CreateSAMLProviderRequest,
  CreateSAMLProviderResponse,
  DeleteSAMLProviderRequest,
  GetSAMLProviderRequest,
  GetSAMLProviderResponse,
  ListSAMLProvidersRequest,
  ListSAMLProvidersResponse,
  UpdateSAMLProviderRequest,
  UpdateSAMLProviderResponse,
} from '@aws-sdk/client-iam'
import { samlProviderArn } from '@daypass/core/arn.ts'
import { StsError } from '@daypass/core/errors.ts'
import { parseMetadata } from '@daypass/core/identity/saml/metadata.ts'
import { createSamlProviderModel } from '@daypass/core/model/iam/create-saml-provider.ts'
import { deleteSamlProviderModel } from '@daypass/core/model/iam/delete-saml-provider.ts'
import { getSamlProviderModel } from '@daypass/core/model/iam/get-saml-provider.ts'
import { listSamlProvidersModel } from '@daypass/core/model/iam/list-saml-providers.ts'
import { updateSamlProviderModel } from '@daypass/core/model/iam/update-saml-provider.ts'
import {
  parseSamlMetadata,
  parseSamlProvider,
  type SamlProvider,
  samlMetadataItem,
  samlProviderItem,
} from '@daypass/core/store/entities/saml-provider.ts'
import { KIND, samlMetadataKey, samlProviderKey } from '@daypass/core/store/keys.ts'
import { ConditionFailed } from '@daypass/core/store/port.ts'
import { iamOperation } from './call.ts'
import { changeItem, removeItem } from './change-item.ts'
import { limitExceeded } from './errors.ts'
import { allowedSamlProvider, SAML_PROVIDER } from './known-saml-provider.ts'
import { apiTags, parseTags, requestTagKeys } from './tags.ts'

const MOST_PROVIDERS = 100

export const createSamlProvider = iamOperation<CreateSAMLProviderRequest, CreateSAMLProviderResponse>(
  createSamlProviderModel,
  async (call, input) => {
    const { SAMLMetadataDocument: document = '', Name: name = '' } = input
    const { account, store, now, exchange } = call
    const tags = parseTags(call, input.Tags)
    refuseEncryption(input)
    const arn = samlProviderArn(account, name)
    await call.demand('iam:CreateSAMLProvider', arn, requestTagKeys(tags))
    if (tags.length > 0) await call.demand('iam:TagSAMLProvider', arn, requestTagKeys(tags))
    const metadata = parseMetadata(document, exchange.startedAt)
    if (await store.get(samlProviderKey(account, name))) throw alreadyThere(name)
    const { items } = await store.query(`${KIND.samlProvider}#${account}`, { limit: MOST_PROVIDERS })
    if (items.length >= MOST_PROVIDERS) throw limitExceeded('SAMLProvidersPerAccount', MOST_PROVIDERS)
    const provider: SamlProvider = {
      account,
      name,
      arn,
      uuid: randomUUID().replaceAll('-', '').toUpperCase(),
      createdAt: now,
      tags,
      ...metadata,
      metadataId: randomUUID(),
      // Sessions of a provider that was deleted under this name a moment ago are none of this one's.
      revokedBefore: exchange.startedAt - 1,
    }
    await store.put(samlMetadataItem(account, provider.metadataId, document))
    try {
      await store.put(samlProviderItem(provider), { condition: { exists: false } })
    } catch (error) {
      await store.remove(samlMetadataKey(account, provider.metadataId))
      throw error instanceof ConditionFailed ? alreadyThere(name) : error
    }
    return { SAMLProviderArn: arn, ...(tags.length > 0 ? { Tags: apiTags(tags) } : {}) }
  },
)

/** New metadata takes the place of the old at once: assertions that only the old keys signed are refused from then on. */
export const updateSamlProvider = iamOperation<UpdateSAMLProviderRequest, UpdateSAMLProviderResponse>(
  updateSamlProviderModel,
  async (call, input) => {
    const { SAMLProviderArn: arn = '', SAMLMetadataDocument: document } = input
    const { account, store } = call
    refuseEncryption(input)
    const provider = await allowedSamlProvider(call, 'iam:UpdateSAMLProvider', arn)
    if (document === undefined) return { SAMLProviderArn: arn }
    const metadata = parseMetadata(document, call.exchange.startedAt)
    const metadataId = randomUUID()
    await store.put(samlMetadataItem(account, metadataId, document))
    let replaced: string = metadataId
    try {
      await changeItem(store, SAML_PROVIDER, provider, ({ validUntil: _former, ...now }) => {
        replaced = now.metadataId
        return { ...now, ...metadata, metadataId }
      })
    } catch (error) {
      await store.remove(samlMetadataKey(account, metadataId))
      throw error
    }
    await store.remove(samlMetadataKey(account, replaced))
    return { SAMLProviderArn: arn }
  },
)

export const getSamlProvider = iamOperation<GetSAMLProviderRequest, GetSAMLProviderResponse>(
  getSamlProviderModel,
  async (call, { SAMLProviderArn: arn = '' }) => {
    const provider = await allowedSamlProvider(call, 'iam:GetSAMLProvider', arn)
    const item = await call.store.get(samlMetadataKey(call.account, provider.metadataId))
    return {
      SAMLProviderUUID: provider.uuid,
      // Another document took its place just now.
      ...(item ? { SAMLMetadataDocument: parseSamlMetadata(item) } : {}),
      ...datesOf(provider),
      ...(provider.tags.length > 0 ? { Tags: apiTags(provider.tags) } : {}),
    }
  },
)

/** All of them: AWS does not paginate this list. */
export const listSamlProviders = iamOperation<ListSAMLProvidersRequest, ListSAMLProvidersResponse>(
  listSamlProvidersModel,
  async (call) => {
    await call.demand('iam:ListSAMLProviders', '*')
    const { items } = await call.store.query(`${KIND.samlProvider}#${call.account}`)
    return {
      SAMLProviderList: items.map(parseSamlProvider).map((each) => ({ Arn: each.arn, ...datesOf(each) })),
    }
  },
)

export const deleteSamlProvider = iamOperation<DeleteSAMLProviderRequest, void>(
  deleteSamlProviderModel,
  async (call, { SAMLProviderArn: arn = '' }) => {
    const provider = await allowedSamlProvider(call, 'iam:DeleteSAMLProvider', arn)
    let { metadataId } = provider
    await removeItem(call.store, SAML_PROVIDER, provider, (now) => {
      metadataId = now.metadataId
    })
    await call.store.remove(samlMetadataKey(call.account, metadataId))
  },
)

/** AWS answers a provider whose metadata does not say until when it is valid with a century. */
function datesOf({ createdAt, validUntil }: SamlProvider) {
  const created = new Date(createdAt * 1000)
  const inACentury = new Date(created).setUTCFullYear(created.getUTCFullYear() + 100)
  return { CreateDate: created, ValidUntil: new Date(validUntil ?? inACentury) }
}

type Encryption = Pick<CreateSAMLProviderRequest, 'AddPrivateKey' | 'AssertionEncryptionMode'> &
  Pick<UpdateSAMLProviderRequest, 'RemovePrivateKey'>

function refuseEncryption({ AddPrivateKey, AssertionEncryptionMode, RemovePrivateKey }: Encryption): void {
  if ([AddPrivateKey, AssertionEncryptionMode, RemovePrivateKey].every((each) => each === undefined)) return
  throw new StsError(
    'InvalidInput',
    'Encrypted assertions are not supported: leave out AssertionEncryptionMode, AddPrivateKey and RemovePrivateKey.',
  )
}

const alreadyThere = (name: string) => new StsError('EntityAlreadyExists', `Provider with name ${name} already exists.`)
