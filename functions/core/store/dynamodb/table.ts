import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import type { Pace } from './retry.ts'
import { requireWholeAnswers } from './whole-answers.ts'

/** What every operation of the adapter works with. */
export interface Table {
  readonly name: string
  readonly client: DynamoDBClient
  readonly pace: Pace
  /** A name for one conditional write that no other write has. */
  newWriteId(): string
}

/**
 * A client that tries once: repeating is `untilAnswered`'s, which knows what may be sent twice. Region, credentials and
 * endpoint come from the environment unless they are given.
 */
export function singleAttemptClient(config: DynamoDBClientConfig): DynamoDBClient {
  const client = new DynamoDBClient({
    endpointDiscoveryEnabled: false,
    requestHandler: { connectionTimeout: 1000 },
    ...config,
    maxAttempts: 1,
  })
  requireWholeAnswers(client)
  return client
}
