import type {
  AddClientIDToOpenIDConnectProviderRequest,
  ListOpenIDConnectProviderTagsRequest,
  ListOpenIDConnectProviderTagsResponse,
  RemoveClientIDFromOpenIDConnectProviderRequest,
  TagOpenIDConnectProviderRequest,
  UntagOpenIDConnectProviderRequest,
  UpdateOpenIDConnectProviderThumbprintRequest,
} from '@aws-sdk/client-iam'
import { addClientIdToOpenIdConnectProviderModel } from '@daypass/core/model/iam/add-client-id-to-open-id-connect-provider.ts'
import { listOpenIdConnectProviderTagsModel } from '@daypass/core/model/iam/list-open-id-connect-provider-tags.ts'
import { removeClientIdFromOpenIdConnectProviderModel } from '@daypass/core/model/iam/remove-client-id-from-open-id-connect-provider.ts'
import { tagOpenIdConnectProviderModel } from '@daypass/core/model/iam/tag-open-id-connect-provider.ts'
import { untagOpenIdConnectProviderModel } from '@daypass/core/model/iam/untag-open-id-connect-provider.ts'
import { updateOpenIdConnectProviderThumbprintModel } from '@daypass/core/model/iam/update-open-id-connect-provider-thumbprint.ts'
import { iamOperation } from './call.ts'
import { changeItem } from './change-item.ts'
import { allowedProvider, OIDC_PROVIDER } from './known-oidc-provider.ts'
import { checkClientIds, checkThumbprints } from './oidc-provider-limits.ts'
import { pageOfList } from './pages.ts'
import { apiTags, mergeTags, parseTags, requestTagKeys, withoutTags } from './tags.ts'

/** Adding a client id that is there changes nothing, as in AWS. */
export const addClientIdToOpenIdConnectProvider = iamOperation<AddClientIDToOpenIDConnectProviderRequest, void>(
  addClientIdToOpenIdConnectProviderModel,
  async (call, { OpenIDConnectProviderArn: arn = '', ClientID: clientId = '' }) => {
    const provider = await allowedProvider(call, 'iam:AddClientIDToOpenIDConnectProvider', arn)
    await changeItem(call.store, OIDC_PROVIDER, provider, (now) => ({
      ...now,
      clientIds: checkClientIds([...now.clientIds, clientId]),
    }))
  },
)

/** Removing a client id that is not there changes nothing, as in AWS. */
export const removeClientIdFromOpenIdConnectProvider = iamOperation<
  RemoveClientIDFromOpenIDConnectProviderRequest,
  void
>(
  removeClientIdFromOpenIdConnectProviderModel,
  async (call, { OpenIDConnectProviderArn: arn = '', ClientID: clientId = '' }) => {
    const provider = await allowedProvider(call, 'iam:RemoveClientIDFromOpenIDConnectProvider', arn)
    await changeItem(call.store, OIDC_PROVIDER, provider, (now) => ({
      ...now,
      clientIds: now.clientIds.filter((each) => each !== clientId),
    }))
  },
)

export const updateOpenIdConnectProviderThumbprint = iamOperation<UpdateOpenIDConnectProviderThumbprintRequest, void>(
  updateOpenIdConnectProviderThumbprintModel,
  async (call, { OpenIDConnectProviderArn: arn = '', ThumbprintList = [] }) => {
    const provider = await allowedProvider(call, 'iam:UpdateOpenIDConnectProviderThumbprint', arn)
    const thumbprints = checkThumbprints(provider.account, ThumbprintList)
    await changeItem(call.store, OIDC_PROVIDER, provider, (now) => ({ ...now, thumbprints }))
  },
)

export const tagOpenIdConnectProvider = iamOperation<TagOpenIDConnectProviderRequest, void>(
  tagOpenIdConnectProviderModel,
  async (call, input) => {
    const { OpenIDConnectProviderArn: arn = '' } = input
    const tags = parseTags(call, input.Tags)
    const provider = await allowedProvider(call, 'iam:TagOpenIDConnectProvider', arn, requestTagKeys(tags))
    await changeItem(call.store, OIDC_PROVIDER, provider, (now) => ({ ...now, tags: mergeTags(now.tags, tags) }))
  },
)

export const untagOpenIdConnectProvider = iamOperation<UntagOpenIDConnectProviderRequest, void>(
  untagOpenIdConnectProviderModel,
  async (call, { OpenIDConnectProviderArn: arn = '', TagKeys: keys = [] }) => {
    const context = new Map([['aws:TagKeys', keys]])
    const provider = await allowedProvider(call, 'iam:UntagOpenIDConnectProvider', arn, context)
    await changeItem(call.store, OIDC_PROVIDER, provider, (now) => ({ ...now, tags: withoutTags(now.tags, keys) }))
  },
)

export const listOpenIdConnectProviderTags = iamOperation<
  ListOpenIDConnectProviderTagsRequest,
  ListOpenIDConnectProviderTagsResponse
>(listOpenIdConnectProviderTagsModel, async (call, { OpenIDConnectProviderArn: arn = '', ...page }) => {
  const { tags } = await allowedProvider(call, 'iam:ListOpenIDConnectProviderTags', arn)
  const { entities, ...rest } = pageOfList(apiTags(tags), page)
  return { Tags: [...entities], ...rest }
})
