// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const putGroupPolicyModel: OperationModel = {
  name: 'PutGroupPolicy',
  service: 'iam',
  input: 'PutGroupPolicyRequest',
  errors: { LimitExceeded: 409, MalformedPolicyDocument: 400, NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    PutGroupPolicyRequest: {
      type: 'structure',
      required: ['GroupName', 'PolicyName', 'PolicyDocument'],
      members: { GroupName: 'groupNameType', PolicyName: 'policyNameType', PolicyDocument: 'policyDocumentType' },
    },
    groupNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    policyDocumentType: { type: 'string', max: 131072, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
    policyNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
