// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const detachUserPolicyModel: OperationModel = {
  name: 'DetachUserPolicy',
  service: 'iam',
  input: 'DetachUserPolicyRequest',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, InvalidInput: 400, ServiceFailure: 500 },
  shapes: {
    DetachUserPolicyRequest: {
      type: 'structure',
      required: ['UserName', 'PolicyArn'],
      members: { UserName: 'userNameType', PolicyArn: 'arnType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
