// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const createServiceSpecificCredentialModel: OperationModel = {
  name: 'CreateServiceSpecificCredential',
  service: 'iam',
  input: 'CreateServiceSpecificCredentialRequest',
  output: 'CreateServiceSpecificCredentialResponse',
  errors: { LimitExceeded: 409, NoSuchEntity: 404, NotSupportedService: 404 },
  shapes: {
    CreateServiceSpecificCredentialRequest: {
      type: 'structure',
      required: ['UserName', 'ServiceName'],
      members: { UserName: 'userNameType', ServiceName: 'serviceName', CredentialAgeDays: 'credentialAgeDays' },
    },
    CreateServiceSpecificCredentialResponse: {
      type: 'structure',
      members: { ServiceSpecificCredential: 'ServiceSpecificCredential' },
      required: [],
    },
    ServiceSpecificCredential: {
      type: 'structure',
      required: ['CreateDate', 'ServiceName', 'ServiceSpecificCredentialId', 'UserName', 'Status'],
      members: {
        CreateDate: 'dateType',
        ExpirationDate: 'dateType',
        ServiceName: 'serviceName',
        ServiceUserName: 'serviceUserName',
        ServicePassword: 'servicePassword',
        ServiceCredentialAlias: 'serviceCredentialAlias',
        ServiceCredentialSecret: 'serviceCredentialSecret',
        ServiceSpecificCredentialId: 'serviceSpecificCredentialId',
        UserName: 'userNameType',
        Status: 'statusType',
      },
    },
    credentialAgeDays: { type: 'integer', max: 36600, min: 1 },
    dateType: { type: 'timestamp' },
    serviceCredentialAlias: { type: 'string', max: 200, min: 0, pattern: '[\\w+=,.@-]+' },
    serviceCredentialSecret: { type: 'string', sensitive: true },
    serviceName: { type: 'string' },
    servicePassword: { type: 'string', sensitive: true },
    serviceSpecificCredentialId: { type: 'string', max: 128, min: 20, pattern: '[\\w]+' },
    serviceUserName: { type: 'string', max: 200, min: 0, pattern: '[\\w+=,.@-]*' },
    statusType: { type: 'string', enum: ['Active', 'Inactive', 'Expired'] },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
