// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getOpenIdConnectProviderModel: OperationModel = {
  name: 'GetOpenIDConnectProvider',
  service: 'iam',
  input: 'GetOpenIDConnectProviderRequest',
  output: 'GetOpenIDConnectProviderResponse',
  errors: { InvalidInput: 400, NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    GetOpenIDConnectProviderRequest: {
      type: 'structure',
      required: ['OpenIDConnectProviderArn'],
      members: { OpenIDConnectProviderArn: 'arnType' },
    },
    GetOpenIDConnectProviderResponse: {
      type: 'structure',
      members: {
        Url: 'OpenIDConnectProviderUrlType',
        ClientIDList: 'clientIDListType',
        ThumbprintList: 'thumbprintListType',
        CreateDate: 'dateType',
        Tags: 'tagListType',
      },
      required: [],
    },
    OpenIDConnectProviderUrlType: { type: 'string', max: 255, min: 1 },
    Tag: { type: 'structure', required: ['Key', 'Value'], members: { Key: 'tagKeyType', Value: 'tagValueType' } },
    arnType: { type: 'string', max: 2048, min: 20 },
    clientIDListType: { type: 'list', member: 'clientIDType' },
    clientIDType: { type: 'string', max: 255, min: 1 },
    dateType: { type: 'timestamp' },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
    tagListType: { type: 'list', member: 'Tag', max: 50 },
    tagValueType: { type: 'string', max: 256, min: 0, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
    thumbprintListType: { type: 'list', member: 'thumbprintType' },
    thumbprintType: { type: 'string', max: 40, min: 40 },
  },
}
