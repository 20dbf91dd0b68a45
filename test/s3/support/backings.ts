import { randomUUID } from 'node:crypto'
import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { bucketRecords } from '../../../functions/s3/backing/bucket-records.ts'
import { endpointBuckets } from '../../../functions/s3/backing/endpoint/buckets.ts'
import { type EndpointSettings, endpointClient } from '../../../functions/s3/backing/endpoint/client.ts'
import { endpointObjects } from '../../../functions/s3/backing/endpoint/object-store.ts'
import { type Backing, type Gateway, KEYS, startGateway } from './gateway.ts'

type Credentials = NonNullable<EndpointSettings['credentials']>

const BOB = { accessKeyId: 'AKIDBOB', secretAccessKey: KEYS.AKIDBOB.secretAccessKey }

/** A gateway in front of the store at `endpoint`, which Bob's key opens. */
export const behind =
  (endpoint: string, defaultAccount = '111111111111', credentials: Credentials = BOB): Backing =>
  async (store) => {
    const now = () => Date.now()
    const client = endpointClient({ endpoint, region: 'us-east-1', credentials }, { now })
    const records = bucketRecords({ store, now, newId: randomUUID })
    return {
      objects: endpointObjects({ client, now }),
      buckets: endpointBuckets({ client, records, defaultAccount }),
    }
  }

interface Started {
  readonly gateway: Gateway
  readonly end: () => Promise<void>
}

/** Whoever sets these has a store of their own to try, whose buckets go. */
const FOREIGN = {
  endpoint: process.env.DAYPASS_TEST_S3_ENDPOINT,
  accessKeyId: process.env.DAYPASS_TEST_S3_ACCESS_KEY_ID ?? '',
  secretAccessKey: process.env.DAYPASS_TEST_S3_SECRET_ACCESS_KEY ?? '',
}

/** Both kinds of backing, and a store of another make where there is one: what clients see must not depend on which. */
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
  ...(FOREIGN.endpoint === undefined
    ? []
    : [[`the store at ${FOREIGN.endpoint}`, () => foreign(FOREIGN.endpoint ?? '')] as const]),
]

async function foreign(endpoint: string): Promise<Started> {
  const { accessKeyId, secretAccessKey } = FOREIGN
  const credentials = { accessKeyId, secretAccessKey }
  await empty(new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true }))
  const gateway = await startGateway(behind(endpoint, '111111111111', credentials))
  return { gateway, end: () => gateway.close() }
}

async function empty(client: S3Client): Promise<void> {
  for (const { Name: Bucket } of (await client.send(new ListBucketsCommand({}))).Buckets ?? []) {
    for (;;) {
      const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }))
      const all = [...Versions, ...DeleteMarkers]
      if (all.length === 0) break
      await Promise.all(
        all.map(({ Key, VersionId }) => client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))),
      )
    }
    await client.send(new DeleteBucketCommand({ Bucket }))
  }
  client.destroy()
}
