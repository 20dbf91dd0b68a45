// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteRolePolicyModel: OperationModel = {
  name: 'DeleteRolePolicy',
  service: 'iam',
  input: 'DeleteRolePolicyRequest',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, UnmodifiableEntity: 400, ServiceFailure: 500 },
  shapes: {
    DeleteRolePolicyRequest: {
      type: 'structure',
      required: ['RoleName', 'PolicyName'],
      members: { RoleName: 'roleNameType', PolicyName: 'policyNameType' },
    },
    policyNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    roleNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
