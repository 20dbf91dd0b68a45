import { crc32 } from 'node:zlib'
import type { Answer } from '../../aws/transport.ts'
import { MalformedAnswer } from './attribute-values.ts'

/**
 * Reads a successful answer. Throws MalformedAnswer for one that is not a JSON object or does not have the checksum that
 * DynamoDB sent with it (`x-amz-crc32`): an empty one would read as "no such item".
 */
export function wholeAnswer<T extends object>({ headers, body }: Answer): T {
  const checksum = headers['x-amz-crc32']
  if (checksum !== undefined && Number(checksum) !== crc32(body)) {
    throw new MalformedAnswer('an answer of another checksum')
  }
  if (body[0] !== OPENING_BRACE) throw new MalformedAnswer('an answer that is no JSON object')
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    // What JSON.parse says quotes the text.
    throw new MalformedAnswer('an answer that is no JSON object')
  }
}

const OPENING_BRACE = 0x7b
