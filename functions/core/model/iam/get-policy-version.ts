// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getPolicyVersionModel: OperationModel = {
  name: 'GetPolicyVersion',
  service: 'iam',
  input: 'GetPolicyVersionRequest',
  output: 'GetPolicyVersionResponse',
  errors: { NoSuchEntity: 404, InvalidInput: 400, ServiceFailure: 500 },
  shapes: {
    GetPolicyVersionRequest: {
      type: 'structure',
      required: ['PolicyArn', 'VersionId'],
      members: { PolicyArn: 'arnType', VersionId: 'policyVersionIdType' },
    },
    GetPolicyVersionResponse: { type: 'structure', members: { PolicyVersion: 'PolicyVersion' }, required: [] },
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
