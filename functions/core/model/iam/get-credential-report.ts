// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getCredentialReportModel: OperationModel = {
  name: 'GetCredentialReport',
  service: 'iam',
  output: 'GetCredentialReportResponse',
  errors: { ReportNotPresent: 410, ReportExpired: 410, ReportInProgress: 404, ServiceFailure: 500 },
  shapes: {
    GetCredentialReportResponse: {
      type: 'structure',
      members: { Content: 'ReportContentType', ReportFormat: 'ReportFormatType', GeneratedTime: 'dateType' },
      required: [],
    },
    ReportContentType: { type: 'blob' },
    ReportFormatType: { type: 'string', enum: ['text/csv'] },
    dateType: { type: 'timestamp' },
  },
}
