// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getOrganizationsAccessReportModel: OperationModel = {
  name: 'GetOrganizationsAccessReport',
  service: 'iam',
  input: 'GetOrganizationsAccessReportRequest',
  output: 'GetOrganizationsAccessReportResponse',
  errors: { NoSuchEntity: 404 },
  shapes: {
    AccessDetail: {
      type: 'structure',
      required: ['ServiceName', 'ServiceNamespace'],
      members: {
        ServiceName: 'serviceNameType',
        ServiceNamespace: 'serviceNamespaceType',
        Region: 'stringType',
        EntityPath: 'organizationsEntityPathType',
        LastAuthenticatedTime: 'dateType',
        TotalAuthenticatedEntities: 'integerType',
      },
    },
    AccessDetails: { type: 'list', member: 'AccessDetail' },
    ErrorDetails: {
      type: 'structure',
      required: ['Message', 'Code'],
      members: { Message: 'stringType', Code: 'stringType' },
    },
    GetOrganizationsAccessReportRequest: {
      type: 'structure',
      required: ['JobId'],
      members: { JobId: 'jobIDType', MaxItems: 'maxItemsType', Marker: 'markerType', SortKey: 'sortKeyType' },
    },
    GetOrganizationsAccessReportResponse: {
      type: 'structure',
      required: ['JobStatus', 'JobCreationDate'],
      members: {
        JobStatus: 'jobStatusType',
        JobCreationDate: 'dateType',
        JobCompletionDate: 'dateType',
        NumberOfServicesAccessible: 'integerType',
        NumberOfServicesNotAccessed: 'integerType',
        AccessDetails: 'AccessDetails',
        IsTruncated: 'booleanType',
        Marker: 'markerType',
        ErrorDetails: 'ErrorDetails',
      },
    },
    booleanType: { type: 'boolean' },
    dateType: { type: 'timestamp' },
    integerType: { type: 'integer' },
    jobIDType: { type: 'string', max: 36, min: 36 },
    jobStatusType: { type: 'string', enum: ['IN_PROGRESS', 'COMPLETED', 'FAILED'] },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    organizationsEntityPathType: {
      type: 'string',
      max: 427,
      min: 19,
      pattern: '^o-[0-9a-z]{10,32}\\/r-[0-9a-z]{4,32}[0-9a-z-\\/]*',
    },
    serviceNameType: { type: 'string' },
    serviceNamespaceType: { type: 'string', max: 64, min: 1, pattern: '[\\w-]*' },
    sortKeyType: {
      type: 'string',
      enum: [
        'SERVICE_NAMESPACE_ASCENDING',
        'SERVICE_NAMESPACE_DESCENDING',
        'LAST_AUTHENTICATED_TIME_ASCENDING',
        'LAST_AUTHENTICATED_TIME_DESCENDING',
      ],
    },
    stringType: { type: 'string' },
  },
}
