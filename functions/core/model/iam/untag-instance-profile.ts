// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const untagInstanceProfileModel: OperationModel = {
  name: 'UntagInstanceProfile',
  service: 'iam',
  input: 'UntagInstanceProfileRequest',
  errors: { NoSuchEntity: 404, InvalidInput: 400, ConcurrentModification: 409, ServiceFailure: 500 },
  shapes: {
    UntagInstanceProfileRequest: {
      type: 'structure',
      required: ['InstanceProfileName', 'TagKeys'],
      members: { InstanceProfileName: 'instanceProfileNameType', TagKeys: 'tagKeyListType' },
    },
    instanceProfileNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    tagKeyListType: { type: 'list', member: 'tagKeyType', max: 50 },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
  },
}
