import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import { emptyAnswer, xmlAnswer } from '../answers.ts'
import type { Call, ObjectCall, Operation } from '../call.ts'
import { requestTagContext } from '../context-keys.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import type { S3Request } from '../port.ts'
import { readDocument } from '../request-document.ts'
import { MAX_OBJECT_TAGS, parseTagging, type Tags, tagSet } from '../tags.ts'
import { requireObject, versionHeader } from '../versions.ts'
import { s3Document } from '../xml.ts'

/** Answers the header that names the version whose tags were set. */
async function setTags(call: ObjectCall, tags: Tags) {
  const { deps, bucket, key, versionId } = call
  await requireObject(call, await deps.objects.find(bucket, key, versionId))
  return versionHeader(await deps.objects.setTags(bucket, key, tags, versionId))
}

/** The body's tags, read once, by who asks first: the policies or the operation. */
const read = new WeakMap<S3Request, Promise<Tags>>()

function tagsOf(call: Call): Promise<Tags> {
  const tags = read.get(call.request) ?? readTags(call)
  read.set(call.request, tags)
  return tags
}

async function readTags(call: Call): Promise<Tags> {
  const root = await readDocument(call, 'Tagging')
  if (!root) throw new S3Error('MalformedXML')
  return parseTagging(root, MAX_OBJECT_TAGS)
}

/** The order in which Ceph answers them; a repeated key keeps the order of its values. */
const byKey = (tags: Tags): Tags => tags.toSorted(([a], [b]) => compareUtf8(a, b))

export const getObjectTaggingOperation: Operation = {
  on: 'object',
  action: 's3:GetObjectTagging',
  versionAction: 's3:GetObjectVersionTagging',
  async run(call) {
    const { deps, bucket, key, versionId } = call
    const found = await requireObject(call, await deps.objects.tags(bucket, key, versionId))
    const tags = followsCeph(bucket) ? byKey(found.tags) : found.tags
    const answer = xmlAnswer(s3Document('Tagging', tagSet(tags)))
    return { ...answer, headers: { ...answer.headers, ...versionHeader(found) } }
  },
}

export const putObjectTaggingOperation: Operation = {
  on: 'object',
  action: 's3:PutObjectTagging',
  versionAction: 's3:PutObjectVersionTagging',
  lateKeys: (call) => [{ prefix: 's3:requestobjecttag', read: async () => requestTagContext(await tagsOf(call)) }],
  async run(call) {
    return emptyAnswer(200, await setTags(call, await tagsOf(call)))
  },
}

export const deleteObjectTaggingOperation: Operation = {
  on: 'object',
  action: 's3:DeleteObjectTagging',
  versionAction: 's3:DeleteObjectVersionTagging',
  async run(call) {
    return emptyAnswer(204, await setTags(call, []))
  },
}
