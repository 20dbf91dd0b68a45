import type { S3RequestHead } from './port.ts'
import { parseTarget, type Target } from './target.ts'

/**
 * The bucket that a Host header names in front of one of our domains (S3 user guide, "Virtual hosting of buckets");
 * `undefined` for any other host. Whoever signs signs the host too, so nobody can move a signed request to another bucket.
 */
export function bucketOfHost(host: string | undefined, domains: readonly string[]): string | undefined {
  const name = host?.replace(/:\d*$/, '').toLowerCase()
  if (name === undefined || domains.includes(name)) return undefined
  const [longest] = domains.filter((each) => name.endsWith(`.${each}`)).sort((a, b) => b.length - a.length)
  return longest === undefined ? undefined : name.slice(0, -longest.length - 1)
}

/**
 * What a request names, in the style of paths or of virtual hosts.
 * @throws S3Error InvalidURI, InvalidBucketName, KeyTooLongError
 */
export function requestTarget({ headers, rawPath }: S3RequestHead, domains: readonly string[]): Target {
  const bucket = bucketOfHost(headers.host, domains)
  return parseTarget(bucket === undefined ? rawPath : `/${bucket}${rawPath}`)
}
