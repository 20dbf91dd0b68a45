// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const untagOpenIdConnectProviderModel: OperationModel = {
  name: 'UntagOpenIDConnectProvider',
  service: 'iam',
  input: 'UntagOpenIDConnectProviderRequest',
  errors: { NoSuchEntity: 404, InvalidInput: 400, ConcurrentModification: 409, ServiceFailure: 500 },
  shapes: {
    UntagOpenIDConnectProviderRequest: {
      type: 'structure',
      required: ['OpenIDConnectProviderArn', 'TagKeys'],
      members: { OpenIDConnectProviderArn: 'arnType', TagKeys: 'tagKeyListType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    tagKeyListType: { type: 'list', member: 'tagKeyType', max: 50 },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
  },
}
