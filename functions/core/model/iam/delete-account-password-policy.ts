// Written by scripts/extract-model.py from botocore 1.44.5 (see NOTICE). Do not edit: run it again.
import type { OperationModel } from '../types.ts'

export const deleteAccountPasswordPolicyModel: OperationModel = {
  name: 'DeleteAccountPasswordPolicy',
  service: 'iam',
  errors: { NoSuchEntity: 404, LimitExceeded: 409, ServiceFailure: 500 },
  shapes: {},
}
