// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listPolicyVersionsModel: OperationModel = {
  name: 'ListPolicyVersions',
  service: 'iam',
  input: 'ListPolicyVersionsRequest',
  output: 'ListPolicyVersionsResponse',
  errors: { NoSuchEntity: 404, InvalidInput: 400, ServiceFailure: 500 },
  shapes: {
    ListPolicyVersionsRequest: {
      type: 'structure',
      required: ['PolicyArn'],
      members: { PolicyArn: 'arnType', Marker: 'markerType', MaxItems: 'maxItemsType' },
    },
    ListPolicyVersionsResponse: {
      type: 'structure',
      members: { Versions: 'policyDocumentVersionListType', IsTruncated: 'booleanType', Marker: 'responseMarkerType' },
      required: [],
    },
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
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    policyDocumentType: { type: 'string', max: 131072, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
    policyDocumentVersionListType: { type: 'list', member: 'PolicyVersion' },
    policyVersionIdType: { type: 'string', pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' },
    responseMarkerType: { type: 'string' },
  },
}
