// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const generateCredentialReportModel: OperationModel = {
  name: 'GenerateCredentialReport',
  service: 'iam',
  output: 'GenerateCredentialReportResponse',
  errors: { LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    GenerateCredentialReportResponse: {
      type: 'structure',
      members: { State: 'ReportStateType', Description: 'ReportStateDescriptionType' },
      required: [],
    },
    ReportStateDescriptionType: { type: 'string' },
    ReportStateType: { type: 'string', enum: ['STARTED', 'INPROGRESS', 'COMPLETE'] },
  },
}
