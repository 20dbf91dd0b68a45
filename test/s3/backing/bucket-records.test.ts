import { bucketListKey } from '@daypass/core/store/keys.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { type BucketRecords, bucketRecords } from '../../../functions/s3/backing/bucket-records.ts'
import { memoryStore } from '../../support/memory-store.ts'

let store: Store
let buckets: BucketRecords
beforeEach(() => {
  store = memoryStore()
  let ids = 0
  buckets = bucketRecords({ store, now: () => 1000, newId: () => `id-${++ids}` })
})

const names = async (account: string) => (await Array.fromAsync(buckets.list(account))).map(({ name }) => name)
const make = (name: string, account = 'one') => buckets.create({ name, account, region: 'eu-west-1' })
const refusal = (code: string) => expect.objectContaining({ code })

describe('the registry of buckets', () => {
  it('gives a name to one account only', async () => {
    const made = await make('bkt')
    expect(made).toEqual({ name: 'bkt', id: 'id-1', account: 'one', createdAt: 1000, region: 'eu-west-1' })
    await expect(make('bkt', 'two')).rejects.toThrow(refusal('BucketAlreadyExists'))
    expect(await buckets.find('bkt')).toEqual(made)
    expect(await names('two')).toEqual([])
  })

  it('answers the same bucket to an account that makes its own again', async () => {
    const made = await make('bkt')
    expect(await make('bkt')).toEqual(made)
    expect(await names('one')).toEqual(['bkt'])
  })

  it('lets exactly one of many accounts win a name', async () => {
    const accounts = ['one', 'two', 'three', 'four']
    const results = await Promise.allSettled(accounts.map((account) => make('bkt', account)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('lists an account of the empty id, and more buckets than a page holds', async () => {
    for (let i = 0; i < 205; i++) await make(`bkt-${String(i).padStart(3, '0')}`, '')
    const listed = await names('')
    expect(listed).toHaveLength(205)
    expect(listed.at(-1)).toBe('bkt-204')
  })

  it('gives a bucket that is made again a new id', async () => {
    const first = await make('bkt')
    await buckets.remove(first)
    expect(await buckets.find('bkt')).toBeUndefined()
    expect((await make('bkt', 'two')).id).not.toBe(first.id)
    expect(await names('one')).toEqual([])
    await expect(buckets.remove(first)).rejects.toThrow(refusal('NoSuchBucket'))
  })

  it('heals a creation that stopped before the list, when it is done again', async () => {
    const made = await make('bkt')
    await store.remove(bucketListKey('one', 'bkt'))
    expect(await names('one')).toEqual([])
    expect(await make('bkt')).toEqual(made)
    expect(await names('one')).toEqual(['bkt'])
  })

  it('never lists a bucket that is gone or became another account’s', async () => {
    await store.put({ ...bucketListKey('one', 'gone'), id: 'x' })
    await store.put({ ...bucketListKey('one', 'theirs'), id: 'y' })
    await make('theirs', 'two')
    expect(await names('one')).toEqual([])
  })

  it('does not unlist a bucket that was made again before its removal was through', async () => {
    const first = await make('bkt')
    let again: Promise<unknown> | undefined
    const racing = bucketRecords({
      store: {
        ...store,
        async remove(key, options) {
          await store.remove(key, options)
          again ??= make('bkt')
          await again
        },
      },
      now: () => 1000,
      newId: () => 'removal',
    })
    await racing.remove(first)
    expect(await buckets.find('bkt')).not.toEqual(first)
    expect(await names('one')).toEqual(['bkt'])
  })

  it('does not remove a bucket that was made again', async () => {
    const first = await make('bkt')
    await buckets.remove(first)
    const again = await make('bkt')
    await expect(buckets.remove(first)).rejects.toThrow(refusal('NoSuchBucket'))
    expect(await buckets.confirm(again)).toBe(true)
  })

  it('keeps a bucket that is not empty', async () => {
    const made = await make('bkt')
    await expect(buckets.removeIfEmpty(made, async () => false)).rejects.toThrow(refusal('BucketNotEmpty'))
    expect(await buckets.confirm(made)).toBe(true)
    await buckets.remove(made)
    expect(await buckets.confirm(made)).toBe(false)
  })

  it('calls a removal off when an object was written since it looked', async () => {
    const made = await make('bkt')
    const removal = buckets.removeIfEmpty(made, async () => {
      expect(await buckets.confirm(made)).toBe(true)
      return true
    })
    await expect(removal).rejects.toThrow(refusal('OperationAborted'))
    expect(await buckets.find('bkt')).toEqual(made)
  })

  it('confirms no bucket that was made again under the name', async () => {
    const first = await make('bkt')
    await buckets.remove(first)
    await make('bkt')
    expect(await buckets.confirm(first)).toBe(false)
  })
})
