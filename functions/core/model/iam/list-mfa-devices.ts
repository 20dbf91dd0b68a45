// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listMfaDevicesModel: OperationModel = {
  name: 'ListMFADevices',
  service: 'iam',
  input: 'ListMFADevicesRequest',
  output: 'ListMFADevicesResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    ListMFADevicesRequest: {
      type: 'structure',
      members: { UserName: 'existingUserNameType', Marker: 'markerType', MaxItems: 'maxItemsType' },
      required: [],
    },
    ListMFADevicesResponse: {
      type: 'structure',
      required: ['MFADevices'],
      members: { MFADevices: 'mfaDeviceListType', IsTruncated: 'booleanType', Marker: 'responseMarkerType' },
    },
    MFADevice: {
      type: 'structure',
      required: ['UserName', 'SerialNumber', 'EnableDate'],
      members: { UserName: 'userNameType', SerialNumber: 'serialNumberType', EnableDate: 'dateType' },
    },
    booleanType: { type: 'boolean' },
    dateType: { type: 'timestamp' },
    existingUserNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    mfaDeviceListType: { type: 'list', member: 'MFADevice' },
    responseMarkerType: { type: 'string' },
    serialNumberType: { type: 'string', max: 256, min: 9, pattern: '[\\w+=/:,.@-]+' },
    userNameType: { type: 'string', max: 64, min: 1, pattern: '[\\w+=,.@-]+' },
  },
}
