// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const associateDelegationRequestModel: OperationModel = {
  name: 'AssociateDelegationRequest',
  service: 'iam',
  input: 'AssociateDelegationRequestRequest',
  errors: { NoSuchEntity: 404, ServiceFailure: 500, ConcurrentModification: 409, InvalidInput: 400 },
  shapes: {
    AssociateDelegationRequestRequest: {
      type: 'structure',
      required: ['DelegationRequestId'],
      members: { DelegationRequestId: 'delegationRequestIdType' },
    },
    delegationRequestIdType: { type: 'string', max: 128, min: 16, pattern: '[\\w-]+' },
  },
}
