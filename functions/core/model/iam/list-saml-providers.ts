// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listSamlProvidersModel: OperationModel = {
  name: 'ListSAMLProviders',
  service: 'iam',
  input: 'ListSAMLProvidersRequest',
  output: 'ListSAMLProvidersResponse',
  errors: { ServiceFailure: 500 },
  shapes: {
    ListSAMLProvidersRequest: { type: 'structure', members: {}, required: [] },
    ListSAMLProvidersResponse: {
      type: 'structure',
      members: { SAMLProviderList: 'SAMLProviderListType' },
      required: [],
    },
    SAMLProviderListEntry: {
      type: 'structure',
      members: { Arn: 'arnType', ValidUntil: 'dateType', CreateDate: 'dateType' },
      required: [],
    },
    SAMLProviderListType: { type: 'list', member: 'SAMLProviderListEntry' },
    arnType: { type: 'string', max: 2048, min: 20 },
    dateType: { type: 'timestamp' },
  },
}
