// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getServerCertificateModel: OperationModel = {
  name: 'GetServerCertificate',
  service: 'iam',
  input: 'GetServerCertificateRequest',
  output: 'GetServerCertificateResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    GetServerCertificateRequest: {
      type: 'structure',
      required: ['ServerCertificateName'],
      members: { ServerCertificateName: 'serverCertificateNameType' },
    },
    GetServerCertificateResponse: {
      type: 'structure',
      required: ['ServerCertificate'],
      members: { ServerCertificate: 'ServerCertificate' },
    },
    ServerCertificate: {
      type: 'structure',
      required: ['ServerCertificateMetadata', 'CertificateBody'],
      members: {
        ServerCertificateMetadata: 'ServerCertificateMetadata',
        CertificateBody: 'certificateBodyType',
        CertificateChain: 'certificateChainType',
        Tags: 'tagListType',
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
    Tag: { type: 'structure', required: ['Key', 'Value'], members: { Key: 'tagKeyType', Value: 'tagValueType' } },
    arnType: { type: 'string', max: 2048, min: 20 },
    certificateBodyType: { type: 'string', max: 16384, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
    certificateChainType: { type: 'string', max: 2097152, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
    dateType: { type: 'timestamp' },
    idType: { type: 'string', max: 128, min: 16, pattern: '[\\w]+' },
    pathType: { type: 'string', max: 512, min: 1, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' },
    serverCertificateNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
    tagListType: { type: 'list', member: 'Tag', max: 50 },
    tagValueType: { type: 'string', max: 256, min: 0, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
  },
}
