// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const uploadSigningCertificateModel: OperationModel = {
  name: 'UploadSigningCertificate',
  service: 'iam',
  input: 'UploadSigningCertificateRequest',
  output: 'UploadSigningCertificateResponse',
  errors: {
    LimitExceeded: 409,
    EntityAlreadyExists: 409,
    MalformedCertificate: 400,
    InvalidCertificate: 400,
    DuplicateCertificate: 409,
    NoSuchEntity: 404,
    ConcurrentModification: 409,
    ServiceFailure: 500,
  },
  shapes: {
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
    UploadSigningCertificateRequest: {
      type: 'structure',
      required: ['CertificateBody'],
      members: { UserName: 'existingUserNameType', CertificateBody: 'certificateBodyType' },
    },
    UploadSigningCertificateResponse: {
      type: 'structure',
      required: ['Certificate'],
      members: { Certificate: 'SigningCertificate' },
    },
    certificateBodyType: { type: 'string', max: 16384, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
    certificateIdType: { type: 'string', max: 128, min: 24, pattern: '[\\w]+' },
    dateType: { type: 'timestamp' },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    statusType: { type: 'string', enum: ['Active', 'Inactive', 'Expired'] },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
