// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteGroupPolicyModel: OperationModel = {
  name: 'DeleteGroupPolicy',
  service: 'iam',
  input: 'DeleteGroupPolicyRequest',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    DeleteGroupPolicyRequest: {
      type: 'structure',
      required: ['GroupName', 'PolicyName'],
      members: { GroupName: 'groupNameType', PolicyName: 'policyNameType' },
    },
    groupNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    policyNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
