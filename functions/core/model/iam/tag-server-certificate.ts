// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const tagServerCertificateModel: OperationModel = {
  name: 'TagServerCertificate',
  service: 'iam',
  input: 'TagServerCertificateRequest',
  errors: {
    NoSuchEntity: 404,
    InvalidInput: 400,
    LimitExceeded: 409,
    ConcurrentModification: 409,
    ServiceFailure: 500,
  },
  shapes: {
    Tag: { type: 'structure', required: ['Key', 'Value'], members: { Key: 'tagKeyType', Value: 'tagValueType' } },
    TagServerCertificateRequest: {
      type: 'structure',
      required: ['ServerCertificateName', 'Tags'],
      members: { ServerCertificateName: 'serverCertificateNameType', Tags: 'tagListType' },
    },
    serverCertificateNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
    tagListType: { type: 'list', member: 'Tag', max: 50 },
    tagValueType: { type: 'string', max: 256, min: 0, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
  },
}
