// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const decodeAuthorizationMessageModel: OperationModel = {
  name: 'DecodeAuthorizationMessage',
  service: 'sts',
  input: 'DecodeAuthorizationMessageRequest',
  output: 'DecodeAuthorizationMessageResponse',
  errors: { InvalidAuthorizationMessageException: 400 },
  shapes: {
    DecodeAuthorizationMessageRequest: {
      type: 'structure',
      required: ['EncodedMessage'],
      members: { EncodedMessage: 'encodedMessageType' },
    },
    DecodeAuthorizationMessageResponse: {
      type: 'structure',
      members: { DecodedMessage: 'decodedMessageType' },
      required: [],
    },
    decodedMessageType: { type: 'string' },
    encodedMessageType: { type: 'string', max: 10240, min: 1, sensitive: true },
  },
}
