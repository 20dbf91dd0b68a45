import { BootstrapError } from '@daypass/core/bootstrap/document.ts'
import type { Log } from '@daypass/core/deps.ts'
import { StsError } from '@daypass/core/errors.ts'
import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda'

/** One resource stands for all that was applied, so that an update never replaces it. */
const PHYSICAL_RESOURCE_ID = 'bootstrap'

/** CloudFormation takes at most 4,096 bytes of answer. */
const LONGEST_REASON = 1000

/**
 * Runs `apply` for a create or an update and tells CloudFormation how it went, whatever happens: a resource that is not
 * answered for keeps a deploy waiting. Deleting the resource deletes nothing; accounts and keys outlive the stack.
 */
export async function answerCloudFormation(
  event: CloudFormationCustomResourceEvent,
  apply: () => Promise<void>,
  log: Log,
  put: (url: string, body: string) => Promise<void> = putAnswer,
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event
  const identity = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: PHYSICAL_RESOURCE_ID }
  let answer: CloudFormationCustomResourceResponse
  try {
    if (event.RequestType !== 'Delete') await apply()
    answer = { ...identity, Status: 'SUCCESS' }
  } catch (error) {
    log.error({ event: 'BootstrapFailed', error: error instanceof Error ? error.message : 'not an Error' })
    answer = { ...identity, Status: 'FAILED', Reason: reasonFor(error) }
  }
  await put(event.ResponseURL, JSON.stringify(answer))
}

/** What the stack's events show: flaws of the document in full, faults of the machinery only in the function's log. */
function reasonFor(error: unknown): string {
  if (error instanceof BootstrapError || error instanceof StsError) return error.message.slice(0, LONGEST_REASON)
  return 'The bootstrap document could not be applied; the log of the function daypass-bootstrap says why'
}

async function putAnswer(url: string, body: string): Promise<void> {
  // The presigned URL covers an empty content type.
  const response = await fetch(url, { method: 'PUT', headers: { 'content-type': '' }, body })
  if (!response.ok) throw new Error(`CloudFormation took no answer: status ${response.status}`)
}
