// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteServiceLinkedRoleModel: OperationModel = {
  name: 'DeleteServiceLinkedRole',
  service: 'iam',
  input: 'DeleteServiceLinkedRoleRequest',
  output: 'DeleteServiceLinkedRoleResponse',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    DeleteServiceLinkedRoleRequest: {
      type: 'structure',
      required: ['RoleName'],
      members: { RoleName: 'roleNameType' },
    },
    DeleteServiceLinkedRoleResponse: {
      type: 'structure',
      required: ['DeletionTaskId'],
      members: { DeletionTaskId: 'DeletionTaskIdType' },
    },
    DeletionTaskIdType: { type: 'string', max: 1000, min: 1 },
    roleNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
