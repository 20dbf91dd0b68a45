// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const enableMfaDeviceModel: OperationModel = {
  name: 'EnableMFADevice',
  service: 'iam',
  input: 'EnableMFADeviceRequest',
  errors: {
    EntityAlreadyExists: 409,
    EntityTemporarilyUnmodifiable: 409,
    InvalidAuthenticationCode: 403,
    LimitExceeded: 409,
    NoSuchEntity: 404,
    ServiceFailure: 500,
    ConcurrentModification: 409,
  },
  shapes: {
    EnableMFADeviceRequest: {
      type: 'structure',
      required: ['UserName', 'SerialNumber', 'AuthenticationCode1', 'AuthenticationCode2'],
      members: {
        UserName: 'existingUserNameType',
        SerialNumber: 'serialNumberType',
        AuthenticationCode1: 'authenticationCodeType',
        AuthenticationCode2: 'authenticationCodeType',
      },
    },
    authenticationCodeType: { type: 'string', max: 6, min: 6, pattern: '[\\d]+', sensitive: true },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    serialNumberType: { type: 'string', max: 256, min: 9, pattern: '[\\w+=/:,.@-]+' },
  },
}
