// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteRoleModel: OperationModel = {
  name: 'DeleteRole',
  service: 'iam',
  input: 'DeleteRoleRequest',
  errors: {
    NoSuchEntity: 404,
    DeleteConflict: 409,
    LimitExceeded: 409,
    UnmodifiableEntity: 400,
    ConcurrentModification: 409,
    ServiceFailure: 500,
  },
  shapes: {
    DeleteRoleRequest: { type: 'structure', required: ['RoleName'], members: { RoleName: 'roleNameType' } },
    roleNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
