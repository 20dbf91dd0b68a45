// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const createGroupModel: OperationModel = {
  name: 'CreateGroup',
  service: 'iam',
  input: 'CreateGroupRequest',
  output: 'CreateGroupResponse',
  errors: { LimitExceeded: 409, EntityAlreadyExists: 409, NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    CreateGroupRequest: {
      type: 'structure',
      required: ['GroupName'],
      members: { Path: 'pathType', GroupName: 'groupNameType' },
    },
    CreateGroupResponse: { type: 'structure', required: ['Group'], members: { Group: 'Group' } },
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
    arnType: { type: 'string', max: 2048, min: 20 },
    dateType: { type: 'timestamp' },
    groupNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    idType: { type: 'string', max: 128, min: 16, pattern: '[\\w]+' },
    pathType: { type: 'string', max: 512, min: 1, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' },
  },
}
