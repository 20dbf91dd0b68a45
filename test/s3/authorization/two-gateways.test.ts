import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT, exchange, ROOT, s3Client, trusting, whoAmI } from '../../infra/local/clients.ts'
import { type LocalDynamoDb, startDynamoDb } from '../../support/dynalite.ts'
import { type FakeIssuer, startFakeIssuer } from '../../support/fake-issuer.ts'
import { endLocalHosts, type LocalHostProcess, startLocalHost, temporaryFolder } from '../../support/local-host.ts'
import { signRequest } from '../../support/sign.ts'
import { outcome } from './support/world.ts'

type Session = Awaited<ReturnType<typeof exchange>>

const STORE_KEY = { AccessKeyId: 'store-key', SecretAccessKey: 'store-secret' }
const RINGS = ['session-ring.json', 'long-term-ring.json']

let db: LocalDynamoDb
let issuer: FakeIssuer
let one: LocalHostProcess
let two: LocalHostProcess

// Three processes: two gateways with one table and the same rings, in front of one store.
beforeAll(async () => {
  db = await startDynamoDb()
  issuer = await startFakeIssuer()
  const store = await startLocalHost({ bootstrap: { accounts: [{ id: ACCOUNT, rootAccessKey: STORE_KEY }] } })
  const env = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    DAYPASS_TABLE: db.tableName,
    AWS_ENDPOINT_URL_DYNAMODB: db.endpoint,
    DAYPASS_S3_ENDPOINT: store.url,
    DAYPASS_S3_ACCESS_KEY_ID: STORE_KEY.AccessKeyId,
    DAYPASS_S3_SECRET_ACCESS_KEY: STORE_KEY.SecretAccessKey,
  }
  const [first, second] = [temporaryFolder(), temporaryFolder()]
  one = await startLocalHost({ env, dataDir: first, bootstrap: trusting(issuer.url) })
  for (const ring of RINGS) copyFileSync(join(first, ring), join(second, ring))
  two = await startLocalHost({ env, dataDir: second, bootstrap: trusting(issuer.url) })
  await s3Client(one.url, ROOT).send(new CreateBucketCommand({ Bucket: 'shared' }))
  await s3Client(one.url, ROOT).send(new PutObjectCommand({ Bucket: 'shared', Key: 'k', Body: 'content' }))
}, 180_000)
afterAll(async () => {
  await endLocalHosts()
  await issuer.close()
  await db.close()
})

const mint = (host: LocalHostProcess, role: string) => exchange(host.url, issuer.sign({ aud: 'app' }), role)
const get = (host: LocalHostProcess, session: Session) =>
  outcome(s3Client(host.url, session).send(new GetObjectCommand({ Bucket: 'shared', Key: 'k' })))

/** A session ends itself (RevokeSessions without parameters). */
async function revoke(
  host: LocalHostProcess,
  { AccessKeyId, SecretAccessKey, SessionToken }: Session,
): Promise<number> {
  const body = 'Action=RevokeSessions&Version=2011-06-15'
  const { headers } = signRequest({
    method: 'POST',
    url: `${host.url}/`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
    service: 'sts',
    region: 'us-east-1',
    now: Date.now(),
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(SessionToken !== undefined && { sessionToken: SessionToken }),
  })
  return (await fetch(`${host.url}/`, { method: 'POST', headers, body })).status
}

describe('two gateways on one table', () => {
  const pairs: [string, () => [LocalHostProcess, LocalHostProcess]][] = [
    ['the first', () => [one, two]],
    ['the second', () => [two, one]],
  ]

  it.each(pairs)('honour a session that %s minted, and end it together', async (_which, gateways) => {
    const [minting, other] = gateways()
    const session = await mint(minting, 'full')
    const bystander = await mint(other, 'full')
    expect(await whoAmI(other.url, session)).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/full/test`)
    expect([await get(other, session), await get(minting, session)]).toEqual(['granted', 'granted'])

    expect(await revoke(other, session)).toBe(200)
    expect([await get(minting, session), await get(other, session)]).toEqual(['InvalidToken', 'InvalidToken'])
    expect([await get(minting, bystander), await get(other, bystander)]).toEqual(['granted', 'granted'])
  })

  it.each(pairs)('decide by a bucket policy as soon as %s has set it', async (_which, gateways) => {
    const [setting, other] = gateways()
    const session = await mint(setting, 'nothing')
    const owner = s3Client(setting.url, ROOT)
    expect(await get(other, session)).toBe('AccessDenied')
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/nothing` },
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::shared/*',
      },
    })
    await owner.send(new PutBucketPolicyCommand({ Bucket: 'shared', Policy }))
    expect(await get(other, session)).toBe('granted')
    await owner.send(new DeleteBucketPolicyCommand({ Bucket: 'shared' }))
    expect(await get(other, session)).toBe('AccessDenied')
  })

  it('know each other’s buckets and objects', async () => {
    await s3Client(one.url, ROOT).send(new CreateBucketCommand({ Bucket: 'once' }))
    const again = s3Client(two.url, ROOT).send(new CreateBucketCommand({ Bucket: 'once' }))
    expect(await outcome(again)).toBe('granted')
    const { Body } = await s3Client(two.url, ROOT).send(new GetObjectCommand({ Bucket: 'shared', Key: 'k' }))
    expect(await Body?.transformToString()).toBe('content')
  })
})

describe('a gateway with a table and rings of its own', () => {
  it('honours no session of the others', async () => {
    const session = await mint(one, 'full')
    const stranger = await startLocalHost({ bootstrap: trusting(issuer.url) })
    expect(await get(stranger, session)).toBe('InvalidToken')
  })
})
