// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const tagPolicyModel: OperationModel = {
  name: 'TagPolicy',
  service: 'iam',
  input: 'TagPolicyRequest',
  errors: {
    NoSuchEntity: 404,
    LimitExceeded: 409,
    InvalidInput: 400,
    ConcurrentModification: 409,
    ServiceFailure: 500,
  },
  shapes: {
    Tag: { type: 'structure', required: ['Key', 'Value'], members: { Key: 'tagKeyType', Value: 'tagValueType' } },
    TagPolicyRequest: {
      type: 'structure',
      required: ['PolicyArn', 'Tags'],
      members: { PolicyArn: 'arnType', Tags: 'tagListType' },
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    tagKeyType: { type: 'string', max: 128, min: 1, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' },
    tagListType: { type: 'list', member: 'Tag', max: 50 },
    tagValueType: { type: 'string', max: 256, min: 0, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' },
  },
}
