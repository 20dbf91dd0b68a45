// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listOpenIdConnectProvidersModel: OperationModel = {
  name: 'ListOpenIDConnectProviders',
  service: 'iam',
  input: 'ListOpenIDConnectProvidersRequest',
  output: 'ListOpenIDConnectProvidersResponse',
  errors: { ServiceFailure: 500 },
  shapes: {
    ListOpenIDConnectProvidersRequest: { type: 'structure', members: {}, required: [] },
    ListOpenIDConnectProvidersResponse: {
      type: 'structure',
      members: { OpenIDConnectProviderList: 'OpenIDConnectProviderListType' },
      required: [],
    },
    OpenIDConnectProviderListEntry: { type: 'structure', members: { Arn: 'arnType' }, required: [] },
    OpenIDConnectProviderListType: { type: 'list', member: 'OpenIDConnectProviderListEntry' },
    arnType: { type: 'string', max: 2048, min: 20 },
  },
}
