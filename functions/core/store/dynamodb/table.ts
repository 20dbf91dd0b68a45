import type {
  BatchGetItemInput,
  BatchGetItemOutput,
  DeleteItemInput,
  DeleteItemOutput,
  GetItemInput,
  GetItemOutput,
  PutItemInput,
  PutItemOutput,
  QueryInput,
  QueryOutput,
  ScanInput,
  ScanOutput,
  UpdateItemInput,
  UpdateItemOutput,
} from '@aws-sdk/client-dynamodb'
import { type AwsConfig, awsClient } from '../../aws/client.ts'
import type { Pace } from './retry.ts'
import { wholeAnswer } from './whole-answers.ts'

/** DynamoDB's operations that the adapter uses, with what goes in and out of them. */
interface Operations {
  BatchGetItem: readonly [BatchGetItemInput, BatchGetItemOutput]
  DeleteItem: readonly [DeleteItemInput, DeleteItemOutput]
  GetItem: readonly [GetItemInput, GetItemOutput]
  PutItem: readonly [PutItemInput, PutItemOutput]
  Query: readonly [QueryInput, QueryOutput]
  Scan: readonly [ScanInput, ScanOutput]
  UpdateItem: readonly [UpdateItemInput, UpdateItemOutput]
}

/** DynamoDB itself. Calls once: repeating is `untilAnswered`'s, which knows what may be sent twice. */
export interface DynamoDb {
  call<Name extends keyof Operations>(
    operation: Name,
    input: Operations[Name][0],
    options: { readonly abortSignal: AbortSignal },
  ): Promise<Operations[Name][1]>
  close(): void
}

/** What every operation of the adapter works with. */
export interface Table {
  readonly name: string
  readonly dynamoDb: DynamoDb
  readonly pace: Pace
  /** A name for one conditional write that no other write has. */
  newWriteId(): string
}

/** DynamoDB over its JSON protocol, whose documents are the SDK's types as they are, but for bytes, which are never written. */
export function openDynamoDb(config: AwsConfig): DynamoDb {
  const client = awsClient('dynamodb', config)
  return {
    async call(operation, input, { abortSignal }) {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      }
      return wholeAnswer(await client.post({ headers, body: JSON.stringify(input), signal: abortSignal }))
    },
    close: client.close,
  }
}
