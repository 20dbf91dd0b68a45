import { createHmac, hash } from 'node:crypto'
import type { S3Client } from '@aws-sdk/client-s3'
import { signingKey } from '@daypass/core/sigv4/signing-key.ts'

/** A URL's life, in seconds. */
const LIFE_SECONDS = 60

const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

/** Where the store is: its own address, or AWS's of that region. */
async function originOf({ config }: S3Client, region: string): Promise<string> {
  const endpoint = await config.endpoint?.()
  if (!endpoint) return `https://s3.${region}.amazonaws.com`
  const { protocol, hostname, port } = endpoint
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`
}

/**
 * A URL by which anybody reads this one object from the store itself for a minute, signed with the gateway's own
 * credentials: to be given only to who may read the object now (S3 API reference, "Authenticating Requests: Using Query
 * Parameters").
 */
export async function presignedRead(
  client: S3Client,
  {
    bucket,
    key,
    query,
  }: { readonly bucket: string; readonly key: string; readonly query: ReadonlyMap<string, string> },
  now: number,
): Promise<string> {
  const region = await client.config.region()
  const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials()
  const origin = await originOf(client, region)
  const path = `/${bucket}/${key.split('/').map(encoded).join('/')}`
  const timestamp = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const scope = { date: timestamp.slice(0, 8), region, service: 's3' }
  const scopeText = `${scope.date}/${region}/s3/aws4_request`
  const parameters = new Map([
    ...query,
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${accessKeyId}/${scopeText}`],
    ['X-Amz-Date', timestamp],
    ['X-Amz-Expires', String(LIFE_SECONDS)],
    ['X-Amz-SignedHeaders', 'host'],
    ...(sessionToken === undefined ? [] : [['X-Amz-Security-Token', sessionToken] as const]),
  ])
  const rawQuery = [...parameters]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&')
  const canonical = ['GET', path, rawQuery, `host:${new URL(origin).host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n')
  const text = ['AWS4-HMAC-SHA256', timestamp, scopeText, hash('sha256', canonical, 'hex')].join('\n')
  const signature = createHmac('sha256', signingKey(secretAccessKey, scope).key).update(text).digest('hex')
  return `${origin}${path}?${rawQuery}&X-Amz-Signature=${signature}`
}
