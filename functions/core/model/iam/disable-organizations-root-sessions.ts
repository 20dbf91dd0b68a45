// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const disableOrganizationsRootSessionsModel: OperationModel = {
  name: 'DisableOrganizationsRootSessions',
  service: 'iam',
  input: 'DisableOrganizationsRootSessionsRequest',
  output: 'DisableOrganizationsRootSessionsResponse',
  errors: {
    ServiceAccessNotEnabledException: 400,
    AccountNotManagementOrDelegatedAdministratorException: 400,
    OrganizationNotFoundException: 400,
    OrganizationNotInAllFeaturesModeException: 400,
  },
  shapes: {
    DisableOrganizationsRootSessionsRequest: { type: 'structure', members: {}, required: [] },
    DisableOrganizationsRootSessionsResponse: {
      type: 'structure',
      members: { OrganizationId: 'OrganizationIdType', EnabledFeatures: 'FeaturesListType' },
      required: [],
    },
    FeatureType: { type: 'string', enum: ['RootCredentialsManagement', 'RootSessions'] },
    FeaturesListType: { type: 'list', member: 'FeatureType' },
    OrganizationIdType: { type: 'string', max: 34, pattern: '^o-[a-z0-9]{10,32}$' },
  },
}
