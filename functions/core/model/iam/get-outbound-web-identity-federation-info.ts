// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getOutboundWebIdentityFederationInfoModel: OperationModel = {
  name: 'GetOutboundWebIdentityFederationInfo',
  service: 'iam',
  output: 'GetOutboundWebIdentityFederationInfoResponse',
  errors: { FeatureDisabled: 404 },
  shapes: {
    GetOutboundWebIdentityFederationInfoResponse: {
      type: 'structure',
      members: { IssuerIdentifier: 'stringType', JwtVendingEnabled: 'booleanType' },
      required: [],
    },
    booleanType: { type: 'boolean' },
    stringType: { type: 'string' },
  },
}
