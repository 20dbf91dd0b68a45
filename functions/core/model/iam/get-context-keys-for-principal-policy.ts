// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getContextKeysForPrincipalPolicyModel: OperationModel = {
  name: 'GetContextKeysForPrincipalPolicy',
  service: 'iam',
  input: 'GetContextKeysForPrincipalPolicyRequest',
  output: 'GetContextKeysForPolicyResponse',
  errors: { NoSuchEntity: 404, InvalidInput: 400 },
  shapes: {
    ContextKeyNameType: { type: 'string', max: 256, min: 5 },
    ContextKeyNamesResultListType: { type: 'list', member: 'ContextKeyNameType' },
    GetContextKeysForPolicyResponse: {
      type: 'structure',
      members: { ContextKeyNames: 'ContextKeyNamesResultListType' },
      required: [],
    },
    GetContextKeysForPrincipalPolicyRequest: {
      type: 'structure',
      required: ['PolicySourceArn'],
      members: { PolicySourceArn: 'arnType', PolicyInputList: 'SimulationPolicyListType' },
    },
    SimulationPolicyListType: { type: 'list', member: 'policyDocumentType' },
    arnType: { type: 'string', max: 2048, min: 20 },
    policyDocumentType: { type: 'string', max: 131072, min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' },
  },
}
