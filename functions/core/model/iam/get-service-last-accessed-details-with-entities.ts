// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getServiceLastAccessedDetailsWithEntitiesModel: OperationModel = {
  name: 'GetServiceLastAccessedDetailsWithEntities',
  service: 'iam',
  input: 'GetServiceLastAccessedDetailsWithEntitiesRequest',
  output: 'GetServiceLastAccessedDetailsWithEntitiesResponse',
  errors: { NoSuchEntity: 404, InvalidInput: 400 },
  shapes: {
    EntityDetails: {
      type: 'structure',
      required: ['EntityInfo'],
      members: { EntityInfo: 'EntityInfo', LastAuthenticated: 'dateType' },
    },
    EntityInfo: {
      type: 'structure',
      required: ['Arn', 'Name', 'Type', 'Id'],
      members: { Arn: 'arnType', Name: 'userNameType', Type: 'policyOwnerEntityType', Id: 'idType', Path: 'pathType' },
    },
    ErrorDetails: {
      type: 'structure',
      required: ['Message', 'Code'],
      members: { Message: 'stringType', Code: 'stringType' },
    },
    GetServiceLastAccessedDetailsWithEntitiesRequest: {
      type: 'structure',
      required: ['JobId', 'ServiceNamespace'],
      members: {
        JobId: 'jobIDType',
        ServiceNamespace: 'serviceNamespaceType',
        MaxItems: 'maxItemsType',
        Marker: 'markerType',
      },
    },
    GetServiceLastAccessedDetailsWithEntitiesResponse: {
      type: 'structure',
      required: ['JobStatus', 'JobCreationDate', 'JobCompletionDate', 'EntityDetailsList'],
      members: {
        JobStatus: 'jobStatusType',
        JobCreationDate: 'dateType',
        JobCompletionDate: 'dateType',
        EntityDetailsList: 'entityDetailsListType',
        IsTruncated: 'booleanType',
        Marker: 'responseMarkerType',
        Error: 'ErrorDetails',
      },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    booleanType: { type: 'boolean' },
    dateType: { type: 'timestamp' },
    entityDetailsListType: { type: 'list', member: 'EntityDetails' },
    idType: { type: 'string', max: 128, min: 16, pattern: '[\\w]+' },
    jobIDType: { type: 'string', max: 36, min: 36 },
    jobStatusType: { type: 'string', enum: ['IN_PROGRESS', 'COMPLETED', 'FAILED'] },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    pathType: { type: 'string', max: 512, min: 1, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' },
    policyOwnerEntityType: { type: 'string', enum: ['USER', 'ROLE', 'GROUP'] },
    responseMarkerType: { type: 'string' },
    serviceNamespaceType: { type: 'string', max: 64, min: 1, pattern: '[\\w-]*' },
    stringType: { type: 'string' },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
