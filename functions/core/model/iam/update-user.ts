// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const updateUserModel: OperationModel = {
  name: 'UpdateUser',
  service: 'iam',
  input: 'UpdateUserRequest',
  errors: {
    NoSuchEntity: 404,
    LimitExceeded: 409,
    EntityAlreadyExists: 409,
    EntityTemporarilyUnmodifiable: 409,
    ConcurrentModification: 409,
    ServiceFailure: 500,
  },
  shapes: {
    UpdateUserRequest: {
      type: 'structure',
      required: ['UserName'],
      members: { UserName: 'existingUserNameType', NewPath: 'pathType', NewUserName: 'userNameType' },
    },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    pathType: { type: 'string', max: 512, min: 1, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
