// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const untagUserModel: OperationModel = {
  name: 'UntagUser',
  service: 'iam',
  input: 'UntagUserRequest',
  errors: { NoSuchEntity: 404, ConcurrentModification: 409, ServiceFailure: 500 },
  shapes: {
    UntagUserRequest: {
      type: 'structure',
      required: ['UserName', 'TagKeys'],
      members: { UserName: 'existingUserNameType', TagKeys: 'tagKeyListType' },
    },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    tagKeyListType: { type: 'list', member: 'tagKeyType', max: 50 },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
  },
}
