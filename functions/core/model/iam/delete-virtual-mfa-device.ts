// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteVirtualMfaDeviceModel: OperationModel = {
  name: 'DeleteVirtualMFADevice',
  service: 'iam',
  input: 'DeleteVirtualMFADeviceRequest',
  errors: {
    NoSuchEntity: 404,
    DeleteConflict: 409,
    LimitExceeded: 409,
    ServiceFailure: 500,
    ConcurrentModification: 409,
  },
  shapes: {
    DeleteVirtualMFADeviceRequest: {
      type: 'structure',
      required: ['SerialNumber'],
      members: { SerialNumber: 'serialNumberType' },
    },
    serialNumberType: { type: 'string', max: 256, min: 9, pattern: '[\\w+=/:,.@-]+' },
  },
}
