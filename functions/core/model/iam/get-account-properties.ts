// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getAccountPropertiesModel: OperationModel = {
  name: 'GetAccountProperties',
  service: 'iam',
  input: 'GetAccountPropertiesRequest',
  output: 'GetAccountPropertiesResponse',
  errors: { InvalidInput: 400, ServiceFailure: 500 },
  shapes: {
    GetAccountPropertiesRequest: { type: 'structure', members: {}, required: [] },
    GetAccountPropertiesResponse: {
      type: 'structure',
      members: { Properties: 'accountPropertiesMapType' },
      required: [],
    },
    accountPropertiesMapType: { type: 'map', key: 'accountPropertyKeyType', value: 'accountPropertyValueType' },
    accountPropertyKeyType: { type: 'string', max: 50, min: 1, pattern: '^[A-Za-z][A-Za-z0-9/_-]*$' },
    accountPropertyValueType: { type: 'string', max: 1024, min: 1 },
  },
}
