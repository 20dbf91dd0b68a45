// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const detachRolePolicyModel: OperationModel = {
  name: 'DetachRolePolicy',
  service: 'iam',
  input: 'DetachRolePolicyRequest',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, InvalidInput: 400, UnmodifiableEntity: 400, ServiceFailure: 500 },
  shapes: {
    DetachRolePolicyRequest: {
      type: 'structure',
      required: ['RoleName', 'PolicyArn'],
      members: { RoleName: 'roleNameType', PolicyArn: 'arnType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    roleNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
