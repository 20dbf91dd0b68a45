import type { Item } from '../port.ts'
import { type AttributeMap, MalformedAnswer, toItem } from './attribute-values.ts'
import { untilAnswered } from './retry.ts'
import type { Table } from './table.ts'
import { PARTITION_KEY, SORT_KEY } from './table-definition.ts'

/**
 * Every item of some kinds, with its key and only these attributes. Reads the whole table, so it is for upkeep in the
 * background and on no request's path; items that are written meanwhile may or may not be among them. Rejects with
 * StoreUnavailable when a page cannot be had: a sweep that missed a part must not look whole.
 */
export async function* scanItems(
  { name, dynamoDb, pace }: Table,
  kinds: readonly string[],
  attributes: readonly string[],
): AsyncGenerator<Item> {
  const names = [PARTITION_KEY, SORT_KEY, ...attributes]
  const input = {
    TableName: name,
    ConsistentRead: true,
    FilterExpression: kinds.map((_, index) => `begins_with(#0, :${index})`).join(' OR '),
    ProjectionExpression: names.map((_, index) => `#${index}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(names.map((attribute, index) => [`#${index}`, attribute])),
    ExpressionAttributeValues: Object.fromEntries(kinds.map((kind, index) => [`:${index}`, { S: `${kind}#` }])),
    Select: 'SPECIFIC_ATTRIBUTES' as const,
  }
  const page = (start: AttributeMap | undefined) =>
    untilAnswered(pace, async (attempt) => {
      const answer = await dynamoDb.call('Scan', { ...input, ExclusiveStartKey: start }, attempt)
      if (!Array.isArray(answer.Items)) throw new MalformedAnswer('a page without items')
      return { items: answer.Items.map(toItem), next: answer.LastEvaluatedKey }
    })
  let start: AttributeMap | undefined
  do {
    const { items, next } = await page(start)
    yield* items
    start = next
  } while (start)
}
