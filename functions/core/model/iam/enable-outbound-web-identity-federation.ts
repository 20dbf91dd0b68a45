// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const enableOutboundWebIdentityFederationModel: OperationModel = {
  name: 'EnableOutboundWebIdentityFederation',
  service: 'iam',
  output: 'EnableOutboundWebIdentityFederationResponse',
  errors: { FeatureEnabled: 409 },
  shapes: {
    EnableOutboundWebIdentityFederationResponse: {
      type: 'structure',
      members: { IssuerIdentifier: 'stringType' },
      required: [],
    },
    stringType: { type: 'string' },
  },
}
