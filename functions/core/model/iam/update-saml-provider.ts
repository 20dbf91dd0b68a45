// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const updateSamlProviderModel: OperationModel = {
  name: 'UpdateSAMLProvider',
  service: 'iam',
  input: 'UpdateSAMLProviderRequest',
  output: 'UpdateSAMLProviderResponse',
  errors: {
    NoSuchEntity: 404,
    InvalidInput: 400,
    LimitExceeded: 409,
    ServiceFailure: 500,
    ConcurrentModification: 409,
  },
  shapes: {
    SAMLMetadataDocumentType: { type: 'string', max: 307200, min: 1000 },
    UpdateSAMLProviderRequest: {
      type: 'structure',
      required: ['SAMLProviderArn'],
      members: {
        SAMLMetadataDocument: 'SAMLMetadataDocumentType',
        SAMLProviderArn: 'arnType',
        AssertionEncryptionMode: 'assertionEncryptionModeType',
        AddPrivateKey: 'privateKeyType',
        RemovePrivateKey: 'privateKeyIdType',
      },
    },
    UpdateSAMLProviderResponse: { type: 'structure', members: { SAMLProviderArn: 'arnType' }, required: [] },
    arnType: { type: 'string', max: 2048, min: 20 },
    assertionEncryptionModeType: { type: 'string', enum: ['Required', 'Allowed'] },
    privateKeyIdType: { type: 'string', max: 64, min: 22, pattern: '[A-Z0-9]+' },
    privateKeyType: {
      type: 'string',
      max: 16384,
      min: 1,
      pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
      sensitive: true,
    },
  },
}
