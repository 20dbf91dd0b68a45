// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const uploadSshPublicKeyModel: OperationModel = {
  name: 'UploadSSHPublicKey',
  service: 'iam',
  input: 'UploadSSHPublicKeyRequest',
  output: 'UploadSSHPublicKeyResponse',
  errors: {
    LimitExceeded: 409,
    NoSuchEntity: 404,
    InvalidPublicKey: 400,
    DuplicateSSHPublicKey: 400,
    UnrecognizedPublicKeyEncoding: 400,
  },
  shapes: {
    SSHPublicKey: {
      type: 'structure',
      required: ['UserName', 'SSHPublicKeyId', 'Fingerprint', 'SSHPublicKeyBody', 'Status'],
      members: {
        UserName: 'userNameType',
        SSHPublicKeyId: 'publicKeyIdType',
        Fingerprint: 'publicKeyFingerprintType',
        SSHPublicKeyBody: 'publicKeyMaterialType',
        Status: 'statusType',
        UploadDate: 'dateType',
      },
    },
    UploadSSHPublicKeyRequest: {
      type: 'structure',
      required: ['UserName', 'SSHPublicKeyBody'],
      members: { UserName: 'userNameType', SSHPublicKeyBody: 'publicKeyMaterialType' },
    },
    UploadSSHPublicKeyResponse: { type: 'structure', members: { SSHPublicKey: 'SSHPublicKey' }, required: [] },
    dateType: { type: 'timestamp' },
    publicKeyFingerprintType: { type: 'string', max: 48, min: 48, pattern: '[:\\w]+' },
    publicKeyIdType: { type: 'string', max: 128, min: 20, pattern: '[\\w]+' },
    publicKeyMaterialType: { type: 'string', max: 16384, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
    statusType: { type: 'string', enum: ['Active', 'Inactive', 'Expired'] },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
