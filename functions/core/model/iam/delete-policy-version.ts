// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deletePolicyVersionModel: OperationModel = {
  name: 'DeletePolicyVersion',
  service: 'iam',
  input: 'DeletePolicyVersionRequest',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, InvalidInput: 400, DeleteConflict: 409, ServiceFailure: 500 },
  shapes: {
    DeletePolicyVersionRequest: {
      type: 'structure',
      required: ['PolicyArn', 'VersionId'],
      members: { PolicyArn: 'arnType', VersionId: 'policyVersionIdType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    policyVersionIdType: { type: 'string', pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' },
  },
}
