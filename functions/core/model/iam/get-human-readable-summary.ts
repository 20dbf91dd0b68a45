// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const getHumanReadableSummaryModel: OperationModel = {
  name: 'GetHumanReadableSummary',
  service: 'iam',
  input: 'GetHumanReadableSummaryRequest',
  output: 'GetHumanReadableSummaryResponse',
  errors: { InvalidInput: 400, NoSuchEntity: 404, ServiceFailure: 500 },
  shapes: {
    GetHumanReadableSummaryRequest: {
      type: 'structure',
      required: ['EntityArn'],
      members: { EntityArn: 'arnType', Locale: 'localeType' },
    },
    GetHumanReadableSummaryResponse: {
      type: 'structure',
      members: { SummaryContent: 'summaryContentType', Locale: 'localeType', SummaryState: 'summaryStateType' },
      required: [],
    },
    arnType: { type: 'string', max: 2048, min: 20 },
    localeType: { type: 'string', max: 12, min: 2 },
    summaryContentType: { type: 'string', max: 10000, min: 0 },
    summaryStateType: { type: 'string', enum: ['AVAILABLE', 'NOT_AVAILABLE', 'NOT_SUPPORTED', 'FAILED'] },
  },
}
