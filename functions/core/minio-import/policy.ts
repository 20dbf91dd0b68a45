import { StsError } from '../errors.ts'
import { isJsonObject, type Json, type JsonObject, member } from '../identity/strict-json.ts'
import { builtInPolicies } from '../managed-policies/built-in.ts'
import { parsePolicy } from '../policy/parse.ts'
import { dialectOf } from '../store/entities/account.ts'

/** Services whose statements MinIO keeps without a resource, because their actions have none. */
const WITHOUT_RESOURCE = /^(?:admin|kms|sts|sts-admin):/i

/**
 * MinIO's policy as one that Daypass reads alike: version 2012-10-17, whose variables MinIO always replaces; `"Resource": "*"`
 * where MinIO needs none; without names of statements, which MinIO lets be anything. Throws StsError when it cannot be one.
 */
export function convertPolicy(policy: JsonObject, account: string): JsonObject {
  const statements = member(policy, 'Statement') ?? []
  const list = Array.isArray(statements) ? statements : [statements]
  const document = { Version: '2012-10-17', Statement: list.map((statement: Json) => convertStatement(statement)) }
  parsePolicy(JSON.stringify(document), { kind: 'identity', dialect: dialectOf(account) })
  return document
}

function convertStatement(statement: Json): Json {
  if (!isJsonObject(statement)) return statement
  const { Sid: _, ...kept } = statement
  const present = Object.fromEntries(Object.entries(kept).filter(([, value]) => !isEmpty(value)))
  const hasResource = Object.hasOwn(present, 'Resource') || Object.hasOwn(present, 'NotResource')
  const actions = listOf(member(present, 'Action'))
  const needsNone = actions.length > 0 && actions.every((action) => WITHOUT_RESOURCE.test(String(action)))
  return hasResource || !needsNone ? present : { ...present, Resource: ['*'] }
}

const isEmpty = (value: Json): boolean =>
  value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)

const listOf = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]

/** Whether any statement denies; what is no policy at all is taken to. */
export function denies(policy: JsonObject): boolean {
  return listOf(member(policy, 'Statement')).some((each) => !isJsonObject(each) || member(each, 'Effect') !== 'Allow')
}

/** The ARN of the built-in policy of that name, when it says the same. */
export function sameBuiltIn(name: string, converted: JsonObject): string | undefined {
  const arn = `arn:aws:iam::aws:policy/${name}`
  const builtIn = builtInPolicies.get(arn)
  return builtIn && canonical(JSON.parse(builtIn.document)) === canonical(converted) ? arn : undefined
}

/** One text for documents that differ in order and in one-element lists alone. */
const canonical = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(
      ([name, each]) =>
        `${JSON.stringify(name)}:${canonical(typeof each === 'string' && name !== 'Version' && name !== 'Effect' ? [each] : each)}`,
    )
    .sort()
    .join()}}`
}

/** Why a policy was refused. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof StsError) return error.message
  throw error
}
