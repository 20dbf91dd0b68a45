// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const putRolePolicyModel: OperationModel = {
  name: 'PutRolePolicy',
  service: 'iam',
  input: 'PutRolePolicyRequest',
  errors: {
    LimitExceeded: 409,
    MalformedPolicyDocument: 400,
    NoSuchEntity: 404,
    UnmodifiableEntity: 400,
    ServiceFailure: 500,
  },
  shapes: {
    PutRolePolicyRequest: {
      type: 'structure',
      required: ['RoleName', 'PolicyName', 'PolicyDocument'],
      members: { RoleName: 'roleNameType', PolicyName: 'policyNameType', PolicyDocument: 'policyDocumentType' },
    },
    policyDocumentType: { type: 'string', max: 131072, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
    policyNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    roleNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
