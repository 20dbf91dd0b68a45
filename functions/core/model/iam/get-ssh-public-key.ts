// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getSshPublicKeyModel: OperationModel = {
  name: 'GetSSHPublicKey',
  service: 'iam',
  input: 'GetSSHPublicKeyRequest',
  output: 'GetSSHPublicKeyResponse',
  errors: { NoSuchEntity: 404, UnrecognizedPublicKeyEncoding: 400 },
  shapes: {
    GetSSHPublicKeyRequest: {
      type: 'structure',
      required: ['UserName', 'SSHPublicKeyId', 'Encoding'],
      members: { UserName: 'userNameType', SSHPublicKeyId: 'publicKeyIdType', Encoding: 'encodingType' },
    },
    GetSSHPublicKeyResponse: { type: 'structure', members: { SSHPublicKey: 'SSHPublicKey' }, required: [] },
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
    dateType: { type: 'timestamp' },
    encodingType: { type: 'string', enum: ['SSH', 'PEM'] },
    publicKeyFingerprintType: { type: 'string', max: 48, min: 48, pattern: '[:\\w]+' },
    publicKeyIdType: { type: 'string', max: 128, min: 20, pattern: '[\\w]+' },
    publicKeyMaterialType: { type: 'string', max: 16384, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
    statusType: { type: 'string', enum: ['Active', 'Inactive', 'Expired'] },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
