// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const putUserPermissionsBoundaryModel: OperationModel = {
  name: 'PutUserPermissionsBoundary',
  service: 'iam',
  input: 'PutUserPermissionsBoundaryRequest',
  errors: { NoSuchEntity: 404, InvalidInput: 400, PolicyNotAttachable: 400, ServiceFailure: 500 },
  shapes: {
    PutUserPermissionsBoundaryRequest: {
      type: 'structure',
      required: ['UserName', 'PermissionsBoundary'],
      members: { UserName: 'userNameType', PermissionsBoundary: 'arnType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
