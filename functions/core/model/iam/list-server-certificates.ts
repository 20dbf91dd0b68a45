// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listServerCertificatesModel: OperationModel = {
  name: 'ListServerCertificates',
  service: 'iam',
  input: 'ListServerCertificatesRequest',
  output: 'ListServerCertificatesResponse',
  errors: { ServiceFailure: 500 },
  shapes: {
    ListServerCertificatesRequest: {
      type: 'structure',
      members: { PathPrefix: 'pathPrefixType', Marker: 'markerType', MaxItems: 'maxItemsType' },
      required: [],
    },
    ListServerCertificatesResponse: {
      type: 'structure',
      required: ['ServerCertificateMetadataList'],
      members: {
        ServerCertificateMetadataList: 'serverCertificateMetadataListType',
        IsTruncated: 'booleanType',
        Marker: 'responseMarkerType',
      },
    },
    ServerCertificateMetadata: {
      type: 'structure',
      required: ['Path', 'ServerCertificateName', 'ServerCertificateId', 'Arn'],
      members: {
        Path: 'pathType',
        ServerCertificateName: 'serverCertificateNameType',
        ServerCertificateId: 'idType',
        Arn: 'arnType',
        UploadDate: 'dateType',
        Expiration: 'dateType',
      },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    booleanType: { type: 'boolean' },
    dateType: { type: 'timestamp' },
    idType: { type: 'string', max: 128, min: 16, pattern: '[\\w]+' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    pathPrefixType: { type: 'string', max: 512, min: 1, pattern: '\\u002F[\\u0021-\\u007F]*' },
    pathType: { type: 'string', max: 512, min: 1, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' },
    responseMarkerType: { type: 'string' },
    serverCertificateMetadataListType: { type: 'list', member: 'ServerCertificateMetadata' },
    serverCertificateNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
