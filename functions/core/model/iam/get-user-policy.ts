// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getUserPolicyModel: OperationModel = {
  name: 'GetUserPolicy',
  service: 'iam',
  input: 'GetUserPolicyRequest',
  output: 'GetUserPolicyResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    GetUserPolicyRequest: {
      type: 'structure',
      required: ['UserName', 'PolicyName'],
      members: { UserName: 'existingUserNameType', PolicyName: 'policyNameType' },
    },
    GetUserPolicyResponse: {
      type: 'structure',
      required: ['UserName', 'PolicyName', 'PolicyDocument'],
      members: { UserName: 'existingUserNameType', PolicyName: 'policyNameType', PolicyDocument: 'policyDocumentType' },
    },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    policyDocumentType: { type: 'string', max: 131072, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
    policyNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
