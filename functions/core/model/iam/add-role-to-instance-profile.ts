// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const addRoleToInstanceProfileModel: OperationModel = {
  name: 'AddRoleToInstanceProfile',
  service: 'iam',
  input: 'AddRoleToInstanceProfileRequest',
  errors: {
    NoSuchEntity: 404,
    EntityAlreadyExists: 409,
    LimitExceeded: 409,
    UnmodifiableEntity: 400,
    ServiceFailure: 500,
  },
  shapes: {
    AddRoleToInstanceProfileRequest: {
      type: 'structure',
      required: ['InstanceProfileName', 'RoleName'],
      members: { InstanceProfileName: 'instanceProfileNameType', RoleName: 'roleNameType' },
    },
    instanceProfileNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    roleNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
