// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const updateAssumeRolePolicyModel: OperationModel = {
  name: 'UpdateAssumeRolePolicy',
  service: 'iam',
  input: 'UpdateAssumeRolePolicyRequest',
  errors: {
    NoSuchEntity: 404,
    MalformedPolicyDocument: 400,
    LimitExceeded: 409,
    UnmodifiableEntity: 400,
    ServiceFailure: 500,
  },
  shapes: {
    UpdateAssumeRolePolicyRequest: {
      type: 'structure',
      required: ['RoleName', 'PolicyDocument'],
      members: { RoleName: 'roleNameType', PolicyDocument: 'policyDocumentType' },
    },
    policyDocumentType: { type: 'string', max: 131072, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
    roleNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
