// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const updateGroupModel: OperationModel = {
  name: 'UpdateGroup',
  service: 'iam',
  input: 'UpdateGroupRequest',
  errors: { NoSuchEntity: 404, EntityAlreadyExists: 409, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    UpdateGroupRequest: {
      type: 'structure',
      required: ['GroupName'],
      members: { GroupName: 'groupNameType', NewPath: 'pathType', NewGroupName: 'groupNameType' },
    },
    groupNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    pathType: { type: 'string', max: 512, min: 1, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' },
  },
}
