// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const sendDelegationTokenModel: OperationModel = {
  name: 'SendDelegationToken',
  service: 'iam',
  input: 'SendDelegationTokenRequest',
  errors: { NoSuchEntity: 404, ServiceFailure: 500, ConcurrentModification: 409, InvalidInput: 400 },
  shapes: {
    SendDelegationTokenRequest: {
      type: 'structure',
      required: ['DelegationRequestId'],
      members: { DelegationRequestId: 'delegationRequestIdType' },
    },
    delegationRequestIdType: { type: 'string', max: 128, min: 16, pattern: '[\\w-]+' },
  },
}
