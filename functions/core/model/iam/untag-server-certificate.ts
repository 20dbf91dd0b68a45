// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const untagServerCertificateModel: OperationModel = {
  name: 'UntagServerCertificate',
  service: 'iam',
  input: 'UntagServerCertificateRequest',
  errors: { NoSuchEntity: 404, InvalidInput: 400, ConcurrentModification: 409, ServiceFailure: 500 },
  shapes: {
    UntagServerCertificateRequest: {
      type: 'structure',
      required: ['ServerCertificateName', 'TagKeys'],
      members: { ServerCertificateName: 'serverCertificateNameType', TagKeys: 'tagKeyListType' },
    },
    serverCertificateNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    tagKeyListType: { type: 'list', member: 'tagKeyType', max: 50 },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
  },
}
