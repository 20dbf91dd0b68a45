// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteLoginProfileModel: OperationModel = {
  name: 'DeleteLoginProfile',
  service: 'iam',
  input: 'DeleteLoginProfileRequest',
  errors: { EntityTemporarilyUnmodifiable: 409, NoSuchEntity: 404, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    DeleteLoginProfileRequest: { type: 'structure', members: { UserName: 'userNameType' }, required: [] },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
