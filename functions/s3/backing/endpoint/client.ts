import { S3Client } from '@aws-sdk/client-s3'

/** The S3-compatible store behind the gateway. */
export interface EndpointSettings {
  /** Absent: AWS's own S3. */
  readonly endpoint?: string
  readonly region?: string
  /** Absent: the AWS default chain. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

const ignore = () => undefined

/**
 * A client for the store. It adds no checksums of its own: content was checked on its way in, and many stores know only
 * the older way of sending it.
 */
export const endpointClient = ({ endpoint, region, credentials }: EndpointSettings): S3Client =>
  new S3Client({
    region: region ?? 'us-east-1',
    forcePathStyle: endpoint !== undefined,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // The service's own log tells of every failure.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    followRegionRedirects: endpoint === undefined,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials && { credentials }),
  })
