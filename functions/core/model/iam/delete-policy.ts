// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deletePolicyModel: OperationModel = {
  name: 'DeletePolicy',
  service: 'iam',
  input: 'DeletePolicyRequest',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, InvalidInput: 400, DeleteConflict: 409, ServiceFailure: 500 },
  shapes: {
    DeletePolicyRequest: { type: 'structure', required: ['PolicyArn'], members: { PolicyArn: 'arnType' } },
    arnType: { type: 'string', max: 2048, min: 20 },
  },
}
