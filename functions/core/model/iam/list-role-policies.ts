// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listRolePoliciesModel: OperationModel = {
  name: 'ListRolePolicies',
  service: 'iam',
  input: 'ListRolePoliciesRequest',
  output: 'ListRolePoliciesResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    ListRolePoliciesRequest: {
      type: 'structure',
      required: ['RoleName'],
      members: { RoleName: 'roleNameType', Marker: 'markerType', MaxItems: 'maxItemsType' },
    },
    ListRolePoliciesResponse: {
      type: 'structure',
      required: ['PolicyNames'],
      members: { PolicyNames: 'policyNameListType', IsTruncated: 'booleanType', Marker: 'responseMarkerType' },
    },
    booleanType: { type: 'boolean' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    policyNameListType: { type: 'list', member: 'policyNameType' },
    policyNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    responseMarkerType: { type: 'string' },
    roleNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
