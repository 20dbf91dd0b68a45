// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getGroupModel: OperationModel = {
  name: 'GetGroup',
  service: 'iam',
  input: 'GetGroupRequest',
  output: 'GetGroupResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    AttachedPermissionsBoundary: {
      type: 'structure',
      members: { PermissionsBoundaryType: 'PermissionsBoundaryAttachmentType', PermissionsBoundaryArn: 'arnType' },
      required: [],
    },
    GetGroupRequest: {
      type: 'structure',
      required: ['GroupName'],
      members: { GroupName: 'groupNameType', Marker: 'markerType', MaxItems: 'maxItemsType' },
    },
    GetGroupResponse: {
      type: 'structure',
      required: ['Group', 'Users'],
      members: { Group: 'Group', Users: 'userListType', IsTruncated: 'booleanType', Marker: 'responseMarkerType' },
    },
    Group: {
      type: 'structure',
      required: ['Path', 'GroupName', 'GroupId', 'Arn', 'CreateDate'],
      members: {
        Path: 'pathType',
        GroupName: 'groupNameType',
        GroupId: 'idType',
        Arn: 'arnType',
        CreateDate: 'dateType',
      },
    },
    PermissionsBoundaryAttachmentType: { type: 'string', enum: ['PermissionsBoundaryPolicy'] },
    Tag: { type: 'structure', required: ['Key', 'Value'], members: { Key: 'tagKeyType', Value: 'tagValueType' } },
    User: {
      type: 'structure',
      required: ['Path', 'UserName', 'UserId', 'Arn', 'CreateDate'],
      members: {
        Path: 'pathType',
        UserName: 'userNameType',
        UserId: 'idType',
        Arn: 'arnType',
        CreateDate: 'dateType',
        PasswordLastUsed: 'dateType',
        PermissionsBoundary: 'AttachedPermissionsBoundary',
        Tags: 'tagListType',
      },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    booleanType: { type: 'boolean' },
    dateType: { type: 'timestamp' },
    groupNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    idType: { type: 'string', max: 128, min: 16, pattern: '[\\w]+' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    pathType: { type: 'string', max: 512, min: 1, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' },
    responseMarkerType: { type: 'string' },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
    tagListType: { type: 'list', member: 'Tag', max: 50 },
    tagValueType: { type: 'string', max: 256, min: 0, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
    userListType: { type: 'list', member: 'User' },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
