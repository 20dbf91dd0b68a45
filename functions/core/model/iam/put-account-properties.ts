// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const putAccountPropertiesModel: OperationModel = {
  name: 'PutAccountProperties',
  service: 'iam',
  input: 'PutAccountPropertiesRequest',
  output: 'PutAccountPropertiesResponse',
  errors: { InvalidInput: 400, ConcurrentModification: 409, ServiceFailure: 500 },
  shapes: {
    PutAccountPropertiesRequest: {
      type: 'structure',
      required: ['Properties'],
      members: { Properties: 'accountPropertiesMapType' },
    },
    PutAccountPropertiesResponse: { type: 'structure', members: {}, required: [] },
    accountPropertiesMapType: { type: 'map', key: 'accountPropertyKeyType', value: 'accountPropertyValueType' },
    accountPropertyKeyType: { type: 'string', max: 50, min: 1, pattern: '^[A-Za-z][A-Za-z0-9/_-]*$' },
    accountPropertyValueType: { type: 'string', max: 1024, min: 1 },
  },
}
