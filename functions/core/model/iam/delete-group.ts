// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteGroupModel: OperationModel = {
  name: 'DeleteGroup',
  service: 'iam',
  input: 'DeleteGroupRequest',
  errors: { NoSuchEntity: 404, DeleteConflict: 409, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    DeleteGroupRequest: { type: 'structure', required: ['GroupName'], members: { GroupName: 'groupNameType' } },
    groupNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
