import { encoded } from '@daypass/core/sigv4/sign.ts'

/** Where a request to the store goes. */
export interface StoreAddress {
  /** `https://s3.eu-west-1.amazonaws.com`; a connection is made to it. */
  readonly origin: URL
  /** What is asked for there, encoded. */
  readonly path: string
}

/** Finds the address of a bucket, of a key in it, or of the store itself. */
export type FindAddress = (region: string, bucket?: string, key?: string) => StoreAddress

const keyPath = (key: string) => key.split('/').map(encoded).join('/')

/** A store of its own address, path style. */
export function endpointAddress(endpoint: string): FindAddress {
  const origin = new URL(endpoint)
  const base = origin.pathname.replace(/\/+$/, '')
  return (_region, bucket, key) => {
    const inside = bucket === undefined ? '/' : key === undefined ? `/${bucket}` : `/${bucket}/${keyPath(key)}`
    return { origin, path: base + inside }
  }
}

/** Bucket names that AWS's wildcard certificate covers as a host. */
const HOSTED = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/

/** AWS's own S3: the bucket as the host where its name can be one (S3 user guide, "Virtual hosting of buckets"). */
export function awsAddress(): FindAddress {
  const origins = new Map<string, URL>()
  const originOf = (host: string) => {
    const origin = origins.get(host) ?? new URL(`https://${host}`)
    origins.set(host, origin)
    return origin
  }
  return (region, bucket, key = '') => {
    const host = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
    if (bucket === undefined) return { origin: originOf(host), path: '/' }
    if (HOSTED.test(bucket)) return { origin: new URL(`https://${bucket}.${host}`), path: `/${keyPath(key)}` }
    return { origin: originOf(host), path: key === '' ? `/${bucket}` : `/${bucket}/${keyPath(key)}` }
  }
}
