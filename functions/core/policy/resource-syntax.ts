import { type Grammar, isIdentityLike, malformed } from './refusal.ts'

const PARTITION = /^(?:aws[a-z*?-]*|minio|\*)$/
/** S3 resources that live in a region. */
const REGIONAL_S3 = /^(?:accesspoint|job|storage-lens|storage-lens-group|access-grants)(?:\/|$)/

/**
 * Refuses a resource that no ARN could meet: `*`, or an ARN whose partition and service are told. Missing parts at the
 * end count as `*`, as AWS has it. What the service calls its resources is not looked at.
 */
export function requireResourceFormat(resource: string, { kind, dialect }: Grammar): void {
  if (resource === '*') return
  const [prefix, partition = '', service, region, , ...rest] = resource.split(':')
  if (prefix !== 'arn' || partition === '') {
    throw malformed(
      isIdentityLike(kind) ? `Resource ${resource} must be in ARN format or "*".` : 'Policy has invalid resource',
    )
  }
  if (!PARTITION.test(partition)) throw malformed(`Partition "${partition}" is not valid for resource "${resource}".`)
  if (!service || (dialect === 'aws' && /[*?]/.test(service))) {
    throw malformed('Resource vendor must be fully qualified and cannot contain regexes.')
  }
  if (rest.length === 0 && (region === undefined || resource.includes('::'))) {
    throw malformed('The policy failed legacy parsing', 'an ARN with too few parts')
  }
  if (dialect === 'ceph' || !region) return
  if (service === 'iam') throw malformed(`IAM resource ${resource} cannot contain region information.`)
  if (service === 's3' && !REGIONAL_S3.test(rest[0] ?? '')) {
    throw malformed(`Resource ${resource} can not contain region information.`)
  }
}
