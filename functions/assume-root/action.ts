import type { AssumeRootRequest, AssumeRootResponse } from '@aws-sdk/client-sts'
import { rootArn } from '@daypass/core/arn.ts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { type CallerAndRows, queryCallerAlongside } from '@daypass/core/authentication/query-caller.ts'
import { prepareQuestion } from '@daypass/core/authorization/authorize.ts'
import { silentAccessDenied } from '@daypass/core/authorization/demand.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { readParams } from '@daypass/core/http/params.ts'
import { type QueryOperation, signedOperation } from '@daypass/core/http/query-operation.ts'
import { assumeRootModel } from '@daypass/core/model/sts/assume-root.ts'
import { decide } from '@daypass/core/policy/decide.ts'
import { lineageFrom } from '@daypass/core/sessions/chain.ts'
import { sessionEnd } from '@daypass/core/sessions/duration.ts'
import { mintSession, tokenFigures } from '@daypass/core/sessions/mint.ts'
import { isAccountId } from '@daypass/core/store/entities/account.ts'
import { accountKey } from '@daypass/core/store/keys.ts'
import { taskPolicies } from './task-policies.ts'

export interface AssumeRootDeps extends CredentialDeps {
  /** The account whose administrators may act on the others. Absent: nobody may. */
  readonly defaultAccount?: string
}

const LONGEST_SECONDS = 900

/**
 * AssumeRoot: an administrator of the default account gets a session of another account's root that can do one task.
 * Throws the same AccessDenied for an account that is not there.
 */
export function assumeRoot(deps: AssumeRootDeps): QueryOperation {
  return signedOperation<AssumeRootRequest, AssumeRootResponse, CallerAndRows>(
    assumeRootModel,
    (exchange) => queryCallerAlongside(deps, 'sts', exchange, namedAccount(exchange)),
    (input, exchange, caller) => takeRoot(deps, input, exchange, caller),
  )
}

async function takeRoot(
  deps: AssumeRootDeps,
  input: AssumeRootRequest,
  exchange: Exchange,
  { caller, rows }: CallerAndRows,
): Promise<AssumeRootResponse> {
  const { request, startedAt, audit } = exchange
  const target = targetAccount(input.TargetPrincipal ?? '')
  if (target === undefined) {
    throw new StsError('ValidationError', 'TargetPrincipal must be an account id or the ARN of an account’s root')
  }
  const taskArn = input.TaskPolicyArn?.arn ?? ''
  const taskPolicy = taskPolicies.get(taskArn)
  if (taskPolicy === undefined) {
    throw new StsError('ValidationError', `TaskPolicyArn must be one of ${[...taskPolicies.keys()].join(', ')}`)
  }
  audit.role = rootArn(target)
  const prepared = await prepareQuestion(caller, {
    action: 'sts:AssumeRoot',
    resource: rootArn(target),
    context: new Map([['sts:TaskPolicyArn', [taskArn]]]),
    request,
    now: startedAt,
  })
  const denied = (reason: string) => silentAccessDenied(deps.sessionRing, caller, prepared, reason)
  if (caller.account !== deps.defaultAccount) {
    throw await denied('the caller is not of the default account')
  }
  const { outcome } = decide(prepared.request, prepared.policies)
  if (outcome !== 'allow') throw await denied(outcome)
  if (target === caller.account) throw await denied('the account is the caller’s own')
  if (!rows.get(accountKey(target))) throw await denied('there is no such account')

  const sourceIdentity = caller.session?.sourceIdentity
  const credentials = await mintSession(
    deps,
    {
      kind: 'root',
      account: target,
      madeBy: 'AssumeRoot',
      issuedAt: startedAt,
      expiresAt: sessionEnd(startedAt, input.DurationSeconds ?? LONGEST_SECONDS),
      sessionPolicy: taskPolicy,
      sessionPolicyArns: [],
      tags: [],
      transitiveTagKeys: [],
      claims: {},
      ...lineageFrom(caller, startedAt),
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    },
    input.MinimumSessionTokenSize,
  )
  audit.accessKeyId = credentials.AccessKeyId
  return {
    Credentials: credentials,
    ...tokenFigures(credentials),
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  }
}

/** The account that a text names, by its id or by its root's ARN. */
function targetAccount(unverified: string): string | undefined {
  const [, account = unverified] = /^arn:aws:iam::([^:]*):root$/.exec(unverified) ?? []
  return isAccountId(account) ? account : undefined
}

function namedAccount({ request }: Exchange) {
  const target = targetAccount(readParams(request).get('TargetPrincipal') ?? '')
  return target === undefined ? [] : [accountKey(target)]
}
