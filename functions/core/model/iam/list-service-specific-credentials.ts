// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listServiceSpecificCredentialsModel: OperationModel = {
  name: 'ListServiceSpecificCredentials',
  service: 'iam',
  input: 'ListServiceSpecificCredentialsRequest',
  output: 'ListServiceSpecificCredentialsResponse',
  errors: { NoSuchEntity: 404, NotSupportedService: 404 },
  shapes: {
    ListServiceSpecificCredentialsRequest: {
      type: 'structure',
      members: {
        UserName: 'userNameType',
        ServiceName: 'serviceName',
        AllUsers: 'allUsers',
        Marker: 'markerType',
        MaxItems: 'maxItemsType',
      },
      required: [],
    },
    ListServiceSpecificCredentialsResponse: {
      type: 'structure',
      members: {
        ServiceSpecificCredentials: 'ServiceSpecificCredentialsListType',
        Marker: 'responseMarkerType',
        IsTruncated: 'booleanType',
      },
      required: [],
    },
    ServiceSpecificCredentialMetadata: {
      type: 'structure',
      required: ['UserName', 'Status', 'CreateDate', 'ServiceSpecificCredentialId', 'ServiceName'],
      members: {
        UserName: 'userNameType',
        Status: 'statusType',
        ServiceUserName: 'serviceUserName',
        ServiceCredentialAlias: 'serviceCredentialAlias',
        CreateDate: 'dateType',
        ExpirationDate: 'dateType',
        ServiceSpecificCredentialId: 'serviceSpecificCredentialId',
        ServiceName: 'serviceName',
      },
    },
    ServiceSpecificCredentialsListType: { type: 'list', member: 'ServiceSpecificCredentialMetadata' },
    allUsers: { type: 'boolean' },
    booleanType: { type: 'boolean' },
    dateType: { type: 'timestamp' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    responseMarkerType: { type: 'string' },
    serviceCredentialAlias: { type: 'string', max: 200, min: 0, pattern: '[\\w+=,.@-]+' },
    serviceName: { type: 'string' },
    serviceSpecificCredentialId: { type: 'string', max: 128, min: 20, pattern: '[\\w]+' },
    serviceUserName: { type: 'string', max: 200, min: 0, pattern: '[\\w+=,.@-]*' },
    statusType: { type: 'string', enum: ['Active', 'Inactive', 'Expired'] },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
