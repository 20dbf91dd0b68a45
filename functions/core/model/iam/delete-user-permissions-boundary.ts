// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteUserPermissionsBoundaryModel: OperationModel = {
  name: 'DeleteUserPermissionsBoundary',
  service: 'iam',
  input: 'DeleteUserPermissionsBoundaryRequest',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    DeleteUserPermissionsBoundaryRequest: {
      type: 'structure',
      required: ['UserName'],
      members: { UserName: 'userNameType' },
    },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
