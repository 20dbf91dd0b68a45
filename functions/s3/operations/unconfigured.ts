import { xmlAnswer } from '../answers.ts'
import type { BucketCall, Operation } from '../call.ts'
import { S3Error, type S3ErrorCode } from '../errors.ts'
import type { S3OperationName } from '../operation.ts'
import { s3Document, text } from '../xml.ts'

/**
 * Answers of a bucket in which nothing of a kind was ever set up (S3 API reference, the operation's page). Infrastructure tools
 * ask for all of them with every bucket; setting one up is not built.
 */
const document = (action: string, root: string, ...content: ReturnType<typeof text>[]): Operation => ({
  on: 'bucket',
  action,
  run: async () => xmlAnswer(s3Document(root, ...content)),
})

const absent = (action: string, code: S3ErrorCode): Operation => ({
  on: 'bucket',
  action,
  async run({ bucket }) {
    throw new S3Error(code, { elements: { BucketName: bucket.name } })
  },
})

/** Of these a bucket has several: without an `id` the request lists them. */
const oneOrList = (action: string, listRoot: string): Operation => ({
  on: 'bucket',
  action,
  async run({ bucket, query }: BucketCall) {
    if (query.get('id')) throw new S3Error('NoSuchConfiguration', { elements: { BucketName: bucket.name } })
    return xmlAnswer(s3Document(listRoot, text('IsTruncated', false)))
  },
})

export const UNCONFIGURED = {
  GetBucketAccelerateConfiguration: document('s3:GetAccelerateConfiguration', 'AccelerateConfiguration'),
  GetBucketAnalyticsConfiguration: oneOrList('s3:GetAnalyticsConfiguration', 'ListBucketAnalyticsConfigurationResult'),
  GetBucketEncryption: absent('s3:GetEncryptionConfiguration', 'ServerSideEncryptionConfigurationNotFoundError'),
  GetBucketIntelligentTieringConfiguration: oneOrList(
    's3:GetIntelligentTieringConfiguration',
    'ListBucketIntelligentTieringConfigurationsOutput',
  ),
  GetBucketInventoryConfiguration: oneOrList('s3:GetInventoryConfiguration', 'ListInventoryConfigurationsResult'),
  GetBucketLifecycleConfiguration: absent('s3:GetLifecycleConfiguration', 'NoSuchLifecycleConfiguration'),
  GetBucketLogging: document('s3:GetBucketLogging', 'BucketLoggingStatus'),
  GetBucketMetricsConfiguration: oneOrList('s3:GetMetricsConfiguration', 'ListMetricsConfigurationsResult'),
  GetBucketNotificationConfiguration: document('s3:GetBucketNotification', 'NotificationConfiguration'),
  GetBucketReplication: absent('s3:GetReplicationConfiguration', 'ReplicationConfigurationNotFoundError'),
  GetBucketRequestPayment: document(
    's3:GetBucketRequestPayment',
    'RequestPaymentConfiguration',
    text('Payer', 'BucketOwner'),
  ),
  GetBucketWebsite: absent('s3:GetBucketWebsite', 'NoSuchWebsiteConfiguration'),
} as const satisfies Partial<Record<S3OperationName, Operation>>
