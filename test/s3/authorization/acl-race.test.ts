import { randomUUID } from 'node:crypto'
import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bucketRecords } from '../../../functions/s3/backing/bucket-records.ts'
import { embeddedObjects } from '../../../functions/s3/backing/embedded/object-store.ts'
import type { ObjectStore } from '../../../functions/s3/backing/port.ts'
import { type Backing, type Gateway, startGateway } from '../support/gateway.ts'
import { send } from '../support/raw.ts'
import { outcome } from './support/world.ts'

/** Called between the look at an object, on which the policies decide, and its opening. */
let between: (() => Promise<unknown>) | undefined
const racing: Backing = async (store, folder) => {
  const now = () => Date.now()
  const made = await embeddedObjects({ store, buckets: bucketRecords({ store, now, newId: randomUUID }), now, folder })
  const open: ObjectStore['open'] = async (...about) => {
    const change = between
    between = undefined
    await change?.()
    return made.objects.open(...about)
  }
  return { ...made, objects: { ...made.objects, open } }
}

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway(racing)
  gateway.allow((_caller, { action, listed }) => action !== 's3:GetObject' || listed === 'everyone')
  await send(gateway, { method: 'PUT', path: '/bkt', headers: { 'x-amz-object-ownership': 'ObjectWriter' } })
})
afterAll(() => gateway.close())

const put = (acl: string) => send(gateway, { method: 'PUT', path: '/bkt/k', body: acl, headers: { 'x-amz-acl': acl } })

it.each([
  ['made private', 'public-read', 'private', 'AccessDenied'],
  ['left as it was', 'public-read', 'public-read', 'granted'],
  ['opened to all, no longer to who signs', 'authenticated-read', 'public-read', 'granted'],
])(
  'an object that is %s between its look-up and its opening is read by what it says then',
  async (_how, was, is, got) => {
    await put(was)
    between = () => put(is)
    const bob = gateway.client('AKIDBOB')
    expect(await outcome(bob.send(new GetObjectCommand({ Bucket: 'bkt', Key: 'k' })))).toBe(got)
    expect(between).toBeUndefined()
    await put(was)
    between = () => put(is)
    const copy = new CopyObjectCommand({ Bucket: 'bkt', Key: 'copy', CopySource: 'bkt/k' })
    expect(await outcome(bob.send(copy))).toBe(got)
    expect(await outcome(bob.send(new HeadObjectCommand({ Bucket: 'bkt', Key: 'k' })))).toBe(
      got === 'granted' ? 'granted' : 'Unknown',
    )
  },
)
