// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listSshPublicKeysModel: OperationModel = {
  name: 'ListSSHPublicKeys',
  service: 'iam',
  input: 'ListSSHPublicKeysRequest',
  output: 'ListSSHPublicKeysResponse',
  errors: { NoSuchEntity: 404 },
  shapes: {
    ListSSHPublicKeysRequest: {
      type: 'structure',
      members: { UserName: 'userNameType', Marker: 'markerType', MaxItems: 'maxItemsType' },
      required: [],
    },
    ListSSHPublicKeysResponse: {
      type: 'structure',
      members: { SSHPublicKeys: 'SSHPublicKeyListType', IsTruncated: 'booleanType', Marker: 'responseMarkerType' },
      required: [],
    },
    SSHPublicKeyListType: { type: 'list', member: 'SSHPublicKeyMetadata' },
    SSHPublicKeyMetadata: {
      type: 'structure',
      required: ['UserName', 'SSHPublicKeyId', 'Status', 'UploadDate'],
      members: {
        UserName: 'userNameType',
        SSHPublicKeyId: 'publicKeyIdType',
        Status: 'statusType',
        UploadDate: 'dateType',
      },
    },
    booleanType: { type: 'boolean' },
    dateType: { type: 'timestamp' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    publicKeyIdType: { type: 'string', max: 128, min: 20, pattern: '[\\w]+' },
    responseMarkerType: { type: 'string' },
    statusType: { type: 'string', enum: ['Active', 'Inactive', 'Expired'] },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
