// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const putRolePermissionsBoundaryModel: OperationModel = {
  name: 'PutRolePermissionsBoundary',
  service: 'iam',
  input: 'PutRolePermissionsBoundaryRequest',
  errors: {
    NoSuchEntity: 404,
    InvalidInput: 400,
    UnmodifiableEntity: 400,
    PolicyNotAttachable: 400,
    ServiceFailure: 500,
  },
  shapes: {
    PutRolePermissionsBoundaryRequest: {
      type: 'structure',
      required: ['RoleName', 'PermissionsBoundary'],
      members: { RoleName: 'roleNameType', PermissionsBoundary: 'arnType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    roleNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
