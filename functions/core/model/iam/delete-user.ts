// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteUserModel: OperationModel = {
  name: 'DeleteUser',
  service: 'iam',
  input: 'DeleteUserRequest',
  errors: {
    LimitExceeded: 409,
    NoSuchEntity: 404,
    DeleteConflict: 409,
    ConcurrentModification: 409,
    ServiceFailure: 500,
  },
  shapes: {
    DeleteUserRequest: { type: 'structure', required: ['UserName'], members: { UserName: 'existingUserNameType' } },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
