import type {
  CreateOpenIDConnectProviderRequest,
  CreateOpenIDConnectProviderResponse,
  DeleteOpenIDConnectProviderRequest,
  GetOpenIDConnectProviderRequest,
  GetOpenIDConnectProviderResponse,
  ListOpenIDConnectProvidersRequest,
  ListOpenIDConnectProvidersResponse,
} from '@aws-sdk/client-iam'
import { oidcProviderArn } from '@daypass/core/arn.ts'
import { StsError } from '@daypass/core/errors.ts'
import { createOpenIdConnectProviderModel } from '@daypass/core/model/iam/create-open-id-connect-provider.ts'
import { deleteOpenIdConnectProviderModel } from '@daypass/core/model/iam/delete-open-id-connect-provider.ts'
import { getOpenIdConnectProviderModel } from '@daypass/core/model/iam/get-open-id-connect-provider.ts'
import { listOpenIdConnectProvidersModel } from '@daypass/core/model/iam/list-open-id-connect-providers.ts'
import {
  type OidcProvider,
  oidcProviderItem,
  parseOidcProvider,
  withoutScheme,
} from '@daypass/core/store/entities/oidc-provider.ts'
import { issuerKeyPartition, KIND, oidcProviderKey } from '@daypass/core/store/keys.ts'
import { ConditionFailed, type Item, type Store } from '@daypass/core/store/port.ts'
import { type IamCall, iamOperation } from './call.ts'
import { removeItem } from './change-item.ts'
import { limitExceeded } from './errors.ts'
import { allowedIfAny, allowedProvider, OIDC_PROVIDER } from './known-oidc-provider.ts'
import { checkClientIds, checkProviderUrl, checkThumbprints, MOST_PROVIDERS } from './oidc-provider-limits.ts'
import { apiTags, parseTags, requestTagKeys } from './tags.ts'

export const createOpenIdConnectProvider = iamOperation<
  CreateOpenIDConnectProviderRequest,
  CreateOpenIDConnectProviderResponse
>(createOpenIdConnectProviderModel, async (call, input) => {
  const { Url: url = '', ClientIDList = [], ThumbprintList = [] } = input
  const { account, store, now } = call
  const tags = parseTags(call, input.Tags)
  checkProviderUrl(url)
  const name = withoutScheme(url)
  const arn = oidcProviderArn(account, name)
  await call.demand('iam:CreateOpenIDConnectProvider', arn, requestTagKeys(tags))
  if (tags.length > 0) await call.demand('iam:TagOpenIDConnectProvider', arn, requestTagKeys(tags))
  const provider: OidcProvider = {
    account,
    url,
    name,
    arn,
    createdAt: now,
    clientIds: checkClientIds(ClientIDList),
    thumbprints: checkThumbprints(account, ThumbprintList),
    tags,
    // Sessions of a provider that was deleted under this name a moment ago are none of this one's.
    revokedBefore: call.exchange.startedAt - 1,
  }
  if (await store.get(oidcProviderKey(account, name))) throw alreadyThere(url)
  if ((await providersOf(call)).length >= MOST_PROVIDERS) {
    throw limitExceeded('OpenIdConnectProvidersPerAccount', MOST_PROVIDERS)
  }
  await forgetKeys(store, provider)
  try {
    await store.put(oidcProviderItem(provider), { condition: { exists: false } })
  } catch (error) {
    throw error instanceof ConditionFailed ? alreadyThere(url) : error
  }
  return { OpenIDConnectProviderArn: arn, ...(tags.length > 0 ? { Tags: apiTags(tags) } : {}) }
})

export const getOpenIdConnectProvider = iamOperation<GetOpenIDConnectProviderRequest, GetOpenIDConnectProviderResponse>(
  getOpenIdConnectProviderModel,
  async (call, { OpenIDConnectProviderArn: arn = '' }) => {
    const provider = await allowedProvider(call, 'iam:GetOpenIDConnectProvider', arn)
    const { url, name, clientIds, thumbprints, createdAt, tags } = provider
    return {
      // AWS leaves https:// out; Ceph does not, and http:// is a choice that has to be seen.
      Url: call.dialect === 'aws' && url.startsWith('https:') ? name : url,
      ClientIDList: [...clientIds],
      ThumbprintList: [...thumbprints],
      CreateDate: new Date(createdAt * 1000),
      ...(tags.length > 0 ? { Tags: apiTags(tags) } : {}),
    }
  },
)

/** All of them: AWS does not paginate this list. */
export const listOpenIdConnectProviders = iamOperation<
  ListOpenIDConnectProvidersRequest,
  ListOpenIDConnectProvidersResponse
>(listOpenIdConnectProvidersModel, async (call) => {
  await call.demand('iam:ListOpenIDConnectProviders', '*')
  const providers = await providersOf(call)
  return { OpenIDConnectProviderList: providers.map((item) => ({ Arn: parseOidcProvider(item).arn })) }
})

/** A provider that is not there is deleted already (AWS: "This operation is idempotent"). */
export const deleteOpenIdConnectProvider = iamOperation<DeleteOpenIDConnectProviderRequest, void>(
  deleteOpenIdConnectProviderModel,
  async (call, { OpenIDConnectProviderArn: arn = '' }) => {
    const provider = await allowedIfAny(call, 'iam:DeleteOpenIDConnectProvider', arn)
    if (!provider) return
    await removeItem(call.store, OIDC_PROVIDER, provider, () => undefined)
    await forgetKeys(call.store, provider)
  },
)

const providersOf = ({ store, account }: IamCall) => wholePartition(store, `${KIND.oidcProvider}#${account}`)

/** Keys belong to the provider as it was registered: one that is registered anew fetches its own. */
async function forgetKeys(store: Store, { account, name }: OidcProvider): Promise<void> {
  for (const { pk, sk } of await wholePartition(store, issuerKeyPartition(account, name)))
    await store.remove({ pk, sk })
}

async function wholePartition(store: Store, pk: string): Promise<readonly Item[]> {
  const all: Item[] = []
  let after: string | undefined
  do {
    const { items, next } = await store.query(pk, after === undefined ? {} : { after })
    all.push(...items)
    after = next
  } while (after !== undefined)
  return all
}

const alreadyThere = (url: string) => new StsError('EntityAlreadyExists', `Provider with url ${url} already exists.`)
