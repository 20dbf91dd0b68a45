// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const setDefaultPolicyVersionModel: OperationModel = {
  name: 'SetDefaultPolicyVersion',
  service: 'iam',
  input: 'SetDefaultPolicyVersionRequest',
  errors: { NoSuchEntity: 404, InvalidInput: 400, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    SetDefaultPolicyVersionRequest: {
      type: 'structure',
      required: ['PolicyArn', 'VersionId'],
      members: { PolicyArn: 'arnType', VersionId: 'policyVersionIdType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    policyVersionIdType: { type: 'string', pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' },
  },
}
