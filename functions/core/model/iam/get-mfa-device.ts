// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getMfaDeviceModel: OperationModel = {
  name: 'GetMFADevice',
  service: 'iam',
  input: 'GetMFADeviceRequest',
  output: 'GetMFADeviceResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    CertificationKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    CertificationMapType: { type: 'map', key: 'CertificationKeyType', value: 'CertificationValueType' },
    CertificationValueType: { type: 'string', max: 32, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    GetMFADeviceRequest: {
      type: 'structure',
      required: ['SerialNumber'],
      members: { SerialNumber: 'serialNumberType', UserName: 'userNameType' },
    },
    GetMFADeviceResponse: {
      type: 'structure',
      required: ['SerialNumber'],
      members: {
        UserName: 'userNameType',
        SerialNumber: 'serialNumberType',
        EnableDate: 'dateType',
        Certifications: 'CertificationMapType',
      },
    },
    dateType: { type: 'timestamp' },
    serialNumberType: { type: 'string', max: 256, min: 9, pattern: '[\\w+=/:,.@-]+' },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
