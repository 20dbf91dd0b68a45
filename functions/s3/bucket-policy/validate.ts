import { StsError } from '@daypass/core/errors.ts'
import type { ParsedPolicy, Statement } from '@daypass/core/policy/document.ts'
import { parsePolicy } from '@daypass/core/policy/parse.ts'
import { dialectOf } from '@daypass/core/store/entities/account.ts'
import type { Bucket } from '../backing/buckets-port.ts'
import { S3Error } from '../errors.ts'

/** S3 user guide, "Bucket policies": 20 KB. */
export const MAX_POLICY_BYTES = 20 * 1024

interface BucketPolicy {
  readonly policy: ParsedPolicy
  /** Whether AWS's rules hold for the bucket's owner, and not the wider ones of Ceph. */
  readonly strict: boolean
}

/**
 * Checks a bucket policy as S3 does when it is set: the grammar, its size, and, unless the owner is a Ceph-style account, that
 * its actions are S3's, that every resource is the bucket or in it, and that each action has a resource of its kind to act on.
 * That its principals exist is not proved here.
 * @throws S3Error MalformedPolicy
 */
export function parseBucketPolicy(document: string, { name, account }: Pick<Bucket, 'name' | 'account'>): BucketPolicy {
  if (Buffer.byteLength(document) > MAX_POLICY_BYTES) {
    throw malformed(`The policy has more than ${MAX_POLICY_BYTES} bytes: shorten it.`)
  }
  // S3's own sentence for what cannot be a policy at all.
  if (!document.startsWith('{')) throw new S3Error('MalformedPolicy')
  const dialect = dialectOf(account)
  const policy = parsed(document, dialect)
  const strict = dialect === 'aws'
  // It would open the bucket to everybody else, the anonymous too; AWS’s grammar refuses it at once.
  if (policy.statements.some(({ effect, principal }) => effect === 'Allow' && principal?.negated))
    throw malformed('Allow with NotPrincipal is not allowed.')
  if (strict) for (const statement of policy.statements) refuseForeign(statement, name)
  return { policy, strict }
}

function parsed(document: string, dialect: ReturnType<typeof dialectOf>): ParsedPolicy {
  try {
    return parsePolicy(document, { kind: 'resource', dialect })
  } catch (error) {
    if (error instanceof StsError) throw malformed(error.message)
    throw error
  }
}

const S3_ARN = /^arn:aws[a-z-]*:s3:::/

function refuseForeign({ action, resource }: Statement, bucket: string): void {
  if (action.patterns.some((pattern) => pattern !== '*' && !/^s3:/i.test(pattern))) {
    throw malformed('Policy has invalid action')
  }
  const patterns = resource?.patterns ?? []
  const names = patterns.map((pattern) => pattern.replace(S3_ARN, ''))
  if (patterns.some((pattern) => !S3_ARN.test(pattern)) || names.some((one) => !isOf(one, bucket))) {
    throw malformed('Policy has invalid resource')
  }
  if (action.negated || resource?.negated) return
  const objects = names.some((one) => one !== bucket)
  const itself = names.some((one) => !one.includes('/'))
  for (const pattern of action.patterns) {
    const fits = isObjectAction(pattern) ? objects : isBucketAction(pattern) ? itself : true
    if (!fits) throw malformed('Action does not apply to any resource(s) in statement')
  }
}

/** The bucket, what is in it, or both at once: `bucket*`. */
const isOf = (name: string, bucket: string) => name === bucket || name.startsWith(`${bucket}/`) || name === `${bucket}*`

/** Actions whose resource is the bucket, although some speak of objects too (service authorization reference). */
const OF_BUCKETS = /bucket/
const OF_OBJECTS =
  /^(?:\w*object\w*|abortmultipartupload|listmultipartuploadparts|bypassgovernanceretention|initiatereplication|replicate\w+)$/

/** Of a name that is spelt out; one with wildcards may mean either kind. */
const nameOf = (pattern: string) => (/[*?]/.test(pattern) ? '' : pattern.slice('s3:'.length).toLowerCase())
const isBucketAction = (pattern: string) => OF_BUCKETS.test(nameOf(pattern)) && !isReplicaOwner(pattern)
const isObjectAction = (pattern: string) =>
  isReplicaOwner(pattern) || (!OF_BUCKETS.test(nameOf(pattern)) && OF_OBJECTS.test(nameOf(pattern)))
/** The one action on objects with the bucket in its name. */
const isReplicaOwner = (pattern: string) => nameOf(pattern) === 'objectowneroverridetobucketowner'

const malformed = (message: string) => new S3Error('MalformedPolicy', { message })
