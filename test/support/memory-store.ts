import { checkChanges, checkKey, checkKeys, checkQuery } from '@daypass/core/store/limits.ts'
import {
  type Changes,
  type Condition,
  ConditionFailed,
  type Item,
  type Key,
  type Store,
  StoreUnavailable,
} from '@daypass/core/store/port.ts'
import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'

/** The table as a map, for tests of what stands above the store. It keeps the contract, but nothing after the process. */
export function memoryStore(): Store {
  const partitions = new Map<string, Map<string, Item>>()
  let open = true

  const find = ({ pk, sk }: Key) => partitions.get(pk)?.get(sk)
  const keep = (item: Item) => {
    const partition = partitions.get(item.pk) ?? new Map<string, Item>()
    partitions.set(item.pk, partition.set(item.sk, item))
  }
  const checkOpen = () => {
    if (!open) throw new StoreUnavailable('the store is closed')
  }
  const checkCondition = (key: Key, condition: Condition | undefined) => {
    if (condition && !holds(find(key), condition)) throw new ConditionFailed(key)
  }

  return {
    async get(key) {
      checkOpen()
      checkKey(key)
      return copy(find(key))
    },
    async getMany(keys) {
      checkOpen()
      checkKeys(keys)
      return keys.map((key) => copy(find(key)))
    },
    async put(item, options) {
      checkOpen()
      checkKey(item)
      checkCondition(item, options?.condition)
      keep(copy(item))
    },
    async update({ pk, sk }, changes, options) {
      checkOpen()
      checkKey({ pk, sk })
      checkChanges(changes)
      checkCondition({ pk, sk }, options?.condition)
      const item = changed(find({ pk, sk }) ?? { pk, sk }, changes)
      keep(item)
      return copy(item)
    },
    async remove(key, options) {
      checkOpen()
      checkKey(key)
      checkCondition(key, options?.condition)
      partitions.get(key.pk)?.delete(key.sk)
    },
    async query(pk, options = {}) {
      checkOpen()
      checkQuery(pk, options)
      const { prefix = '', after = '', limit = Number.POSITIVE_INFINITY } = options
      const found = [...(partitions.get(pk)?.values() ?? [])]
        .filter(({ sk }) => sk.startsWith(prefix) && compareUtf8(sk, after) > 0)
        .sort((a, b) => compareUtf8(a.sk, b.sk))
      const items = found.slice(0, limit).map((item) => copy(item))
      const last = items.at(-1)
      return last && found.length > items.length ? { items, next: last.sk } : { items }
    },
    async close() {
      open = false
    },
  }
}

function holds(item: Item | undefined, condition: Condition): boolean {
  if (!condition.exists) return item === undefined
  if (item === undefined) return false
  return Object.entries(condition.equals ?? {}).every(([name, value]) =>
    value === null ? !Object.hasOwn(item, name) : own(item, name) === value,
  )
}

function changed(item: Item, { set = {}, remove = [], add = {} }: Changes): Item {
  const attributes = new Map(Object.entries(item))
  for (const [name, value] of Object.entries(set)) attributes.set(name, value)
  for (const name of remove) attributes.delete(name)
  for (const [name, value] of Object.entries(add)) {
    const before = attributes.get(name) ?? (attributes.has(name) ? null : 0)
    if (typeof before !== 'number') throw new TypeError(`${name} is not a number`)
    attributes.set(name, before + value)
  }
  return copy(Object.fromEntries(attributes) as Item)
}

const own = (item: Item, name: string) => (Object.hasOwn(item, name) ? item[name] : undefined)

/** By way of JSON, which drops `undefined` and keeps an attribute named `__proto__` an attribute. */
const copy = <T extends Item | undefined>(item: T): T => (item && JSON.parse(JSON.stringify(item))) as T
