import { asksForAcl } from '../acl/parse-headers.ts'
import type { Call, ContextKeys, Need, Needs } from '../call.ts'
import { requestTagContext } from '../context-keys.ts'
import { parseCopySource } from '../copy-source.ts'
import { parseTaggingHeader } from '../tags.ts'

/** Headers that policies may ask about in writes, beside those that all requests may have. */
const CONDITION_HEADERS = { 'if-match': 's3:if-match', 'if-none-match': 's3:if-none-match' } as const

/**
 * The condition keys of s3:PutObject. Requests of several operations need it: policies that demand a conditional write spare those
 * that make no object yet (S3 user guide, "Enforce conditional writes").
 */
const uploadKeysOf =
  (creates: boolean): ContextKeys =>
  ({ request }) =>
    new Map([
      ['s3:ObjectCreationOperation', [String(creates)]],
      ...Object.entries(CONDITION_HEADERS).flatMap(([header, key]) => {
        const value = request.headers[header]
        return value === undefined ? [] : [[key, [value]] as const]
      }),
    ])

/** Of an operation that makes the object. */
export const creationKeys = uploadKeysOf(true)
/** Of a step on the way to it. */
export const stepKeys = uploadKeysOf(false)

/** Tags that come with an upload need the right to tag. */
const taggingNeeds: Needs = ({ request }) => {
  const tags = parseTaggingHeader(request.headers['x-amz-tagging'], { repeats: true })
  return tags.length > 0 ? [{ action: 's3:PutObjectTagging', keys: requestTagContext(tags) }] : []
}

/** An ACL that comes with an upload needs the right to set one (S3 API reference, PutObject). */
const aclNeeds: Needs = ({ request }) =>
  asksForAcl(request.headers) ? [{ action: 's3:PutObjectAcl', overOwn: true }] : []

/** Whether a condition names a content, and so asks what is there. */
export const asksForContent = (ifMatch: string | undefined): boolean => ifMatch !== undefined && ifMatch.trim() !== '*'

/**
 * A write or removal on condition that a certain content is there tells whether it is: it needs the right to read it (S3 user
 * guide, "Enforce conditional deletes", and PutObject's permissions).
 */
export const conditionNeeds: Needs = ({ request, query }) =>
  asksForContent(request.headers['if-match'])
    ? [{ action: query.has('versionId') ? 's3:GetObjectVersion' : 's3:GetObject' }]
    : []

/** What an upload needs for what comes with it. */
export const uploadNeeds: Needs = (call) => [...taggingNeeds(call), ...aclNeeds(call), ...conditionNeeds(call)]

/** What a copy needs for what comes with it: its tags come along, unless it brings its own. */
export const copyNeeds: Needs = (call) => [
  ...sourceNeeds(call),
  ...(call.request.headers['x-amz-tagging-directive'] === 'REPLACE' ? taggingNeeds(call) : []),
  ...aclNeeds(call),
  ...conditionNeeds(call),
]

/** The right to read the source of a copy. */
export const sourceNeeds = ({ request }: Call): readonly Need[] => {
  const source = parseCopySource(request.headers)
  return [{ action: source.versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', source }]
}
