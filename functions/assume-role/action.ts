import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { namedRows } from '@daypass/core/authentication/named-rows.ts'
import { type CallerAndRows, queryCallerAlongside } from '@daypass/core/authentication/query-caller.ts'
import { type QueryOperation, signedOperation } from '@daypass/core/http/query-operation.ts'
import { assumeRoleModel } from '@daypass/core/model/sts/assume-role.ts'
import { namedRole } from '@daypass/core/sessions/named-role.ts'
import { assumeOwnRights } from './own-rights.ts'
import { assumeNamedRole } from './role-session.ts'

/**
 * AssumeRole: a session of a role whose trust policy, and the caller's own policies, say so; or, without a role, a session
 * of the caller's own rights within a policy (MinIO).
 */
export function assumeRole(deps: CredentialDeps): QueryOperation {
  return signedOperation<AssumeRoleRequest, AssumeRoleResponse, CallerAndRows>(
    assumeRoleModel,
    (exchange) => queryCallerAlongside(deps, 'sts', exchange, namedRows(exchange)),
    (input, exchange, { caller, rows }) =>
      namesNoRole(input.RoleArn)
        ? assumeOwnRights(deps, input, exchange, caller, rows)
        : assumeNamedRole(deps, input, namedRole(input.RoleArn ?? ''), exchange, caller, rows),
  )
}

/**
 * MinIO's clients send no role, a placeholder such as `arn:xxx:xxx:xxx:xxxx`, or an ARN of MinIO's own. What looks like an
 * ARN of AWS's or like any other role's is a slip, in whatever case, and a slip must not give more rights than the role
 * would have.
 */
function namesNoRole(unverifiedArn: string | undefined): boolean {
  if (unverifiedArn === undefined || unverifiedArn.startsWith('arn:minio:')) return true
  return !/^\s*arn:aws|:role\//i.test(unverifiedArn)
}
