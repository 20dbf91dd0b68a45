import type { Secrets } from '../../functions/bootstrap/secrets.ts'

export interface FakeSecrets extends Secrets {
  readonly values: Map<string, string>
}

/** Secrets in memory; `fill` refuses a second first value, as Secrets Manager does. */
export function fakeSecrets(values = new Map<string, string>()): FakeSecrets {
  return {
    values,
    find: async (arn) => values.get(arn),
    async fill(arn, value) {
      if (values.has(arn)) throw new Error('ResourceExistsException')
      values.set(arn, value)
    },
    async replace(arn, value) {
      values.set(arn, value)
    },
  }
}
