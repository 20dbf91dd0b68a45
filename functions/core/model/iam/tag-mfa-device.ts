// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const tagMfaDeviceModel: OperationModel = {
  name: 'TagMFADevice',
  service: 'iam',
  input: 'TagMFADeviceRequest',
  errors: {
    InvalidInput: 400,
    NoSuchEntity: 404,
    LimitExceeded: 409,
    ConcurrentModification: 409,
    ServiceFailure: 500,
  },
  shapes: {
    Tag: { type: 'structure', required: ['Key', 'Value'], members: { Key: 'tagKeyType', Value: 'tagValueType' } },
    TagMFADeviceRequest: {
      type: 'structure',
      required: ['SerialNumber', 'Tags'],
      members: { SerialNumber: 'serialNumberType', Tags: 'tagListType' },
    },
    serialNumberType: { type: 'string', max: 256, min: 9, pattern: '[\\w+=/:,.@-]+' },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
    tagListType: { type: 'list', member: 'Tag', max: 50 },
    tagValueType: { type: 'string', max: 256, min: 0, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
  },
}
