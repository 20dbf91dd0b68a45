// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const removeUserFromGroupModel: OperationModel = {
  name: 'RemoveUserFromGroup',
  service: 'iam',
  input: 'RemoveUserFromGroupRequest',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    RemoveUserFromGroupRequest: {
      type: 'structure',
      required: ['GroupName', 'UserName'],
      members: { GroupName: 'groupNameType', UserName: 'existingUserNameType' },
    },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    groupNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
