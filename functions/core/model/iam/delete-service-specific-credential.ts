// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteServiceSpecificCredentialModel: OperationModel = {
  name: 'DeleteServiceSpecificCredential',
  service: 'iam',
  input: 'DeleteServiceSpecificCredentialRequest',
  errors: { NoSuchEntity: 404 },
  shapes: {
    DeleteServiceSpecificCredentialRequest: {
      type: 'structure',
      required: ['ServiceSpecificCredentialId'],
      members: { UserName: 'userNameType', ServiceSpecificCredentialId: 'serviceSpecificCredentialId' },
    },
    serviceSpecificCredentialId: { type: 'string', max: 128, min: 20, pattern: '[\\w]+' },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
