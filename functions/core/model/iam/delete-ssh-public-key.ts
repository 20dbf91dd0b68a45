// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteSshPublicKeyModel: OperationModel = {
  name: 'DeleteSSHPublicKey',
  service: 'iam',
  input: 'DeleteSSHPublicKeyRequest',
  errors: { NoSuchEntity: 404 },
  shapes: {
    DeleteSSHPublicKeyRequest: {
      type: 'structure',
      required: ['UserName', 'SSHPublicKeyId'],
      members: { UserName: 'userNameType', SSHPublicKeyId: 'publicKeyIdType' },
    },
    publicKeyIdType: { type: 'string', max: 128, min: 20, pattern: '[\\w]+' },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
