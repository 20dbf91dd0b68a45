// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const listOrganizationsFeaturesModel: OperationModel = {
  name: 'ListOrganizationsFeatures',
  service: 'iam',
  input: 'ListOrganizationsFeaturesRequest',
  output: 'ListOrganizationsFeaturesResponse',
  errors: {
    ServiceAccessNotEnabledException: 400,
    AccountNotManagementOrDelegatedAdministratorException: 400,
    OrganizationNotFoundException: 400,
    OrganizationNotInAllFeaturesModeException: 400,
  },
  shapes: {
    FeatureType: { type: 'string', enum: ['RootCredentialsManagement', 'RootSessions'] },
    FeaturesListType: { type: 'list', member: 'FeatureType' },
    ListOrganizationsFeaturesRequest: { type: 'structure', members: {}, required: [] },
    ListOrganizationsFeaturesResponse: {
      type: 'structure',
      members: { OrganizationId: 'OrganizationIdType', EnabledFeatures: 'FeaturesListType' },
      required: [],
    },
    OrganizationIdType: { type: 'string', max: 34, pattern: '^o-[a-z0-9]{10,32}$' },
  },
}
