// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getSamlProviderModel: OperationModel = {
  name: 'GetSAMLProvider',
  service: 'iam',
  input: 'GetSAMLProviderRequest',
  output: 'GetSAMLProviderResponse',
  errors: { NoSuchEntity: 404, InvalidInput: 400, ServiceFailure: 500 },
  shapes: {
    GetSAMLProviderRequest: {
      type: 'structure',
      required: ['SAMLProviderArn'],
      members: { SAMLProviderArn: 'arnType' },
    },
    GetSAMLProviderResponse: {
      type: 'structure',
      members: {
        SAMLProviderUUID: 'privateKeyIdType',
        SAMLMetadataDocument: 'SAMLMetadataDocumentType',
        CreateDate: 'dateType',
        ValidUntil: 'dateType',
        Tags: 'tagListType',
        AssertionEncryptionMode: 'assertionEncryptionModeType',
        PrivateKeyList: 'privateKeyList',
      },
      required: [],
    },
    SAMLMetadataDocumentType: { type: 'string', max: 307200, min: 1000 },
    SAMLPrivateKey: { type: 'structure', members: { KeyId: 'privateKeyIdType', Timestamp: 'dateType' }, required: [] },
    Tag: { type: 'structure', required: ['Key', 'Value'], members: { Key: 'tagKeyType', Value: 'tagValueType' } },
    arnType: { type: 'string', max: 2048, min: 20 },
    assertionEncryptionModeType: { type: 'string', enum: ['Required', 'Allowed'] },
    dateType: { type: 'timestamp' },
    privateKeyIdType: { type: 'string', max: 64, min: 22, pattern: '[A-Z0-9]+' },
    privateKeyList: { type: 'list', member: 'SAMLPrivateKey', max: 2 },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
    tagListType: { type: 'list', member: 'Tag', max: 50 },
    tagValueType: { type: 'string', max: 256, min: 0, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
  },
}
