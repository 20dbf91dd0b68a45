import type { DeleteItemInput, PutItemInput, UpdateItemInput } from '@aws-sdk/client-dynamodb'
import { AwsError } from '../../aws/error.ts'
import { type Changes, type Condition, ConditionFailed, type Item, type Key, StoreUnavailable } from '../port.ts'
import { type AttributeMap, MalformedAnswer, toAttributeMap, toItem, toKey, WRITE_ID } from './attribute-values.ts'
import { expressions } from './expressions.ts'
import { type Attempt, untilAnswered } from './retry.ts'
import type { Table } from './table.ts'

/** Replaces the item. */
export async function putItem(table: Table, item: Item, condition?: Condition): Promise<void> {
  const writeId = condition && table.newWriteId()
  const input: PutItemInput = {
    TableName: table.name,
    Item: { ...toAttributeMap(item), ...(writeId !== undefined && { [WRITE_ID]: { S: writeId } }) },
    ...expressions(condition),
  }
  await write(table, item, writeId, (attempt) =>
    table.dynamoDb.call('PutItem', { ...input, ...askForOld(attempt) }, attempt),
  )
}

/** Changes the item and answers it as it is then. An addition is never sent twice, unless DynamoDB said that it did not happen. */
export async function updateItem(table: Table, key: Key, changes: Changes, condition?: Condition): Promise<Item> {
  const writeId = condition && table.newWriteId()
  const input: UpdateItemInput = {
    TableName: table.name,
    Key: toKey(key),
    ReturnValues: 'ALL_NEW',
    ...expressions(condition, changes, writeId),
  }
  const repeatable = Object.keys(changes.add ?? {}).length === 0
  return write(
    table,
    key,
    writeId,
    async (attempt) => {
      const { Attributes } = await table.dynamoDb.call('UpdateItem', { ...input, ...askForOld(attempt) }, attempt)
      if (!Attributes) throw new MalformedAnswer('an update without its item')
      return toItem(Attributes)
    },
    repeatable,
  )
}

/** Removes the item. A removal leaves nothing to recognise it by, so one with a condition whose answer was lost may end in doubt. */
export async function deleteItem(table: Table, key: Key, condition?: Condition): Promise<void> {
  const input: DeleteItemInput = { TableName: table.name, Key: toKey(key), ...expressions(condition) }
  await write(table, key, undefined, (attempt) => table.dynamoDb.call('DeleteItem', input, attempt))
}

/**
 * Sends a write until it is answered. The danger is a conditional write that happened while its answer was lost: sent
 * again, its own effect makes the condition fail. So after a doubtful attempt a failed condition is not believed: if the
 * item carries this write's id, the write happened; if not, it may have happened and been overwritten, which nobody can
 * tell, and the call ends in StoreUnavailable. ConditionFailed is thus always true, and one writer at most hears success.
 */
async function write<T>(
  table: Table,
  key: Key,
  writeId: string | undefined,
  send: (attempt: Attempt) => Promise<T>,
  repeatable = true,
): Promise<T | Item> {
  return untilAnswered(
    table.pace,
    async (attempt) => {
      try {
        return await send(attempt)
      } catch (error) {
        if (!isConditionalCheckFailed(error)) throw error
        if (!attempt.inDoubt) throw new ConditionFailed(key)
        const stored = error.members.Item ?? (await readBack(table, key, attempt))
        if (writeId !== undefined && stored?.[WRITE_ID]?.S === writeId) return toItem(stored)
        throw new StoreUnavailable('whether the write happened cannot be told')
      }
    },
    { repeatable },
  )
}

/** DynamoDB then sends the item along with a failed condition, so that no read and no right to read is needed. */
const askForOld = ({ inDoubt }: Attempt) => inDoubt && ({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const)

/** For servers that do not know ReturnValuesOnConditionCheckFailure. */
async function readBack({ name, dynamoDb }: Table, key: Key, attempt: Attempt): Promise<AttributeMap | undefined> {
  const input = { TableName: name, Key: toKey(key), ConsistentRead: true }
  return (await dynamoDb.call('GetItem', input, attempt)).Item
}

const isConditionalCheckFailed = (
  error: unknown,
): error is AwsError & { readonly members: { readonly Item?: AttributeMap } } =>
  error instanceof AwsError && error.name === 'ConditionalCheckFailedException'
