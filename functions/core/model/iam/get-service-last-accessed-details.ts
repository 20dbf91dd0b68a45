// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getServiceLastAccessedDetailsModel: OperationModel = {
  name: 'GetServiceLastAccessedDetails',
  service: 'iam',
  input: 'GetServiceLastAccessedDetailsRequest',
  output: 'GetServiceLastAccessedDetailsResponse',
  errors: { NoSuchEntity: 404, InvalidInput: 400 },
  shapes: {
    AccessAdvisorUsageGranularityType: { type: 'string', enum: ['SERVICE_LEVEL', 'ACTION_LEVEL'] },
    ErrorDetails: {
      type: 'structure',
      required: ['Message', 'Code'],
      members: { Message: 'stringType', Code: 'stringType' },
    },
    GetServiceLastAccessedDetailsRequest: {
      type: 'structure',
      required: ['JobId'],
      members: { JobId: 'jobIDType', MaxItems: 'maxItemsType', Marker: 'markerType' },
    },
    GetServiceLastAccessedDetailsResponse: {
      type: 'structure',
      required: ['JobStatus', 'JobCreationDate', 'ServicesLastAccessed', 'JobCompletionDate'],
      members: {
        JobStatus: 'jobStatusType',
        JobType: 'AccessAdvisorUsageGranularityType',
        JobCreationDate: 'dateType',
        ServicesLastAccessed: 'ServicesLastAccessed',
        JobCompletionDate: 'dateType',
        IsTruncated: 'booleanType',
        Marker: 'responseMarkerType',
        Error: 'ErrorDetails',
      },
    },
    ServiceLastAccessed: {
      type: 'structure',
      required: ['ServiceName', 'ServiceNamespace'],
      members: {
        ServiceName: 'serviceNameType',
        LastAuthenticated: 'dateType',
        ServiceNamespace: 'serviceNamespaceType',
        LastAuthenticatedEntity: 'arnType',
        LastAuthenticatedRegion: 'stringType',
        TotalAuthenticatedEntities: 'integerType',
        TrackedActionsLastAccessed: 'TrackedActionsLastAccessed',
      },
    },
    ServicesLastAccessed: { type: 'list', member: 'ServiceLastAccessed' },
    TrackedActionLastAccessed: {
      type: 'structure',
      members: {
        ActionName: 'stringType',
        LastAccessedEntity: 'arnType',
        LastAccessedTime: 'dateType',
        LastAccessedRegion: 'stringType',
      },
      required: [],
    },
    TrackedActionsLastAccessed: { type: 'list', member: 'TrackedActionLastAccessed' },
    arnType: { type: 'string', max: 2048, min: 20 },
    booleanType: { type: 'boolean' },
    dateType: { type: 'timestamp' },
    integerType: { type: 'integer' },
    jobIDType: { type: 'string', max: 36, min: 36 },
    jobStatusType: { type: 'string', enum: ['IN_PROGRESS', 'COMPLETED', 'FAILED'] },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    responseMarkerType: { type: 'string' },
    serviceNameType: { type: 'string' },
    serviceNamespaceType: { type: 'string', max: 64, min: 1, pattern: '[\\w-]*' },
    stringType: { type: 'string' },
  },
}
