// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listAccessKeysModel: OperationModel = {
  name: 'ListAccessKeys',
  service: 'iam',
  input: 'ListAccessKeysRequest',
  output: 'ListAccessKeysResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    AccessKeyMetadata: {
      type: 'structure',
      members: {
        UserName: 'userNameType',
        AccessKeyId: 'accessKeyIdType',
        Status: 'statusType',
        CreateDate: 'dateType',
      },
      required: [],
    },
    ListAccessKeysRequest: {
      type: 'structure',
      members: { UserName: 'existingUserNameType', Marker: 'markerType', MaxItems: 'maxItemsType' },
      required: [],
    },
    ListAccessKeysResponse: {
      type: 'structure',
      required: ['AccessKeyMetadata'],
      members: {
        AccessKeyMetadata: 'accessKeyMetadataListType',
        IsTruncated: 'booleanType',
        Marker: 'responseMarkerType',
      },
    },
    accessKeyIdType: { type: 'string', max: 128, min: 1, pattern: '[\\u0021-\\u007E]+' },
    accessKeyMetadataListType: { type: 'list', member: 'AccessKeyMetadata' },
    booleanType: { type: 'boolean' },
    dateType: { type: 'timestamp' },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    responseMarkerType: { type: 'string' },
    statusType: { type: 'string', enum: ['Active', 'Inactive', 'Expired'] },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
