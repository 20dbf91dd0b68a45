// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listSigningCertificatesModel: OperationModel = {
  name: 'ListSigningCertificates',
  service: 'iam',
  input: 'ListSigningCertificatesRequest',
  output: 'ListSigningCertificatesResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    ListSigningCertificatesRequest: {
      type: 'structure',
      members: { UserName: 'existingUserNameType', Marker: 'markerType', MaxItems: 'maxItemsType' },
      required: [],
    },
    ListSigningCertificatesResponse: {
      type: 'structure',
      required: ['Certificates'],
      members: { Certificates: 'certificateListType', IsTruncated: 'booleanType', Marker: 'responseMarkerType' },
    },
    SigningCertificate: {
      type: 'structure',
      required: ['UserName', 'CertificateId', 'CertificateBody', 'Status'],
      members: {
        UserName: 'userNameType',
        CertificateId: 'certificateIdType',
        CertificateBody: 'certificateBodyType',
        Status: 'statusType',
        UploadDate: 'dateType',
      },
    },
    booleanType: { type: 'boolean' },
    certificateBodyType: { type: 'string', max: 16384, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
    certificateIdType: { type: 'string', max: 128, min: 24, pattern: '[\\w]+' },
    certificateListType: { type: 'list', member: 'SigningCertificate' },
    dateType: { type: 'timestamp' },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    responseMarkerType: { type: 'string' },
    statusType: { type: 'string', enum: ['Active', 'Inactive', 'Expired'] },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
