// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const updateOpenIdConnectProviderThumbprintModel: OperationModel = {
  name: 'UpdateOpenIDConnectProviderThumbprint',
  service: 'iam',
  input: 'UpdateOpenIDConnectProviderThumbprintRequest',
  errors: { ConcurrentModification: 409, InvalidInput: 400, NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    UpdateOpenIDConnectProviderThumbprintRequest: {
      type: 'structure',
      required: ['OpenIDConnectProviderArn', 'ThumbprintList'],
      members: { OpenIDConnectProviderArn: 'arnType', ThumbprintList: 'thumbprintListType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    thumbprintListType: { type: 'list', member: 'thumbprintType' },
    thumbprintType: { type: 'string', max: 40, min: 40 },
  },
}
