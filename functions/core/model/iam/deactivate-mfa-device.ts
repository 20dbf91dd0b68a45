// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deactivateMfaDeviceModel: OperationModel = {
  name: 'DeactivateMFADevice',
  service: 'iam',
  input: 'DeactivateMFADeviceRequest',
  errors: {
    EntityTemporarilyUnmodifiable: 409,
    NoSuchEntity: 404,
    LimitExceeded: 409,
    ServiceFailure: 500,
    ConcurrentModification: 409,
  },
  shapes: {
    DeactivateMFADeviceRequest: {
      type: 'structure',
      required: ['SerialNumber'],
      members: { UserName: 'existingUserNameType', SerialNumber: 'serialNumberType' },
    },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    serialNumberType: { type: 'string', max: 256, min: 9, pattern: '[\\w+=/:,.@-]+' },
  },
}
