// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listGroupPoliciesModel: OperationModel = {
  name: 'ListGroupPolicies',
  service: 'iam',
  input: 'ListGroupPoliciesRequest',
  output: 'ListGroupPoliciesResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    ListGroupPoliciesRequest: {
      type: 'structure',
      required: ['GroupName'],
      members: { GroupName: 'groupNameType', Marker: 'markerType', MaxItems: 'maxItemsType' },
    },
    ListGroupPoliciesResponse: {
      type: 'structure',
      required: ['PolicyNames'],
      members: { PolicyNames: 'policyNameListType', IsTruncated: 'booleanType', Marker: 'responseMarkerType' },
    },
    booleanType: { type: 'boolean' },
    groupNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    policyNameListType: { type: 'list', member: 'policyNameType' },
    policyNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    responseMarkerType: { type: 'string' },
  },
}
