// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listAttachedGroupPoliciesModel: OperationModel = {
  name: 'ListAttachedGroupPolicies',
  service: 'iam',
  input: 'ListAttachedGroupPoliciesRequest',
  output: 'ListAttachedGroupPoliciesResponse',
  errors: { NoSuchEntity: 404, InvalidInput: 400, ServiceFailure: 500 },
  shapes: {
    AttachedPolicy: {
      type: 'structure',
      members: { PolicyName: 'policyNameType', PolicyArn: 'arnType' },
      required: [],
    },
    ListAttachedGroupPoliciesRequest: {
      type: 'structure',
      required: ['GroupName'],
      members: {
        GroupName: 'groupNameType',
        PathPrefix: 'policyPathType',
        Marker: 'markerType',
        MaxItems: 'maxItemsType',
      },
    },
    ListAttachedGroupPoliciesResponse: {
      type: 'structure',
      members: {
        AttachedPolicies: 'attachedPoliciesListType',
        IsTruncated: 'booleanType',
        Marker: 'responseMarkerType',
      },
      required: [],
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    attachedPoliciesListType: { type: 'list', member: 'AttachedPolicy' },
    booleanType: { type: 'boolean' },
    groupNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    policyNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    policyPathType: { type: 'string', max: 512, min: 1, pattern: '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/' },
    responseMarkerType: { type: 'string' },
  },
}
