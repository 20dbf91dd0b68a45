import type { Caller } from '@daypass/core/authentication/caller.ts'
import type { CredentialDeps } from '@daypass/core/authentication/credentials.ts'
import { queryCaller } from '@daypass/core/authentication/query-caller.ts'
import { demand } from '@daypass/core/authorization/demand.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { Exchange } from '@daypass/core/http/operation.ts'
import { type QueryOperation, signedOperation } from '@daypass/core/http/query-operation.ts'
import type { OperationModel } from '@daypass/core/model/types.ts'
import { type Dialect, dialectOf } from '@daypass/core/store/entities/account.ts'
import type { Store } from '@daypass/core/store/port.ts'

/** One call of an IAM operation: who calls, in which account, and what it works with. */
export interface IamCall {
  readonly caller: Caller
  /** The caller's own account: no IAM operation reaches another. */
  readonly account: string
  readonly dialect: Dialect
  readonly deps: CredentialDeps
  readonly store: Store
  readonly exchange: Exchange
  /** Seconds since the epoch. */
  readonly now: number
  /**
   * Throws AccessDenied unless the caller's policies allow the action on the resource. Call it before anything is told or
   * changed. `shown` stands in the denial in place of the resource's ARN, which may tell more than the request did.
   */
  demand(
    action: string,
    resource: string,
    context?: ReadonlyMap<string, readonly string[]>,
    shown?: string,
  ): Promise<void>
}

/** An operation of the IAM API: its model, and what it does for a proven caller. It asks for the right to do so itself. */
export type IamOperation = (deps: CredentialDeps) => QueryOperation

export function iamOperation<Input, Output>(
  model: OperationModel,
  run: (call: IamCall, input: Input) => Promise<Output>,
): IamOperation {
  return (deps) =>
    signedOperation<Input, Output, Caller>(
      model,
      (exchange) => queryCaller(deps, 'iam', exchange),
      (input, exchange, caller) => run(iamCall(deps, exchange, caller), input),
    )
}

function iamCall(deps: CredentialDeps, exchange: Exchange, caller: Caller): IamCall {
  const { account } = caller
  const { request, startedAt } = exchange
  return {
    caller,
    account,
    dialect: dialectOf(account),
    deps,
    store: deps.store,
    exchange,
    now: Math.floor(startedAt / 1000),
    async demand(action, resource, context = new Map(), shown = resource) {
      const question = { action, resource, context, request, now: startedAt }
      try {
        await demand(deps.sessionRing, caller, question)
      } catch (error) {
        throw shown === resource ? error : inOtherWords(error, resource, shown)
      }
    },
  }
}

/** The log keeps the ARN: the detail of the refusal stays. */
function inOtherWords(error: unknown, resource: string, shown: string): unknown {
  if (!(error instanceof StsError) || error.code !== 'AccessDenied') return error
  return new StsError(
    error.code,
    error.message.replace(`on resource: ${resource} `, () => `on resource: ${shown} `),
    {
      detail: error.detail,
    },
  )
}
