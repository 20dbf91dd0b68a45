import type {
  ListSAMLProviderTagsRequest,
  ListSAMLProviderTagsResponse,
  TagSAMLProviderRequest,
  UntagSAMLProviderRequest,
} from '@aws-sdk/client-iam'
import { listSamlProviderTagsModel } from '@daypass/core/model/iam/list-saml-provider-tags.ts'
import { tagSamlProviderModel } from '@daypass/core/model/iam/tag-saml-provider.ts'
import { untagSamlProviderModel } from '@daypass/core/model/iam/untag-saml-provider.ts'
import { iamOperation } from './call.ts'
import { changeItem } from './change-item.ts'
import { allowedSamlProvider, SAML_PROVIDER } from './known-saml-provider.ts'
import { pageOfList } from './pages.ts'
import { apiTags, mergeTags, parseTags, requestTagKeys, withoutTags } from './tags.ts'

export const tagSamlProvider = iamOperation<TagSAMLProviderRequest, void>(tagSamlProviderModel, async (call, input) => {
  const { SAMLProviderArn: arn = '' } = input
  const tags = parseTags(call, input.Tags)
  const provider = await allowedSamlProvider(call, 'iam:TagSAMLProvider', arn, requestTagKeys(tags))
  await changeItem(call.store, SAML_PROVIDER, provider, (now) => ({ ...now, tags: mergeTags(now.tags, tags) }))
})

export const untagSamlProvider = iamOperation<UntagSAMLProviderRequest, void>(
  untagSamlProviderModel,
  async (call, { SAMLProviderArn: arn = '', TagKeys: keys = [] }) => {
    const context = new Map([['aws:TagKeys', keys]])
    const provider = await allowedSamlProvider(call, 'iam:UntagSAMLProvider', arn, context)
    await changeItem(call.store, SAML_PROVIDER, provider, (now) => ({ ...now, tags: withoutTags(now.tags, keys) }))
  },
)

export const listSamlProviderTags = iamOperation<ListSAMLProviderTagsRequest, ListSAMLProviderTagsResponse>(
  listSamlProviderTagsModel,
  async (call, { SAMLProviderArn: arn = '', ...page }) => {
    const { tags } = await allowedSamlProvider(call, 'iam:ListSAMLProviderTags', arn)
    const { entities, ...rest } = pageOfList(apiTags(tags), page)
    return { Tags: [...entities], ...rest }
  },
)
