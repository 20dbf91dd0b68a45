// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const untagRoleModel: OperationModel = {
  name: 'UntagRole',
  service: 'iam',
  input: 'UntagRoleRequest',
  errors: { NoSuchEntity: 404, ConcurrentModification: 409, ServiceFailure: 500 },
  shapes: {
    UntagRoleRequest: {
      type: 'structure',
      required: ['RoleName', 'TagKeys'],
      members: { RoleName: 'roleNameType', TagKeys: 'tagKeyListType' },
    },
    roleNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
    tagKeyListType: { type: 'list', member: 'tagKeyType', max: 50 },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
  },
}
