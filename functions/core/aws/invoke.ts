import type { AwsClient } from './client.ts'
import { repeated } from './repeat.ts'

/** What an invoked function answered, as JSON; `failed` when it threw, or answered nothing. */
export type InvokeAnswer = { readonly payload: unknown } | { readonly failed: string }

/**
 * Calls a function and waits for its answer (Lambda's Invoke, RequestResponse). The reason of a failure is in that function's
 * log. Rejects with AwsError when Lambda does not call it.
 */
export async function invokeFunction(client: AwsClient, functionName: string, event: unknown): Promise<InvokeAnswer> {
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`
  const call = { path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) }
  const { headers, body } = await repeated(() => client.post(call))
  const failed = headers['x-amz-function-error']
  if (failed !== undefined || body.length === 0) return { failed: failed?.toString() ?? 'it answered nothing' }
  return { payload: JSON.parse(body.toString('utf8')) }
}
