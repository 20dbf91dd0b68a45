// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const createAccountAliasModel: OperationModel = {
  name: 'CreateAccountAlias',
  service: 'iam',
  input: 'CreateAccountAliasRequest',
  errors: { ConcurrentModification: 409, EntityAlreadyExists: 409, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    CreateAccountAliasRequest: {
      type: 'structure',
      required: ['AccountAlias'],
      members: { AccountAlias: 'accountAliasType' },
    },
    accountAliasType: { type: 'string', max: 63, min: 3, pattern: '^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$' },
  },
}
