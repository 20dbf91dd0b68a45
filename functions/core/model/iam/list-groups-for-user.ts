// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listGroupsForUserModel: OperationModel = {
  name: 'ListGroupsForUser',
  service: 'iam',
  input: 'ListGroupsForUserRequest',
  output: 'ListGroupsForUserResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
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
    ListGroupsForUserRequest: {
      type: 'structure',
      required: ['UserName'],
      members: { UserName: 'existingUserNameType', Marker: 'markerType', MaxItems: 'maxItemsType' },
    },
    ListGroupsForUserResponse: {
      type: 'structure',
      required: ['Groups'],
      members: { Groups: 'groupListType', IsTruncated: 'booleanType', Marker: 'responseMarkerType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    booleanType: { type: 'boolean' },
    dateType: { type: 'timestamp' },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    groupListType: { type: 'list', member: 'Group' },
    groupNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    idType: { type: 'string', max: 128, min: 16, pattern: '[\\w]+' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    pathType: { type: 'string', max: 512, min: 1, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' },
    responseMarkerType: { type: 'string' },
  },
}
