import { AwsError } from '../../aws/error.ts'
import { ConditionFailed, StoreUnavailable } from '../port.ts'

/**
 * What a failed call says about the table. `verdict`: this is the answer, hand it on. `invalid`: refused for what it is,
 * however often it is sent. `refused`: the table will not serve us (rights, name, credentials). `not executed`: certainly
 * nothing happened. `in doubt`: the call may have been executed, or may yet be.
 */
type Failure = 'verdict' | 'invalid' | 'refused' | 'not executed' | 'in doubt'

const THROTTLES = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
])

/** Reads an error of a call; one that it does not know is in doubt, never an answer. A 500 may follow a write that happened. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ConditionFailed || error instanceof StoreUnavailable) return 'verdict'
  const { name, code, status } = traits(error)
  if (THROTTLES.has(name) || status === 429 || code === 'ECONNREFUSED') return 'not executed'
  if (name === 'ValidationException') return 'invalid'
  return status >= 400 && status < 500 ? 'refused' : 'in doubt'
}

/** DynamoDB left keys of a batch for later. Reads alone end so, and they may always be repeated. */
export class UnprocessedKeys extends Error {
  override readonly name = 'UnprocessedKeys'
}

/**
 * One line for the operator: the error's name, its code, the HTTP status and AWS's request id. Never its message or cause,
 * which may quote what was written.
 */
export function describeFailure(error: unknown): string {
  const { name, code, status, requestId } = traits(error)
  return [name, code, status > 0 ? `HTTP ${status}` : '', requestId && `request ${requestId}`]
    .filter(Boolean)
    .join(', ')
}

function traits(error: unknown) {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown }
  const { status, requestId } = error instanceof AwsError ? error : { status: 0, requestId: '' }
  return {
    name: typeof name === 'string' ? name : 'Error',
    code: typeof code === 'string' ? code : '',
    status,
    requestId,
  }
}
