// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteSamlProviderModel: OperationModel = {
  name: 'DeleteSAMLProvider',
  service: 'iam',
  input: 'DeleteSAMLProviderRequest',
  errors: { InvalidInput: 400, LimitExceeded: 409, NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    DeleteSAMLProviderRequest: {
      type: 'structure',
      required: ['SAMLProviderArn'],
      members: { SAMLProviderArn: 'arnType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
  },
}
