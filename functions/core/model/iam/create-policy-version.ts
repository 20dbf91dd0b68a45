// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const createPolicyVersionModel: OperationModel = {
  name: 'CreatePolicyVersion',
  service: 'iam',
  input: 'CreatePolicyVersionRequest',
  output: 'CreatePolicyVersionResponse',
  errors: {
    NoSuchEntity: 404,
    MalformedPolicyDocument: 400,
    InvalidInput: 400,
    LimitExceeded: 409,
    ServiceFailure: 500,
  },
  shapes: {
    CreatePolicyVersionRequest: {
      type: 'structure',
      required: ['PolicyArn', 'PolicyDocument'],
      members: { PolicyArn: 'arnType', PolicyDocument: 'policyDocumentType', SetAsDefault: 'booleanType' },
    },
    CreatePolicyVersionResponse: { type: 'structure', members: { PolicyVersion: 'PolicyVersion' }, required: [] },
    PolicyVersion: {
      type: 'structure',
      members: {
        Document: 'policyDocumentType',
        VersionId: 'policyVersionIdType',
        IsDefaultVersion: 'booleanType',
        CreateDate: 'dateType',
      },
      required: [],
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    booleanType: { type: 'boolean' },
    dateType: { type: 'timestamp' },
    policyDocumentType: { type: 'string', max: 131072, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
    policyVersionIdType: { type: 'string', pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' },
  },
}
