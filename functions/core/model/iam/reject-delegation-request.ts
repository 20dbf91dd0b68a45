// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const rejectDelegationRequestModel: OperationModel = {
  name: 'RejectDelegationRequest',
  service: 'iam',
  input: 'RejectDelegationRequestRequest',
  errors: { NoSuchEntity: 404, ServiceFailure: 500, ConcurrentModification: 409, InvalidInput: 400 },
  shapes: {
    RejectDelegationRequestRequest: {
      type: 'structure',
      required: ['DelegationRequestId'],
      members: { DelegationRequestId: 'delegationRequestIdType', Notes: 'notesType' },
    },
    delegationRequestIdType: { type: 'string', max: 128, min: 16, pattern: '[\\w-]+' },
    notesType: { type: 'string', max: 500, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*' },
  },
}
