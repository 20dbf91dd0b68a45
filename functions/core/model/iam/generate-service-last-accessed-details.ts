// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const generateServiceLastAccessedDetailsModel: OperationModel = {
  name: 'GenerateServiceLastAccessedDetails',
  service: 'iam',
  input: 'GenerateServiceLastAccessedDetailsRequest',
  output: 'GenerateServiceLastAccessedDetailsResponse',
  errors: { NoSuchEntity: 404, InvalidInput: 400 },
  shapes: {
    AccessAdvisorUsageGranularityType: { type: 'string', enum: ['SERVICE_LEVEL', 'ACTION_LEVEL'] },
    GenerateServiceLastAccessedDetailsRequest: {
      type: 'structure',
      required: ['Arn'],
      members: { Arn: 'arnType', Granularity: 'AccessAdvisorUsageGranularityType' },
    },
    GenerateServiceLastAccessedDetailsResponse: { type: 'structure', members: { JobId: 'jobIDType' }, required: [] },
    arnType: { type: 'string', max: 2048, min: 20 },
    jobIDType: { type: 'string', max: 36, min: 36 },
  },
}
