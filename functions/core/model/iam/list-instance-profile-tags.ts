// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listInstanceProfileTagsModel: OperationModel = {
  name: 'ListInstanceProfileTags',
  service: 'iam',
  input: 'ListInstanceProfileTagsRequest',
  output: 'ListInstanceProfileTagsResponse',
  errors: { NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    ListInstanceProfileTagsRequest: {
      type: 'structure',
      required: ['InstanceProfileName'],
      members: { InstanceProfileName: 'instanceProfileNameType', Marker: 'markerType', MaxItems: 'maxItemsType' },
    },
    ListInstanceProfileTagsResponse: {
      type: 'structure',
      required: ['Tags'],
      members: { Tags: 'tagListType', IsTruncated: 'booleanType', Marker: 'responseMarkerType' },
    },
    Tag: { type: 'structure', required: ['Key', 'Value'], members: { Key: 'tagKeyType', Value: 'tagValueType' } },
    booleanType: { type: 'boolean' },
    instanceProfileNameType: { type: 'string', max: 128, min: 1, pattern: '[\\w+=,.@-]+' },
    markerType: { type: 'string', max: 320, min: 1, pattern: '[\\u0020-\\u00FF]+' },
    maxItemsType: { type: 'integer', max: 1000, min: 1 },
    responseMarkerType: { type: 'string' },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
    tagListType: { type: 'list', member: 'Tag', max: 50 },
    tagValueType: { type: 'string', max: 256, min: 0, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
  },
}
