import type { Bucket } from './backing/port.ts'
import type { Call } from './call.ts'
import { type Context, headerContext } from './context-keys.ts'
import { S3Error } from './errors.ts'

/** Names as S3's ARNs have them: the key's very characters, so that no two keys share an ARN. */
export const bucketArn = (name: string) => `arn:aws:s3:::${name}`
export const objectArn = (name: string, key: string) => `arn:aws:s3:::${name}/${key}`

/** The condition keys that every request to S3 has (service authorization reference, "Condition keys for Amazon S3"). */
function commonContext({ request, query, caller }: Call, resourceAccount: string | undefined): Context {
  const context = new Map(headerContext(request.headers))
  if (resourceAccount !== undefined) context.set('s3:ResourceAccount', [resourceAccount])
  if (caller) {
    context.set('s3:authType', [query.has('X-Amz-Signature') ? 'REST-QUERY-STRING' : 'REST-HEADER'])
    context.set('s3:signatureversion', ['AWS4-HMAC-SHA256'])
  }
  const version = query.get('versionId')
  if (version !== undefined) context.set('s3:versionid', [version])
  return context
}

interface Resource {
  readonly arn: string
  readonly account?: string
  readonly policy?: string
}

/** Whether the policies allow the call's sender this action. */
export async function permits(
  call: Call,
  action: string,
  { arn, account, policy }: Resource,
  keys: Context = new Map(),
) {
  const { allowed } = await call.deps.authorize(call.caller, {
    action,
    resource: arn,
    ...(account !== undefined && { resourceAccount: account }),
    ...(policy !== undefined && { resourcePolicy: policy }),
    context: new Map([...commonContext(call, account), ...keys]),
    head: call.request,
    ...(call.signedAt !== undefined && { signedAt: call.signedAt }),
  })
  return allowed
}

/** As `permits`, on a bucket or one of its objects. */
export function permitsOn(call: Call, action: string, bucket: Bucket, key?: string, keys?: Context): Promise<boolean> {
  const { account, policy: text, boundPolicy, name } = bucket
  const policy = boundPolicy ?? text
  const arn = key === undefined ? bucketArn(name) : objectArn(name, key)
  return permits(call, action, { arn, account, ...(policy !== undefined && { policy }) }, keys)
}

/**
 * What a missing object is told as: only those who may list the bucket learn that a key is free (S3 API reference,
 * GetObject, "Permissions").
 */
export async function absence(call: Call, bucket: Bucket, key: string): Promise<S3Error> {
  const mayList = await permitsOn(call, 's3:ListBucket', bucket)
  return mayList ? new S3Error('NoSuchKey', { elements: { Key: key } }) : new S3Error('AccessDenied')
}
