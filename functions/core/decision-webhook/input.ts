import type { Caller } from '../authentication/caller.ts'
import type { AccessQuestion } from '../authorization/authorize.ts'
import { requestContextKeys } from '../authorization/request-context.ts'
import type { Json } from '../identity/strict-json.ts'
import { toldClaims } from './kept-claims.ts'

/** What the webhook is asked (MinIO, "Access Management Plugin Guide", "Request Body Sample"). */
export interface WebhookInput {
  /** The access key id that signed the request. */
  readonly account: string
  readonly groups: readonly string[]
  /** `s3:GetObject` */
  readonly action: string
  /** Empty for actions that touch no bucket. */
  readonly bucket: string
  /** The key's very characters; empty for actions on a bucket. */
  readonly object: string
  /** Whether root of the bucket's own account asks. */
  readonly owner: boolean
  readonly conditions: Readonly<Record<string, readonly string[]>>
  readonly claims: Readonly<Record<string, Json>>
  /** Daypass has no question of which only a Deny counts. */
  readonly denyOnly: false
}

/**
 * One question in MinIO's form. Conditions are what policies could ask about, under names without the service; neither a
 * header nor a query parameter of the request gets in by its own name, so no credential of any kind does.
 */
export function webhookInput(caller: Caller, question: AccessQuestion): WebhookInput {
  const { account, principal, session } = caller
  const { resource, resourceAccount = account } = question
  const [bucket, object] = bucketAndKey(resource)
  return {
    account: caller.accessKeyId,
    groups: caller.user?.groups ?? session?.groups ?? [],
    action: question.action,
    bucket,
    object,
    owner: principal.root && resourceAccount === account,
    conditions: Object.fromEntries(conditions(caller, question)),
    claims: claimsOf(session),
    denyOnly: false,
  }
}

/** Of `arn:aws:s3:::bucket/key`; of what names no bucket nothing. */
function bucketAndKey(resource: string): readonly [string, string] {
  const [, bucket = '', object = ''] = /^arn:aws:s3:::([^/*]*)(?:\/(.*))?$/s.exec(resource) ?? []
  return [bucket, object]
}

/** S3's condition keys that repeat a header of the request: only these, because others are parts of the signature. */
const HEADER_KEY =
  /^x-amz-(?:acl|grant-[a-z-]+|storage-class|copy-source|metadata-directive|object-ownership|website-redirect-location|server-side-encryption(?:-aws-kms-key-id)?)$/

function* conditions(caller: Caller, question: AccessQuestion): Generator<readonly [string, readonly string[]]> {
  for (const [key, values] of question.context ?? []) {
    const name = key.replace(/^s3:/, '')
    if (/^x-amz-/i.test(name) && !HEADER_KEY.test(name.toLowerCase())) continue
    yield [name.toLowerCase() === 'versionid' ? 'versionid' : name, values]
  }
  // What is known of the caller and the request comes last: nothing that a request says may hide it.
  for (const [key, values] of requestContextKeys(question.request, question.now))
    yield [key.replace(/^aws:/, ''), values]
  const name = userName(caller)
  yield ['principaltype', [principalType(caller)]]
  yield ['username', [name]]
  yield ['userid', [name]]
  yield ['PrincipalArn', [caller.arn]]
  yield ['PrincipalAccount', [caller.account]]
  if (question.resourceAccount !== undefined) yield ['ResourceAccount', [question.resourceAccount]]
}

/** MinIO's root is named by its access key, and so are its users: an imported user has the same name here. */
function userName({ user, principal, session, accessKeyId, userId }: Caller): string {
  if (user) return user.userName
  return principal.root && !session ? accessKeyId : userId
}

function principalType({ principal, session }: Caller): string {
  if (principal.root) return 'Account'
  return session ? 'AssumedRole' : 'User'
}

/** All claims where they were kept, else those that policies may refer to. */
function claimsOf(session: Caller['session']): WebhookInput['claims'] {
  if (session?.claimsDocument !== undefined) return toldClaims(session.claimsDocument)
  const known = Object.entries(session?.claims ?? {})
  return Object.fromEntries(known.map(([name, values]) => [claimName(name), claimValue(name, values)]))
}

/** MinIO's claims have a token's own names; of a directory `ldapUser` for the condition key `ldap:user`. */
const claimName = (name: string): string =>
  name.replace(/^jwt:/, '').replace(/^ldap:(.)/, (_, first: string) => `ldap${first.toUpperCase()}`)

/** A claim of one value as that value; MinIO joins the policies that a token names. */
function claimValue(name: string, values: readonly string[]): string | readonly string[] {
  if (claimName(name) === 'policy') return values.join(',')
  return values.length === 1 && values[0] !== undefined ? values[0] : values
}
