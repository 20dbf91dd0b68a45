// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const removeClientIdFromOpenIdConnectProviderModel: OperationModel = {
  name: 'RemoveClientIDFromOpenIDConnectProvider',
  service: 'iam',
  input: 'RemoveClientIDFromOpenIDConnectProviderRequest',
  errors: { ConcurrentModification: 409, InvalidInput: 400, NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    RemoveClientIDFromOpenIDConnectProviderRequest: {
      type: 'structure',
      required: ['OpenIDConnectProviderArn', 'ClientID'],
      members: { OpenIDConnectProviderArn: 'arnType', ClientID: 'clientIDType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    clientIDType: { type: 'string', max: 255, min: 1 },
  },
}
