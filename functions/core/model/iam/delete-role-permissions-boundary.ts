// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteRolePermissionsBoundaryModel: OperationModel = {
  name: 'DeleteRolePermissionsBoundary',
  service: 'iam',
  input: 'DeleteRolePermissionsBoundaryRequest',
  errors: { NoSuchEntity: 404, UnmodifiableEntity: 400, ServiceFailure: 500 },
  shapes: {
    DeleteRolePermissionsBoundaryRequest: {
      type: 'structure',
      required: ['RoleName'],
      members: { RoleName: 'roleNameType' },
    },
    roleNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
