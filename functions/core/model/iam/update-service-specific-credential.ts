// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const updateServiceSpecificCredentialModel: OperationModel = {
  name: 'UpdateServiceSpecificCredential',
  service: 'iam',
  input: 'UpdateServiceSpecificCredentialRequest',
  errors: { NoSuchEntity: 404 },
  shapes: {
    UpdateServiceSpecificCredentialRequest: {
      type: 'structure',
      required: ['ServiceSpecificCredentialId', 'Status'],
      members: {
        UserName: 'userNameType',
        ServiceSpecificCredentialId: 'serviceSpecificCredentialId',
        Status: 'statusType',
      },
    },
    serviceSpecificCredentialId: { type: 'string', max: 128, min: 20, pattern: '[\\w]+' },
    statusType: { type: 'string', enum: ['Active', 'Inactive', 'Expired'] },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
