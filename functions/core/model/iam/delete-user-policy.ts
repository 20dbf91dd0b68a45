// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteUserPolicyModel: OperationModel = {
  name: 'DeleteUserPolicy',
  service: 'iam',
  input: 'DeleteUserPolicyRequest',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    DeleteUserPolicyRequest: {
      type: 'structure',
      required: ['UserName', 'PolicyName'],
      members: { UserName: 'existingUserNameType', PolicyName: 'policyNameType' },
    },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    policyNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
