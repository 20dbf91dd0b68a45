// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteServerCertificateModel: OperationModel = {
  name: 'DeleteServerCertificate',
  service: 'iam',
  input: 'DeleteServerCertificateRequest',
  errors: { NoSuchEntity: 404, DeleteConflict: 409, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    DeleteServerCertificateRequest: {
      type: 'structure',
      required: ['ServerCertificateName'],
      members: { ServerCertificateName: 'serverCertificateNameType' },
    },
    serverCertificateNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
