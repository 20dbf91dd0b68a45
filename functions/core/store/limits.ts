import type { Changes, Key, QueryOptions } from './port.ts'

/** The most keys that one `getMany` takes (BatchGetItem's limit). */
const MAX_KEYS = 100
const MAX_PAGE = 1000
const MAX_PARTITION_KEY_BYTES = 2048
/** DynamoDB's limit on a sort key. */
export const MAX_SORT_KEY_BYTES = 1024

/**
 * Refuses (RangeError) a key that a table cannot hold: empty, too long, or with a lone surrogate, which UTF-8 would turn
 * into U+FFFD and so into another key. Every adapter checks alike, so that what works on one works on all. The limits are
 * DynamoDB's: docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export function checkKey({ pk, sk }: Key): void {
  checkKeyPart('partition', pk, MAX_PARTITION_KEY_BYTES)
  checkKeyPart('sort', sk, MAX_SORT_KEY_BYTES)
}

/** Refuses (RangeError) more keys than one round trip takes, and every key that `checkKey` refuses. */
export function checkKeys(keys: readonly Key[]): void {
  if (keys.length > MAX_KEYS) throw new RangeError(`at most ${MAX_KEYS} keys at once`)
  for (const key of keys) checkKey(key)
}

/** Refuses (RangeError) a partition, a start or a limit that no table can answer. An empty `after` counts as none. */
export function checkQuery(pk: string, { prefix = '', after = '', limit = 1 }: QueryOptions): void {
  checkKeyPart('partition', pk, MAX_PARTITION_KEY_BYTES)
  if (after !== '') checkKeyPart('sort', after, MAX_SORT_KEY_BYTES)
  if (!prefix.isWellFormed()) throw new RangeError('the prefix is not well-formed Unicode')
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) throw new RangeError(`limit must be 1 … ${MAX_PAGE}`)
}

/** Refuses (RangeError) changes to the key itself, and two changes to one attribute. */
export function checkChanges({ set = {}, remove = [], add = {} }: Changes): void {
  const names = [...Object.keys(set), ...remove, ...Object.keys(add)]
  if (names.includes('pk') || names.includes('sk')) throw new RangeError('an update cannot change the key')
  if (new Set(names).size !== names.length) throw new RangeError('an update names an attribute twice')
}

function checkKeyPart(part: string, value: string, maxBytes: number): void {
  if (value === '') throw new RangeError(`an empty ${part} key`)
  // No UTF-16 unit takes more than three bytes: only long texts need counting.
  if (value.length * 3 > maxBytes && Buffer.byteLength(value) > maxBytes) {
    throw new RangeError(`a ${part} key of more than ${maxBytes} bytes`)
  }
  if (!value.isWellFormed()) throw new RangeError(`a ${part} key that is not well-formed Unicode`)
}
