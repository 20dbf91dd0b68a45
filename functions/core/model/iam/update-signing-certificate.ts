// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const updateSigningCertificateModel: OperationModel = {
  name: 'UpdateSigningCertificate',
  service: 'iam',
  input: 'UpdateSigningCertificateRequest',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, ServiceFailure: 500, InvalidInput: 400 },
  shapes: {
    UpdateSigningCertificateRequest: {
      type: 'structure',
      required: ['CertificateId', 'Status'],
      members: { UserName: 'existingUserNameType', CertificateId: 'certificateIdType', Status: 'statusType' },
    },
    certificateIdType: { type: 'string', max: 128, min: 24, pattern: '[\\w]+' },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    statusType: { type: 'string', enum: ['Active', 'Inactive', 'Expired'] },
  },
}
