// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listUserPoliciesModel: OperationModel = {
  name: 'ListUserPolicies',
  service: 'iam',
  input: 'ListUserPoliciesRequest',
  output: 'ListUserPoliciesResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    ListUserPoliciesRequest: {
      type: 'structure',
      required: ['UserName'],
      members: { UserName: 'existingUserNameType', Marker: 'markerType', MaxItems: 'maxItemsType' },
    },
    ListUserPoliciesResponse: {
      type: 'structure',
      required: ['PolicyNames'],
      members: { PolicyNames: 'policyNameListType', IsTruncated: 'booleanType', Marker: 'responseMarkerType' },
    },
    booleanType: { type: 'boolean' },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    policyNameListType: { type: 'list', member: 'policyNameType' },
    policyNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    responseMarkerType: { type: 'string' },
  },
}
