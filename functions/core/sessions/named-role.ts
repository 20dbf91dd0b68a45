import { parseArn } from '../arn.ts'
import { StsError } from '../errors.ts'
import { isAccountId } from '../store/entities/account.ts'

/** What a role's ARN says. That there is such a role is still to be seen, and its ARN to be compared: names fold case. */
export interface NamedRole {
  readonly account: string
  /** Without its path. */
  readonly roleName: string
  readonly roleArn: string
}

/** Reads the ARN of the role that a caller names; `undefined` when it names none. */
export function parseRoleArn(unverifiedArn: string): NamedRole | undefined {
  const arn = parseArn(unverifiedArn)
  const [, roleName] = /^role\/(?:.*\/)?([\w+=,.@-]{1,64})$/.exec(arn?.resource ?? '') ?? []
  if (!arn?.partition.startsWith('aws') || arn.service !== 'iam') return undefined
  if (roleName === undefined || !isAccountId(arn.account)) return undefined
  return { account: arn.account, roleName, roleArn: unverifiedArn }
}

/** As `parseRoleArn`, for a caller that must name a role. The model has let only ARNs pass. Throws ValidationError. */
export function namedRole(unverifiedArn: string): NamedRole {
  const role = parseRoleArn(unverifiedArn)
  if (role) return role
  throw new StsError(
    'ValidationError',
    'Request ARN is invalid: it must name a role, as arn:aws:iam::<account>:role/<name>',
  )
}
