import { elementsOf } from '@daypass/core/http/xml-reader.ts'
import { S3Error } from '../../errors.ts'
import { s3Document, text } from '../../xml.ts'
import type { BucketRecords } from '../bucket-records.ts'
import type { Bucket, BucketRegistry } from '../buckets-port.ts'
import { textIn, timeOf } from './answer.ts'
import type { StoreClient } from './client.ts'
import { documentBody } from './content.ts'
import { codeOf, endpointFailure, statusOf } from './failures.ts'

interface Deps {
  readonly client: StoreClient
  readonly records: BucketRecords
  /** Owns the buckets that were made in the store without the gateway. */
  readonly defaultAccount: string
}

/** Names that one look at the records takes. */
const BATCH = 100

/**
 * Buckets of an S3-compatible store. The table says who owns a bucket that was made through the gateway; the store, which
 * knows one owner only, says that it exists. A name is claimed in the table first, so two accounts never share a bucket.
 */
export function endpointBuckets({ client, records, defaultAccount }: Deps): BucketRegistry {
  /** The store behind keeps no ACLs of ours: in its buckets they are off, whatever a record says. */
  const enforced = (bucket: Bucket): Bucket => ({ ...bucket, ownership: 'BucketOwnerEnforced' })

  const requireEnforced = (ownership: Bucket['ownership'], acl?: string) => {
    if (acl === undefined && (ownership === undefined || ownership === 'BucketOwnerEnforced')) return
    throw new S3Error('AccessControlListNotSupported', {
      message: 'The store behind the gateway keeps no ACLs: the bucket can only have BucketOwnerEnforced.',
    })
  }

  const unrecorded = (name: string, createdAt: number, region: string): Bucket => ({
    name,
    id: name,
    account: defaultAccount,
    createdAt,
    region,
  })

  /** A bucket of the store that has no record; one that the store does not let us see is not ours to serve. */
  const findInStore = async (name: string): Promise<Bucket | undefined> => {
    try {
      const { 'x-amz-bucket-region': region } = await client.headers({ method: 'HEAD', bucket: name })
      return unrecorded(name, 0, region ?? 'us-east-1')
    } catch (error) {
      const status = statusOf(error)
      if (status === 404 || status === 403 || status === 400) return undefined
      throw endpointFailure(error)
    }
  }

  /**
   * Requires that the store has no bucket of that name but one of the default account, for that account. What the store refuses to
   * tell of is there: somebody else's, one that the gateway may not look into, or an address of the store's own.
   */
  const requireFree = async (name: string, account: string) => {
    try {
      await client.headers({ method: 'HEAD', bucket: name })
    } catch (error) {
      if (statusOf(error) === 404) return
      if (statusOf(error) !== 403 && statusOf(error) !== 400) throw endpointFailure(error)
      throw new S3Error('BucketAlreadyExists', { elements: { BucketName: name } })
    }
    if (account !== defaultAccount) throw new S3Error('BucketAlreadyExists', { elements: { BucketName: name } })
  }

  const makeInStore = async (bucket: string) => {
    try {
      await client.headers({ method: 'PUT', bucket, ...placeOf(client.region) })
    } catch (error) {
      if (codeOf(error) === 'BucketAlreadyOwnedByYou') return
      throw endpointFailure(error)
    }
  }

  /** Whether the bucket is gone from the store; not when objects are left in it. */
  const removeFromStore = async (name: string): Promise<boolean> => {
    try {
      await client.headers({ method: 'DELETE', bucket: name })
      return true
    } catch (error) {
      if (statusOf(error) === 404) return true
      if (codeOf(error) === 'BucketNotEmpty') return false
      throw endpointFailure(error)
    }
  }

  const listStore = async (): Promise<Bucket[]> => {
    try {
      const [list] = elementsOf(await client.document({ method: 'GET' }), 'Buckets')
      return (list ? elementsOf(list, 'Bucket') : []).map((told) =>
        unrecorded(
          textIn(told, 'Name') ?? '',
          timeOf(textIn(told, 'CreationDate')) ?? 0,
          textIn(told, 'BucketRegion') ?? 'us-east-1',
        ),
      )
    } catch (error) {
      // Without the right to list, the gateway shows the buckets that were made through it.
      if (statusOf(error) === 403) return []
      throw endpointFailure(error)
    }
  }

  /** The store's buckets without a record, by name. */
  const listUnrecorded = async (): Promise<Bucket[]> => {
    const all = (await listStore()).filter(({ name }) => name !== '')
    const found: Bucket[] = []
    for (let from = 0; from < all.length; from += BATCH) {
      const batch = all.slice(from, from + BATCH)
      const known = await records.known(batch.map(({ name }) => name))
      found.push(...batch.filter(({ name }) => !known.has(name)))
    }
    return found
  }

  return {
    async find(name, rows) {
      const bucket = (await records.find(name, rows)) ?? (await findInStore(name))
      return bucket && enforced(bucket)
    },

    async change(bucket, change) {
      requireEnforced(change.ownership)
      // Only a record can say more of a bucket than the store does.
      if (!(await records.find(bucket.name))) await records.adopt(bucket)
      await records.change(bucket, change)
    },

    async create({ name, account, region, ownership, acl }) {
      requireEnforced(ownership, acl)
      const recorded = await records.find(name)
      if (!recorded) await requireFree(name, account)
      const bucket = await records.create({ name, account, region })
      try {
        await makeInStore(name)
      } catch (error) {
        if (!recorded) await records.remove(bucket)
        throw error
      }
      return enforced(bucket)
    },

    async remove(bucket) {
      if (await records.find(bucket.name)) {
        await records.removeIfEmpty(bucket, () => removeFromStore(bucket.name))
      } else if (!(await removeFromStore(bucket.name))) {
        throw new S3Error('BucketNotEmpty', { elements: { BucketName: bucket.name } })
      }
    },

    async *list(account) {
      const others = account === defaultAccount ? await listUnrecorded() : []
      others.sort((a, b) => (a.name < b.name ? 1 : -1))
      for await (const bucket of records.list(account)) {
        for (let next = others.at(-1); next && next.name < bucket.name; next = others.at(-1)) {
          yield enforced(next)
          others.pop()
        }
        yield enforced(bucket)
      }
      for (const bucket of others.reverse()) yield enforced(bucket)
    },
  }
}

/** AWS's first region is where a bucket goes of which nothing else is said, and may not be named. */
const placeOf = (region: string) =>
  region === 'us-east-1'
    ? {}
    : documentBody(s3Document('CreateBucketConfiguration', text('LocationConstraint', region)))
