import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { MalformedAnswer } from './attribute-values.ts'

interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  body: Readable | Uint8Array
}

/**
 * Refuses a successful answer that is not a JSON object or does not have the checksum that DynamoDB sent with it
 * (`x-amz-crc32`). The SDK takes an empty answer for an empty object, which would read as "no such item".
 */
export function requireWholeAnswers(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      const answer = result.response as Answer
      if (answer.statusCode < 300) answer.body = await wholeBody(answer)
      return result
    },
    { name: 'requireWholeAnswers', step: 'deserialize', priority: 'low' },
  )
}

async function wholeBody({ body, headers }: Answer): Promise<Uint8Array> {
  const bytes = body instanceof Uint8Array ? body : await buffer(body)
  if (bytes[0] !== OPENING_BRACE) throw new MalformedAnswer('an answer that is no JSON object')
  const checksum = headers['x-amz-crc32']
  if (checksum !== undefined && Number(checksum) !== crc32(bytes))
    throw new MalformedAnswer('an answer of another checksum')
  return bytes
}

const OPENING_BRACE = 0x7b
