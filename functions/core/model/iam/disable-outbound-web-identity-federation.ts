// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const disableOutboundWebIdentityFederationModel: OperationModel = {
  name: 'DisableOutboundWebIdentityFederation',
  service: 'iam',
  errors: { FeatureDisabled: 404 },
  shapes: {},
}
