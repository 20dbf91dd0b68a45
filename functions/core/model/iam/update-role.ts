// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const updateRoleModel: OperationModel = {
  name: 'UpdateRole',
  service: 'iam',
  input: 'UpdateRoleRequest',
  output: 'UpdateRoleResponse',
  errors: { UnmodifiableEntity: 400, NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    UpdateRoleRequest: {
      type: 'structure',
      required: ['RoleName'],
      members: {
        RoleName: 'roleNameType',
        Description: 'roleDescriptionType',
        MaxSessionDuration: 'roleMaxSessionDurationType',
      },
    },
    UpdateRoleResponse: { type: 'structure', members: {}, required: [] },
    roleDescriptionType: {
      type: 'string',
      max: 1000,
      pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*',
    },
    roleMaxSessionDurationType: { type: 'integer', max: 43200, min: 3600 },
    roleNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
