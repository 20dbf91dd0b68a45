// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const updateServerCertificateModel: OperationModel = {
  name: 'UpdateServerCertificate',
  service: 'iam',
  input: 'UpdateServerCertificateRequest',
  errors: { NoSuchEntity: 404, EntityAlreadyExists: 409, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    UpdateServerCertificateRequest: {
      type: 'structure',
      required: ['ServerCertificateName'],
      members: {
        ServerCertificateName: 'serverCertificateNameType',
        NewPath: 'pathType',
        NewServerCertificateName: 'serverCertificateNameType',
      },
    },
    pathType: { type: 'string', max: 512, min: 1, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' },
    serverCertificateNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
