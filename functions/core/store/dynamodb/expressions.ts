import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Changes, Condition, Value } from '../port.ts'
import { toAttributeValue, toName, WRITE_ID } from './attribute-values.ts'
import { PARTITION_KEY } from './table-definition.ts'

/** What the write commands take beside the expressions. */
interface ExpressionInput {
  ConditionExpression?: string
  UpdateExpression?: string
  ExpressionAttributeNames?: Record<string, string>
  ExpressionAttributeValues?: Record<string, AttributeValue>
}

/**
 * A condition and changes in DynamoDB's expression language. No name or value of ours ever stands in an expression: each
 * has a placeholder, so that reserved words, dots and brackets mean nothing.
 */
export function expressions(
  condition: Condition | undefined,
  changes: Changes = {},
  writeId?: string,
): ExpressionInput {
  const names: Record<string, string> = {}
  const values: Record<string, AttributeValue> = {}
  const wireNameFor = (name: string) => {
    const placeholder = `#n${Object.keys(names).length}`
    names[placeholder] = name
    return placeholder
  }
  const nameFor = (name: string) => wireNameFor(toName(name))
  const valueFor = (value: Value) => {
    const placeholder = `:v${Object.keys(values).length}`
    values[placeholder] = toAttributeValue(value)
    return placeholder
  }

  const conditions: string[] = []
  if (condition) conditions.push(`attribute_${condition.exists ? '' : 'not_'}exists(${nameFor(PARTITION_KEY)})`)
  for (const [name, value] of Object.entries((condition?.exists && condition.equals) || {})) {
    conditions.push(value === null ? `attribute_not_exists(${nameFor(name)})` : `${nameFor(name)} = ${valueFor(value)}`)
  }
  const sets = Object.entries(changes.set ?? {}).map(([name, value]) => `${nameFor(name)} = ${valueFor(value)}`)
  if (writeId !== undefined) sets.push(`${wireNameFor(WRITE_ID)} = ${valueFor(writeId)}`)
  const clauses = [
    clause('SET', sets),
    clause(
      'ADD',
      Object.entries(changes.add ?? {}).map(([name, value]) => `${nameFor(name)} ${valueFor(value)}`),
    ),
    clause('REMOVE', (changes.remove ?? []).map(nameFor)),
  ].flat()

  return {
    ...(conditions.length > 0 && { ConditionExpression: conditions.join(' AND ') }),
    ...(clauses.length > 0 && { UpdateExpression: clauses.join(' ') }),
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  }
}

const clause = (verb: string, parts: readonly string[]) => (parts.length > 0 ? [`${verb} ${parts.join(', ')}`] : [])
