import { randomUUID } from 'node:crypto'
import { bucketRecords } from '../../../functions/s3/backing/bucket-records.ts'
import { endpointBuckets } from '../../../functions/s3/backing/endpoint/buckets.ts'
import { endpointClient } from '../../../functions/s3/backing/endpoint/client.ts'
import { endpointObjects } from '../../../functions/s3/backing/endpoint/object-store.ts'
import { type Backing, type Gateway, KEYS, startGateway } from './gateway.ts'

/** A gateway in front of the store at `endpoint`, which Bob's key opens. */
export const behind =
  (endpoint: string, defaultAccount = '111111111111'): Backing =>
  async (store) => {
    const credentials = { accessKeyId: 'AKIDBOB', secretAccessKey: KEYS.AKIDBOB.secretAccessKey }
    const client = endpointClient({ endpoint, region: 'eu-central-1', credentials })
    const records = bucketRecords({ store, now: () => Date.now(), newId: randomUUID })
    return {
      objects: endpointObjects({ client, now: () => Date.now() }),
      buckets: endpointBuckets({ client, records, defaultAccount }),
    }
  }

interface Started {
  readonly gateway: Gateway
  readonly end: () => Promise<void>
}

/** Both kinds of backing: what clients see must not depend on which. */
export const BACKINGS: readonly (readonly [string, () => Promise<Started>])[] = [
  [
    'the embedded store',
    async () => {
      const gateway = await startGateway()
      return { gateway, end: () => gateway.close() }
    },
  ],
  [
    'a store behind the gateway',
    async () => {
      const origin = await startGateway()
      const gateway = await startGateway(behind(origin.endpoint))
      const end = async () => {
        await gateway.close()
        await origin.close()
      }
      return { gateway, end }
    },
  ],
]
