// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const generateOrganizationsAccessReportModel: OperationModel = {
  name: 'GenerateOrganizationsAccessReport',
  service: 'iam',
  input: 'GenerateOrganizationsAccessReportRequest',
  output: 'GenerateOrganizationsAccessReportResponse',
  errors: { ReportGenerationLimitExceeded: 409 },
  shapes: {
    GenerateOrganizationsAccessReportRequest: {
      type: 'structure',
      required: ['EntityPath'],
      members: { EntityPath: 'organizationsEntityPathType', OrganizationsPolicyId: 'organizationsPolicyIdType' },
    },
    GenerateOrganizationsAccessReportResponse: { type: 'structure', members: { JobId: 'jobIDType' }, required: [] },
    jobIDType: { type: 'string', max: 36, min: 36 },
    organizationsEntityPathType: {
      type: 'string',
      max: 427,
      min: 19,
      pattern: '^o-[0-9a-z]{10,32}\\/r-[0-9a-z]{4,32}[0-9a-z-\\/]*',
    },
    organizationsPolicyIdType: { type: 'string', pattern: '^p-[0-9a-zA-Z_]{8,128}$' },
  },
}
