// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const detachGroupPolicyModel: OperationModel = {
  name: 'DetachGroupPolicy',
  service: 'iam',
  input: 'DetachGroupPolicyRequest',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, InvalidInput: 400, ServiceFailure: 500 },
  shapes: {
    DetachGroupPolicyRequest: {
      type: 'structure',
      required: ['GroupName', 'PolicyArn'],
      members: { GroupName: 'groupNameType', PolicyArn: 'arnType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    groupNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
