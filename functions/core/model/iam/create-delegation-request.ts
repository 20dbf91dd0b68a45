// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const createDelegationRequestModel: OperationModel = {
  name: 'CreateDelegationRequest',
  service: 'iam',
  input: 'CreateDelegationRequestRequest',
  output: 'CreateDelegationRequestResponse',
  errors: {
    EntityAlreadyExists: 409,
    ServiceFailure: 500,
    InvalidInput: 400,
    LimitExceeded: 409,
    ConcurrentModification: 409,
  },
  shapes: {
    CreateDelegationRequestRequest: {
      type: 'structure',
      required: ['Description', 'Permissions', 'RequestorWorkflowId', 'NotificationChannel', 'SessionDuration'],
      members: {
        OwnerAccountId: 'accountIdType',
        Description: 'delegationRequestDescriptionType',
        Permissions: 'DelegationPermission',
        RequestMessage: 'requestMessageType',
        RequestorWorkflowId: 'requestorWorkflowIdType',
        RedirectUrl: 'redirectUrlType',
        NotificationChannel: 'notificationChannelType',
        SessionDuration: 'sessionDurationType',
        OnlySendByOwner: 'booleanType',
      },
    },
    CreateDelegationRequestResponse: {
      type: 'structure',
      members: { ConsoleDeepLink: 'consoleDeepLinkType', DelegationRequestId: 'delegationRequestIdType' },
      required: [],
    },
    DelegationPermission: {
      type: 'structure',
      members: { PolicyTemplateArn: 'arnType', Parameters: 'policyParameterListType' },
      required: [],
    },
    PolicyParameter: {
      type: 'structure',
      members: {
        Name: 'policyParameterNameType',
        Values: 'policyParameterValuesListType',
        Type: 'PolicyParameterTypeEnum',
      },
      required: [],
    },
    PolicyParameterTypeEnum: { type: 'string', enum: ['string', 'stringList'] },
    accountIdType: { type: 'string', pattern: '\\d{12}' },
    arnType: { type: 'string', max: 2048, min: 20 },
    booleanType: { type: 'boolean' },
    consoleDeepLinkType: { type: 'string', max: 255, min: 1 },
    delegationRequestDescriptionType: {
      type: 'string',
      max: 1000,
      pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*',
    },
    delegationRequestIdType: { type: 'string', max: 128, min: 16, pattern: '[\\w-]+' },
    notificationChannelType: { type: 'string', max: 400, min: 2, pattern: '^[a-zA-Z0-9:_.-]+$' },
    policyParameterListType: { type: 'list', member: 'PolicyParameter', max: 50 },
    policyParameterNameType: { type: 'string', max: 256, min: 5, pattern: '[ -~]+' },
    policyParameterValueType: { type: 'string', pattern: '[ -~]+' },
    policyParameterValuesListType: { type: 'list', member: 'policyParameterValueType' },
    redirectUrlType: {
      type: 'string',
      max: 255,
      min: 1,
      pattern: '^http(s?)://[a-zA-Z0-9._/-]*(\\?[a-zA-Z0-9._=&-]*)?(#[a-zA-Z0-9._/-]*)?$',
    },
    requestMessageType: { type: 'string', max: 200, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*' },
    requestorWorkflowIdType: {
      type: 'string',
      max: 400,
      min: 5,
      pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]+',
    },
    sessionDurationType: { type: 'integer', max: 43200, min: 300 },
  },
}
