// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteSigningCertificateModel: OperationModel = {
  name: 'DeleteSigningCertificate',
  service: 'iam',
  input: 'DeleteSigningCertificateRequest',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, ConcurrentModification: 409, ServiceFailure: 500 },
  shapes: {
    DeleteSigningCertificateRequest: {
      type: 'structure',
      required: ['CertificateId'],
      members: { UserName: 'existingUserNameType', CertificateId: 'certificateIdType' },
    },
    certificateIdType: { type: 'string', max: 128, min: 24, pattern: '[\\w]+' },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
