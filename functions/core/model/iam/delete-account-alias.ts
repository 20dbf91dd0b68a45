// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteAccountAliasModel: OperationModel = {
  name: 'DeleteAccountAlias',
  service: 'iam',
  input: 'DeleteAccountAliasRequest',
  errors: { ConcurrentModification: 409, NoSuchEntity: 404, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {
    DeleteAccountAliasRequest: {
      type: 'structure',
      required: ['AccountAlias'],
      members: { AccountAlias: 'accountAliasType' },
    },
    accountAliasType: { type: 'string', max: 63, min: 3, pattern: '^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$' },
  },
}
