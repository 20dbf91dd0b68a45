// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const setSecurityTokenServicePreferencesModel: OperationModel = {
  name: 'SetSecurityTokenServicePreferences',
  service: 'iam',
  input: 'SetSecurityTokenServicePreferencesRequest',
  errors: { ServiceFailure: 500 },
  shapes: {
    SetSecurityTokenServicePreferencesRequest: {
      type: 'structure',
      required: ['GlobalEndpointTokenVersion'],
      members: { GlobalEndpointTokenVersion: 'globalEndpointTokenVersion' },
    },
    globalEndpointTokenVersion: { type: 'string', enum: ['v1Token', 'v2Token'] },
  },
}
