import {
  GetBucketAccelerateConfigurationCommand,
  GetBucketAnalyticsConfigurationCommand,
  GetBucketEncryptionCommand,
  GetBucketIntelligentTieringConfigurationCommand,
  GetBucketInventoryConfigurationCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketMetricsConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketWebsiteCommand,
  ListBucketAnalyticsConfigurationsCommand,
  ListBucketIntelligentTieringConfigurationsCommand,
  ListBucketInventoryConfigurationsCommand,
  ListBucketMetricsConfigurationsCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OURS, outcome, policy, startWorld, type World } from './support/world.ts'

let world: World
let bucket: string
beforeAll(async () => {
  world = await startWorld()
  bucket = await world.bucket('ourroot')
})
afterAll(() => world.close())

const as = (name: string) => world.client(world.credentials(name))
const asking = (name: string, command: object) => as(name).send(command as GetBucketLoggingCommand)
/** What it comes to, without what the SDK tells of the connection. */
async function told(name: string, command: object) {
  const { $metadata: _connection, ...answer } = await asking(name, command)
  return answer
}

/** A question about a bucket; some ask for one of several by its id. */
type Question = new (input: { Bucket: string; Id: string }) => object
const Id = 'one'

const ABSENT: readonly (readonly [action: string, Question, code: string])[] = [
  ['s3:GetAnalyticsConfiguration', GetBucketAnalyticsConfigurationCommand, 'NoSuchConfiguration'],
  ['s3:GetEncryptionConfiguration', GetBucketEncryptionCommand, 'ServerSideEncryptionConfigurationNotFoundError'],
  ['s3:GetIntelligentTieringConfiguration', GetBucketIntelligentTieringConfigurationCommand, 'NoSuchConfiguration'],
  ['s3:GetInventoryConfiguration', GetBucketInventoryConfigurationCommand, 'NoSuchConfiguration'],
  ['s3:GetLifecycleConfiguration', GetBucketLifecycleConfigurationCommand, 'NoSuchLifecycleConfiguration'],
  ['s3:GetMetricsConfiguration', GetBucketMetricsConfigurationCommand, 'NoSuchConfiguration'],
  ['s3:GetReplicationConfiguration', GetBucketReplicationCommand, 'ReplicationConfigurationNotFoundError'],
  ['s3:GetBucketWebsite', GetBucketWebsiteCommand, 'NoSuchWebsiteConfiguration'],
]

const EMPTY: readonly (readonly [action: string, Question, answer: object])[] = [
  ['s3:GetAccelerateConfiguration', GetBucketAccelerateConfigurationCommand, {}],
  ['s3:GetAnalyticsConfiguration', ListBucketAnalyticsConfigurationsCommand, { IsTruncated: false }],
  ['s3:GetIntelligentTieringConfiguration', ListBucketIntelligentTieringConfigurationsCommand, { IsTruncated: false }],
  ['s3:GetInventoryConfiguration', ListBucketInventoryConfigurationsCommand, { IsTruncated: false }],
  ['s3:GetBucketLogging', GetBucketLoggingCommand, {}],
  ['s3:GetMetricsConfiguration', ListBucketMetricsConfigurationsCommand, { IsTruncated: false }],
  ['s3:GetBucketNotification', GetBucketNotificationConfigurationCommand, {}],
  ['s3:GetBucketRequestPayment', GetBucketRequestPaymentCommand, { Payer: 'BucketOwner' }],
]

describe('what was never set up', () => {
  it.each(ABSENT)('is told as missing to who has %s', async (_action, Command, code) =>
    expect(await outcome(asking('full', new Command({ Bucket: bucket, Id })))).toBe(code),
  )

  it.each(EMPTY)('is told as empty to who has %s', async (_action, Command, answer) =>
    expect(await told('full', new Command({ Bucket: bucket, Id: '' }))).toEqual(answer),
  )

  it.each([...ABSENT, ...EMPTY])('is told to nobody without %s', async (action, Command) => {
    const command = () => new Command({ Bucket: bucket, Id })
    expect(await outcome(asking('plain', command()))).toBe('AccessDenied')
    const grant = (granted: string) =>
      policy({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${OURS}:user/plain` },
        Action: granted,
        Resource: `arn:aws:s3:::${bucket}`,
      })
    const set = (granted: string) =>
      as('ourroot').send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(grant(granted)) }))
    await set('s3:GetBucketLocation')
    expect(await outcome(asking('plain', command()))).toBe('AccessDenied')
    await set(action)
    expect(await outcome(asking('plain', command()))).not.toBe('AccessDenied')
  })

  it('is not of a bucket that is not there', async () =>
    expect(await outcome(as('full').send(new GetBucketLoggingCommand({ Bucket: 'nowhere' })))).toBe('NoSuchBucket'))

  it.each([
    new PutBucketAccelerateConfigurationCommand({ Bucket: 'x', AccelerateConfiguration: { Status: 'Enabled' } }),
    new PutBucketEncryptionCommand({
      Bucket: 'x',
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    }),
    new PutBucketLifecycleConfigurationCommand({
      Bucket: 'x',
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Filter: {}, Expiration: { Days: 1 } }] },
    }),
    new PutBucketRequestPaymentCommand({ Bucket: 'x', RequestPaymentConfiguration: { Payer: 'Requester' } }),
  ])('cannot be set up: %o', async (command) => {
    command.input.Bucket = bucket
    expect(await outcome(asking('ourroot', command))).toBe('NotImplemented')
  })
})
