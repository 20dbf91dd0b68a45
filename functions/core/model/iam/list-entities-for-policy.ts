// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listEntitiesForPolicyModel: OperationModel = {
  name: 'ListEntitiesForPolicy',
  service: 'iam',
  input: 'ListEntitiesForPolicyRequest',
  output: 'ListEntitiesForPolicyResponse',
  errors: { NoSuchEntity: 404, InvalidInput: 400, ServiceFailure: 500 },
  shapes: {
    EntityType: { type: 'string', enum: ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] },
    ListEntitiesForPolicyRequest: {
      type: 'structure',
      required: ['PolicyArn'],
      members: {
        PolicyArn: 'arnType',
        EntityFilter: 'EntityType',
        PathPrefix: 'pathType',
        PolicyUsageFilter: 'PolicyUsageType',
        Marker: 'markerType',
        MaxItems: 'maxItemsType',
      },
    },
    ListEntitiesForPolicyResponse: {
      type: 'structure',
      members: {
        PolicyGroups: 'PolicyGroupListType',
        PolicyUsers: 'PolicyUserListType',
        PolicyRoles: 'PolicyRoleListType',
        IsTruncated: 'booleanType',
        Marker: 'responseMarkerType',
      },
      required: [],
    },
    PolicyGroup: { type: 'structure', members: { GroupName: 'groupNameType', GroupId: 'idType' }, required: [] },
    PolicyGroupListType: { type: 'list', member: 'PolicyGroup' },
    PolicyRole: { type: 'structure', members: { RoleName: 'roleNameType', RoleId: 'idType' }, required: [] },
    PolicyRoleListType: { type: 'list', member: 'PolicyRole' },
    PolicyUsageType: { type: 'string', enum: ['PermissionsPolicy', 'PermissionsBoundary'] },
    PolicyUser: { type: 'structure', members: { UserName: 'userNameType', UserId: 'idType' }, required: [] },
    PolicyUserListType: { type: 'list', member: 'PolicyUser' },
    arnType: { type: 'string', max: 2048, min: 20 },
    booleanType: { type: 'boolean' },
    groupNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    idType: { type: 'string', max: 128, min: 16, pattern: '[\\w]+' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    pathType: { type: 'string', max: 512, min: 1, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' },
    responseMarkerType: { type: 'string' },
    roleNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
