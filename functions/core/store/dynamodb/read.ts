import { MAX_SORT_KEY_BYTES } from '../limits.ts'
import type { Item, Key, Page, QueryOptions } from '../port.ts'
import { compareUtf8 } from '../utf8-order.ts'
import { MalformedAnswer, toItem, toKey } from './attribute-values.ts'
import { UnprocessedKeys } from './failures.ts'
import { untilAnswered } from './retry.ts'
import type { Table } from './table.ts'
import { PARTITION_KEY, SORT_KEY } from './table-definition.ts'

/** One item by a consistent read; undefined only when DynamoDB answered that there is none. */
export async function getItem({ name, dynamoDb, pace }: Table, key: Key): Promise<Item | undefined> {
  const input = { TableName: name, Key: toKey(key), ConsistentRead: true }
  return untilAnswered(pace, async (attempt) => {
    const { Item } = await dynamoDb.call('GetItem', input, attempt)
    if (!Item) return undefined
    const item = toItem(Item)
    if (identity(item) !== identity(key)) throw new MalformedAnswer('an item that was not asked for')
    return item
  })
}

/**
 * Up to 100 items by consistent reads. Keys that DynamoDB leaves unprocessed are asked for again; when some are left at
 * the end the whole call is refused, so that "not read" never looks like "not there".
 */
export async function getItems(
  { name, dynamoDb, pace }: Table,
  keys: readonly Key[],
): Promise<readonly (Item | undefined)[]> {
  const found = new Map<string, Item>()
  // DynamoDB refuses a batch that names a key twice.
  let pending: readonly Key[] = [...new Map(keys.map((key) => [identity(key), key])).values()]
  if (pending.length > 0) {
    await untilAnswered(pace, async (attempt) => {
      const asked = { Keys: pending.map(toKey), ConsistentRead: true }
      const answer = await dynamoDb.call('BatchGetItem', { RequestItems: { [name]: asked } }, attempt)
      const left = (answer.UnprocessedKeys?.[name]?.Keys ?? []).map(toItem)
      const items = answer.Responses?.[name]
      if (!items && left.length === 0) throw new MalformedAnswer('a batch without this table')
      const expected = new Set(pending.map(identity))
      const answered = (items ?? []).map(toItem)
      for (const item of [...answered, ...left]) {
        if (!expected.delete(identity(item))) throw new MalformedAnswer('an item that was not asked for')
      }
      for (const item of answered) found.set(identity(item), item)
      pending = left
      if (left.length > 0) throw new UnprocessedKeys()
    })
  }
  return keys.map((key) => found.get(identity(key)))
}

/**
 * A page of one partition. DynamoDB ends its own pages at 1 MB, so they are read until the limit or the end; one item more
 * than the limit tells whether there is another page.
 */
export async function queryItems(table: Table, pk: string, options: QueryOptions): Promise<Page> {
  const { prefix = '', after = '', limit = Number.POSITIVE_INFINITY } = options
  if (Buffer.byteLength(prefix) > MAX_SORT_KEY_BYTES) return { items: [] }
  const startsInside = after.startsWith(prefix)
  if (!startsInside && compareUtf8(after, prefix) > 0) return { items: [] }

  const items: Item[] = []
  // DynamoDB refuses a start outside of the prefix; one before it is no start at all.
  let start = startsInside && after !== '' ? after : undefined
  do {
    const page = await queryPage(table, { pk, prefix, start, limit: limit + 1 - items.length })
    items.push(...page.items)
    start = page.next
  } while (start !== undefined && items.length <= limit)

  const wanted = items.slice(0, limit)
  const last = wanted.at(-1)
  return last && items.length > wanted.length ? { items: wanted, next: last.sk } : { items: wanted }
}

interface PageOptions {
  readonly pk: string
  readonly prefix: string
  readonly start: string | undefined
  readonly limit: number
}

/** One page as DynamoDB makes it; `next` is where the following one starts. */
function queryPage({ name, dynamoDb, pace }: Table, { pk, prefix, start, limit }: PageOptions): Promise<Page> {
  const input = {
    TableName: name,
    ConsistentRead: true,
    KeyConditionExpression: prefix === '' ? '#pk = :pk' : '#pk = :pk AND begins_with(#sk, :prefix)',
    ExpressionAttributeNames: { '#pk': PARTITION_KEY, ...(prefix !== '' && { '#sk': SORT_KEY }) },
    ExpressionAttributeValues: { ':pk': { S: pk }, ...(prefix !== '' && { ':prefix': { S: prefix } }) },
    ExclusiveStartKey: start === undefined ? undefined : toKey({ pk, sk: start }),
    Limit: Number.isFinite(limit) ? limit : undefined,
  }
  return untilAnswered(pace, async (attempt) => {
    const { Items, LastEvaluatedKey } = await dynamoDb.call('Query', input, attempt)
    if (!Array.isArray(Items)) throw new MalformedAnswer('a page without items')
    const items = Items.map(toItem)
    const end = LastEvaluatedKey && toItem(LastEvaluatedKey)
    if (items.some((item) => item.pk !== pk)) throw new MalformedAnswer('an item of another partition')
    // A page that ends where it began would be asked for without end.
    if (end && (end.pk !== pk || compareUtf8(end.sk, start ?? '') <= 0)) throw new MalformedAnswer('a page without end')
    return end ? { items, next: end.sk } : { items }
  })
}

const identity = ({ pk, sk }: Key) => JSON.stringify([pk, sk])
