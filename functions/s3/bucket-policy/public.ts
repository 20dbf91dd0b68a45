import { parsePolicyCached } from '@daypass/core/policy/cache.ts'
import type { Condition } from '@daypass/core/policy/conditions/condition.ts'
import type { Statement } from '@daypass/core/policy/document.ts'
import { dialectOf } from '@daypass/core/store/entities/account.ts'
import type { Bucket } from '../backing/buckets-port.ts'

/** Keys with whose fixed values a grant to everyone is none to the public (S3 user guide, "The meaning of public"). */
const NARROWING = new Set([
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:sourcearn',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourceowner',
  'aws:sourceaccount',
  'aws:userid',
  's3:x-amz-server-side-encryption-aws-kms-key-id',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
])

/** Whether a bucket's policy grants anything to callers whom it does not tell apart. */
export function isPublicPolicy(bucket: Pick<Bucket, 'account' | 'policy'>): boolean {
  if (bucket.policy === undefined) return false
  const options = { kind: 'resource', dialect: dialectOf(bucket.account) } as const
  return parsePolicyCached(bucket.policy, options).statements.some(isPublic)
}

function isPublic({ effect, principal, conditions }: Statement): boolean {
  if (effect !== 'Allow' || !principal) return false
  const { everyone, everyAws, everyFederated, negated } = principal
  return (everyone || everyAws || everyFederated || negated) && !conditions.some(narrows)
}

function narrows({ key, operator, requiredValues }: Condition): boolean {
  if (!requiredValues) return false
  const folded = key.toLowerCase()
  if (folded === 'aws:sourceip') return requiredValues.every(isNarrowRange)
  if (!NARROWING.has(folded)) return false
  return !/like$|^arn/i.test(operator) || requiredValues.every((value) => !/[*?]/.test(value))
}

/** Ranges as wide as /8 (IPv6: /32) are everyone's, as S3 has it. */
function isNarrowRange(range: string): boolean {
  const [address = '', bits] = range.split('/')
  return bits === undefined || Number(bits) > (address.includes(':') ? 32 : 8)
}
