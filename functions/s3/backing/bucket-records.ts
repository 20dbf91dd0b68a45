import type { Rows } from '@daypass/core/authentication/rows.ts'
import { bucketKey, bucketListKey } from '@daypass/core/store/keys.ts'
import { ConditionFailed, type Item, type Store } from '@daypass/core/store/port.ts'
import { S3Error } from '../errors.ts'
import type { Bucket, BucketRegistry } from './buckets-port.ts'

/** Rows of the list that one page holds: as many as one `getMany` takes. */
const PAGE = 100

/** A bucket's row under its own name decides who owns it; the row in the owner's list only helps to find it. */
export interface BucketRecords extends BucketRegistry {
  /**
   * Takes the bucket out unless `isEmpty` says no. A write that `confirm`s meanwhile wins over the removal.
   * @throws S3Error BucketNotEmpty, NoSuchBucket
   */
  removeIfEmpty(bucket: Bucket, isEmpty: () => Promise<boolean>): Promise<void>
  /** Gives a bucket a record that it had none of, unless somebody did meanwhile. */
  adopt(bucket: Bucket): Promise<void>
  /** Those of at most 100 names that have a record, whoever owns them. */
  known(names: readonly string[]): Promise<ReadonlySet<string>>
  /**
   * To be called after an object was written: proves that the bucket is still there and calls off a removal under way,
   * so that no bucket goes with an acknowledged object in it.
   */
  confirm(bucket: Bucket): Promise<boolean>
}

interface Deps {
  readonly store: Store
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** An id that was never given before. */
  readonly newId: () => string
}

const OWNERSHIPS: readonly unknown[] = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter', 'none']
const isOwnership = (value: unknown): value is NonNullable<Bucket['ownership']> => OWNERSHIPS.includes(value)

const bucketOf = (item: Item): Bucket => ({
  name: String(item.name),
  id: String(item.id),
  account: String(item.account),
  createdAt: Number(item.createdAt),
  region: String(item.region),
  ...(typeof item.policy === 'string' && { policy: item.policy }),
  ...(typeof item.boundPolicy === 'string' && { boundPolicy: item.boundPolicy }),
  ...(typeof item.publicAccessBlock === 'string' && { publicAccessBlock: item.publicAccessBlock }),
  ...(isOwnership(item.ownership) && { ownership: item.ownership }),
  ...(typeof item.acl === 'string' && { acl: item.acl }),
  ...(typeof item.cors === 'string' && { cors: item.cors }),
  ...(typeof item.tags === 'string' && { tags: item.tags }),
  ...((item.versioning === 'Enabled' || item.versioning === 'Suspended') && { versioning: item.versioning }),
})

/** `undefined` instead of the condition's refusal; every other failure stays one. */
export async function unlessConditionFails<T>(write: Promise<T>): Promise<{ readonly value: T } | undefined> {
  try {
    return { value: await write }
  } catch (error) {
    if (error instanceof ConditionFailed) return undefined
    throw error
  }
}

/** The registry of buckets in the table. Crash-safe without transactions: every half-done change is put right by the next. */
export function bucketRecords({ store, now, newId }: Deps): BucketRecords {
  const find = async (name: string, rows?: Rows) => {
    const key = bucketKey(name)
    const item = rows?.has(key) ? rows.get(key) : await store.get(key)
    return item && bucketOf(item)
  }

  /** The row tells which bucket of that name it lists, so that a late removal never unlists a later bucket. */
  const listed = ({ account, name, id }: Bucket) => store.put({ ...bucketListKey(account, name), id })

  const removeIfEmpty = async (bucket: Bucket, isEmpty: () => Promise<boolean>) => {
    const removal = newId()
    const marked = await unlessConditionFails(
      store.update(
        bucketKey(bucket.name),
        { set: { removal } },
        { condition: { exists: true, equals: { id: bucket.id } } },
      ),
    )
    if (!marked) throw new S3Error('NoSuchBucket', { elements: { BucketName: bucket.name } })
    if (!(await isEmpty())) throw new S3Error('BucketNotEmpty', { elements: { BucketName: bucket.name } })
    const condition = { exists: true, equals: { id: bucket.id, removal } } as const
    const removed = await unlessConditionFails(store.remove(bucketKey(bucket.name), { condition }))
    if (!removed) throw new S3Error('OperationAborted')
    await unlessConditionFails(
      store.remove(bucketListKey(bucket.account, bucket.name), {
        condition: { exists: true, equals: { id: bucket.id } },
      }),
    )
  }

  return {
    find,
    removeIfEmpty,
    remove: (bucket) => removeIfEmpty(bucket, async () => true),

    async create(wanted) {
      const { name, account } = wanted
      const bucket: Bucket = { ...wanted, id: newId(), createdAt: now() }
      const made = await unlessConditionFails(
        store.put({ ...bucketKey(name), ...bucket }, { condition: { exists: false } }),
      )
      const existing = made ? bucket : await find(name)
      if (!existing) throw new S3Error('OperationAborted')
      if (existing.account !== account) throw new S3Error('BucketAlreadyExists', { elements: { BucketName: name } })
      await listed(existing)
      return existing
    },

    async change(bucket, change) {
      const set = Object.entries(change).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
      const remove = Object.entries(change).flatMap(([name, value]) => (value === undefined ? [name] : []))
      const changed = await unlessConditionFails(
        store.update(
          bucketKey(bucket.name),
          { ...(set.length > 0 && { set: Object.fromEntries(set) }), ...(remove.length > 0 && { remove }) },
          { condition: { exists: true, equals: { id: bucket.id } } },
        ),
      )
      if (!changed) throw new S3Error('NoSuchBucket', { elements: { BucketName: bucket.name } })
    },

    async adopt(bucket) {
      await unlessConditionFails(store.put({ ...bucketKey(bucket.name), ...bucket }, { condition: { exists: false } }))
      await listed(bucket)
    },

    async known(names) {
      const records = await store.getMany(names.map(bucketKey))
      return new Set(records.flatMap((record) => (record ? [String(record.name)] : [])))
    },

    async confirm(bucket) {
      const item = await store.get(bucketKey(bucket.name))
      if (item?.id !== bucket.id) return false
      if (item.removal === undefined) return true
      const calledOff = await unlessConditionFails(
        store.update(
          bucketKey(bucket.name),
          { remove: ['removal'] },
          { condition: { exists: true, equals: { id: bucket.id } } },
        ),
      )
      return calledOff !== undefined
    },

    async *list(account) {
      const { pk } = bucketListKey(account, '')
      let after = ''
      for (;;) {
        const page = await store.query(pk, { after, limit: PAGE })
        const records = await store.getMany(page.items.map(({ sk }) => bucketKey(sk)))
        for (const record of records) {
          if (record?.account === account) yield bucketOf(record)
        }
        if (page.next === undefined) return
        after = page.next
      }
    },
  }
}
