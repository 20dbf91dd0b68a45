// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteInstanceProfileModel: OperationModel = {
  name: 'DeleteInstanceProfile',
  service: 'iam',
  input: 'DeleteInstanceProfileRequest',
  errors: { NoSuchEntity: 404, DeleteConflict: 409, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    DeleteInstanceProfileRequest: {
      type: 'structure',
      required: ['InstanceProfileName'],
      members: { InstanceProfileName: 'instanceProfileNameType' },
    },
    instanceProfileNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
