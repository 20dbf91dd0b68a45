import { isJsonObject, member, parseStrictJsonObject } from '../identity/strict-json.ts'

/**
 * Whether the body of a webhook's answer allows: `{"result": true}` or `{"result": {"allow": true}}` (MinIO, "Access
 * Management Plugin Guide"), with any other members beside it. Only the JSON value true allows. Throws NotStrictJson.
 */
export function parseAnswer(body: Uint8Array): boolean {
  const result = member(parseStrictJsonObject(body), 'result')
  return result === true || (isJsonObject(result) && member(result, 'allow') === true)
}
