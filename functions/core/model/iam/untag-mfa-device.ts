// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const untagMfaDeviceModel: OperationModel = {
  name: 'UntagMFADevice',
  service: 'iam',
  input: 'UntagMFADeviceRequest',
  errors: { NoSuchEntity: 404, InvalidInput: 400, ConcurrentModification: 409, ServiceFailure: 500 },
  shapes: {
    UntagMFADeviceRequest: {
      type: 'structure',
      required: ['SerialNumber', 'TagKeys'],
      members: { SerialNumber: 'serialNumberType', TagKeys: 'tagKeyListType' },
    },
    serialNumberType: { type: 'string', max: 256, min: 9, pattern: '[\\w+=/:,.@-]+' },
    tagKeyListType: { type: 'list', member: 'tagKeyType', max: 50 },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
  },
}
