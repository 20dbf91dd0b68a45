// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listPoliciesGrantingServiceAccessModel: OperationModel = {
  name: 'ListPoliciesGrantingServiceAccess',
  service: 'iam',
  input: 'ListPoliciesGrantingServiceAccessRequest',
  output: 'ListPoliciesGrantingServiceAccessResponse',
  errors: { NoSuchEntity: 404, InvalidInput: 400 },
  shapes: {
    ListPoliciesGrantingServiceAccessEntry: {
      type: 'structure',
      members: { ServiceNamespace: 'serviceNamespaceType', Policies: 'policyGrantingServiceAccessListType' },
      required: [],
    },
    ListPoliciesGrantingServiceAccessRequest: {
      type: 'structure',
      required: ['Arn', 'ServiceNamespaces'],
      members: { Marker: 'markerType', Arn: 'arnType', ServiceNamespaces: 'serviceNamespaceListType' },
    },
    ListPoliciesGrantingServiceAccessResponse: {
      type: 'structure',
      required: ['PoliciesGrantingServiceAccess'],
      members: {
        PoliciesGrantingServiceAccess: 'listPolicyGrantingServiceAccessResponseListType',
        IsTruncated: 'booleanType',
        Marker: 'responseMarkerType',
      },
    },
    PolicyGrantingServiceAccess: {
      type: 'structure',
      required: ['PolicyName', 'PolicyType'],
      members: {
        PolicyName: 'policyNameType',
        PolicyType: 'policyType',
        PolicyArn: 'arnType',
        EntityType: 'policyOwnerEntityType',
        EntityName: 'entityNameType',
      },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    booleanType: { type: 'boolean' },
    entityNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    listPolicyGrantingServiceAccessResponseListType: { type: 'list', member: 'ListPoliciesGrantingServiceAccessEntry' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    policyGrantingServiceAccessListType: { type: 'list', member: 'PolicyGrantingServiceAccess' },
    policyNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    policyOwnerEntityType: { type: 'string', enum: ['USER', 'ROLE', 'GROUP'] },
    policyType: { type: 'string', enum: ['INLINE', 'MANAGED'] },
    responseMarkerType: { type: 'string' },
    serviceNamespaceListType: { type: 'list', member: 'serviceNamespaceType', max: 200, min: 1 },
    serviceNamespaceType: { type: 'string', max: 64, min: 1, pattern: '[\\w-]*' },
  },
}
