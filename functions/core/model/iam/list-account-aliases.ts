// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listAccountAliasesModel: OperationModel = {
  name: 'ListAccountAliases',
  service: 'iam',
  input: 'ListAccountAliasesRequest',
  output: 'ListAccountAliasesResponse',
  errors: { ServiceFailure: 500 },
  shapes: {
    ListAccountAliasesRequest: {
      type: 'structure',
      members: { Marker: 'markerType', MaxItems: 'maxItemsType' },
      required: [],
    },
    ListAccountAliasesResponse: {
      type: 'structure',
      required: ['AccountAliases'],
      members: { AccountAliases: 'accountAliasListType', IsTruncated: 'booleanType', Marker: 'responseMarkerType' },
    },
    accountAliasListType: { type: 'list', member: 'accountAliasType' },
    accountAliasType: { type: 'string', max: 63, min: 3, pattern: '^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$' },
    booleanType: { type: 'boolean' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    responseMarkerType: { type: 'string' },
  },
}
