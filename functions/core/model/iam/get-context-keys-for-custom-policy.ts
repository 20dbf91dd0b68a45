// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getContextKeysForCustomPolicyModel: OperationModel = {
  name: 'GetContextKeysForCustomPolicy',
  service: 'iam',
  input: 'GetContextKeysForCustomPolicyRequest',
  output: 'GetContextKeysForPolicyResponse',
  errors: { InvalidInput: 400 },
  shapes: {
    ContextKeyNameType: { type: 'string', max: 256, min: 5 },
    ContextKeyNamesResultListType: { type: 'list', member: 'ContextKeyNameType' },
    GetContextKeysForCustomPolicyRequest: {
      type: 'structure',
      required: ['PolicyInputList'],
      members: { PolicyInputList: 'SimulationPolicyListType' },
    },
    GetContextKeysForPolicyResponse: {
      type: 'structure',
      members: { ContextKeyNames: 'ContextKeyNamesResultListType' },
      required: [],
    },
    SimulationPolicyListType: { type: 'list', member: 'policyDocumentType' },
    policyDocumentType: { type: 'string', max: 131072, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
  },
}
