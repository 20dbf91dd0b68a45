// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const updateSshPublicKeyModel: OperationModel = {
  name: 'UpdateSSHPublicKey',
  service: 'iam',
  input: 'UpdateSSHPublicKeyRequest',
  errors: { NoSuchEntity: 404, InvalidInput: 400 },
  shapes: {
    UpdateSSHPublicKeyRequest: {
      type: 'structure',
      required: ['UserName', 'SSHPublicKeyId', 'Status'],
      members: { UserName: 'userNameType', SSHPublicKeyId: 'publicKeyIdType', Status: 'statusType' },
    },
    publicKeyIdType: { type: 'string', max: 128, min: 20, pattern: '[\\w]+' },
    statusType: { type: 'string', enum: ['Active', 'Inactive', 'Expired'] },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
