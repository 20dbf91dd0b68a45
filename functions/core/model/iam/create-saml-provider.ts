// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const createSamlProviderModel: OperationModel = {
  name: 'CreateSAMLProvider',
  service: 'iam',
  input: 'CreateSAMLProviderRequest',
  output: 'CreateSAMLProviderResponse',
  errors: {
    InvalidInput: 400,
    EntityAlreadyExists: 409,
    LimitExceeded: 409,
    ConcurrentModification: 409,
    ServiceFailure: 500,
  },
  shapes: {
    CreateSAMLProviderRequest: {
      type: 'structure',
      required: ['SAMLMetadataDocument', 'Name'],
      members: {
        SAMLMetadataDocument: 'SAMLMetadataDocumentType',
        Name: 'SAMLProviderNameType',
        Tags: 'tagListType',
        AssertionEncryptionMode: 'assertionEncryptionModeType',
        AddPrivateKey: 'privateKeyType',
      },
    },
    CreateSAMLProviderResponse: {
      type: 'structure',
      members: { SAMLProviderArn: 'arnType', Tags: 'tagListType' },
      required: [],
    },
    SAMLMetadataDocumentType: { type: 'string', max: 307200, min: 1000 },
    SAMLProviderNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w._-]+' },
    Tag: { type: 'structure', required: ['Key', 'Value'], members: { Key: 'tagKeyType', Value: 'tagValueType' } },
    arnType: { type: 'string', max: 2048, min: 20 },
    assertionEncryptionModeType: { type: 'string', enum: ['Required', 'Allowed'] },
    privateKeyType: {
      type: 'string',
      max: 16384,
      min: 1,
      pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
      sensitive: true,
    },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
    tagListType: { type: 'list', member: 'Tag', max: 50 },
    tagValueType: { type: 'string', max: 256, min: 0, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
  },
}
