import { randomBytes } from 'node:crypto'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type LocalDynamoDb, startDynamoDb } from '../../support/dynalite.ts'
import { type FakeIssuer, startFakeIssuer } from '../../support/fake-issuer.ts'
import { endLocalHosts, failToStart, startLocalHost, temporaryFolder } from '../../support/local-host.ts'
import { ACCOUNT, exchange, ROOT, s3Client, trusting, whoAmI } from './clients.ts'

afterEach(endLocalHosts)
let issuer: FakeIssuer
beforeAll(async () => {
  issuer = await startFakeIssuer()
})
afterAll(() => issuer.close())

const STORE_KEY = { AccessKeyId: 'store-key', SecretAccessKey: 'store-secret' }
const AWS_ENV = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }

describe('another S3 behind the gateway', () => {
  const storeBootstrap = { accounts: [{ id: ACCOUNT, rootAccessKey: STORE_KEY }] }
  const front = (endpoint: string, key: Record<string, string>) =>
    startLocalHost({ bootstrap: trusting(issuer.url), env: { DAYPASS_S3_ENDPOINT: endpoint, ...key } })
  const KEY_ENV = {
    DAYPASS_S3_ACCESS_KEY_ID: STORE_KEY.AccessKeyId,
    DAYPASS_S3_SECRET_ACCESS_KEY: STORE_KEY.SecretAccessKey,
  }

  it.each([
    ['the key of the settings', KEY_ENV],
    [
      'the default chain of AWS',
      { AWS_ACCESS_KEY_ID: STORE_KEY.AccessKeyId, AWS_SECRET_ACCESS_KEY: STORE_KEY.SecretAccessKey },
    ],
  ])('holds the objects that a session writes through the gateway, reached with %s', async (_how, key) => {
    const store = await startLocalHost({ bootstrap: storeBootstrap })
    const host = await front(store.url, key)
    const session = await exchange(host.url, issuer.sign({ aud: 'app' }), 'full')
    const s3 = s3Client(host.url, session)
    const content = randomBytes(300_000)
    await s3.send(new CreateBucketCommand({ Bucket: 'behind' }))
    await s3.send(new PutObjectCommand({ Bucket: 'behind', Key: 'a//b/ä', Body: content }))
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'behind', Key: 'a//b/ä' }))
    expect(content.equals(Buffer.from((await Body?.transformToByteArray()) ?? []))).toBe(true)

    const direct = s3Client(store.url, STORE_KEY)
    const { Contents = [] } = await direct.send(new ListObjectsV2Command({ Bucket: 'behind' }))
    expect(Contents.map(({ Key }) => Key)).toEqual(['a//b/ä'])
    await expect(s3Client(store.url, session).send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: 'InvalidToken',
    })
  })

  it('still decides by the policies of the session', async () => {
    const store = await startLocalHost({ bootstrap: storeBootstrap })
    const host = await front(store.url, KEY_ENV)
    const session = await exchange(host.url, issuer.sign({ aud: 'app' }), 'nothing')
    await expect(
      s3Client(host.url, session).send(new CreateBucketCommand({ Bucket: 'forbidden' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  it('answers ServiceUnavailable while the store is away, and says no word of its address', async () => {
    const store = await startLocalHost({ bootstrap: storeBootstrap })
    const host = await front(store.url, KEY_ENV)
    await store.stop()
    const listed = s3Client(host.url, ROOT).send(new ListObjectsV2Command({ Bucket: 'behind' }))
    await expect(listed).rejects.toMatchObject({ name: 'ServiceUnavailable' })
    await expect(listed).rejects.not.toThrow(new URL(store.url).port)
  })
})

describe('a DynamoDB table', () => {
  let db: LocalDynamoDb
  beforeAll(async () => {
    db = await startDynamoDb()
  })
  afterAll(() => db.close())

  it('holds accounts, sessions and objects, across restarts', async () => {
    const env = { ...AWS_ENV, DAYPASS_TABLE: db.tableName, AWS_ENDPOINT_URL_DYNAMODB: db.endpoint }
    const options = { env, dataDir: temporaryFolder(), bootstrap: trusting(issuer.url) }
    const host = await startLocalHost(options)
    const session = await exchange(host.url, issuer.sign({ aud: 'app' }), 'full')
    await s3Client(host.url, session).send(new CreateBucketCommand({ Bucket: 'in-table' }))
    expect(await host.stop()).toEqual({ code: 0, signal: null })
    const again = await startLocalHost(options)
    expect(await whoAmI(again.url, session)).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/full/test`)
    const { Buckets = [] } = await s3Client(again.url, session).send(new ListBucketsCommand({}))
    expect(Buckets.map(({ Name }) => Name)).toEqual(['in-table'])
  })

  it.each([
    [
      'does not exist',
      () => ({ DAYPASS_TABLE: 'missing', AWS_ENDPOINT_URL_DYNAMODB: db.endpoint }),
      /table missing,.*ResourceNotFoundException/,
    ],
    ['has no region to be looked for in', () => ({ DAYPASS_TABLE: 'daypass', AWS_REGION: '' }), /AWS_REGION/],
    [
      'is on a server that is away',
      () => ({ DAYPASS_TABLE: 'daypass', AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' }),
      /AWS_ENDPOINT_URL_DYNAMODB/,
    ],
  ])('that %s ends the start in one sentence', async (_flaw, env, sentence) => {
    const { code, stderr } = await failToStart({ env: { ...AWS_ENV, ...env() } })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^[^\n]*DAYPASS_TABLE[^\n]*\.\n$/)
    expect(stderr).toMatch(sentence)
  })
})
