// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteOpenIdConnectProviderModel: OperationModel = {
  name: 'DeleteOpenIDConnectProvider',
  service: 'iam',
  input: 'DeleteOpenIDConnectProviderRequest',
  errors: { InvalidInput: 400, NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    DeleteOpenIDConnectProviderRequest: {
      type: 'structure',
      required: ['OpenIDConnectProviderArn'],
      members: { OpenIDConnectProviderArn: 'arnType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
  },
}
