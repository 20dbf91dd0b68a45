import { compareUtf8 } from '@daypass/core/store/utf8-order.ts'
import { absence } from '../access.ts'
import { emptyAnswer, xmlAnswer } from '../answers.ts'
import type { Call, ObjectCall, Operation } from '../call.ts'
import { requestTagContext } from '../context-keys.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import type { S3Request } from '../port.ts'
import { readDocument } from '../request-document.ts'
import { MAX_OBJECT_TAGS, parseTagging, type Tags, tagSet } from '../tags.ts'
import { s3Document } from '../xml.ts'

function refuseVersion({ query }: ObjectCall): void {
  if ((query.get('versionId') ?? 'null') !== 'null') throw new S3Error('NoSuchVersion')
}

async function setTags(call: ObjectCall, tags: Tags): Promise<void> {
  const { deps, bucket, key } = call
  if (!(await deps.objects.find(bucket, key))) throw await absence(call, bucket, key)
  await deps.objects.setTags(bucket, key, tags)
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
  async run(call) {
    refuseVersion(call)
    const tags = await call.deps.objects.tags(call.bucket, call.key)
    if (!tags) throw await absence(call, call.bucket, call.key)
    return xmlAnswer(s3Document('Tagging', tagSet(followsCeph(call.bucket) ? byKey(tags) : tags)))
  },
}

export const putObjectTaggingOperation: Operation = {
  on: 'object',
  action: 's3:PutObjectTagging',
  lateKeys: (call) => [{ prefix: 's3:requestobjecttag', read: async () => requestTagContext(await tagsOf(call)) }],
  async run(call) {
    refuseVersion(call)
    await setTags(call, await tagsOf(call))
    return emptyAnswer(200)
  },
}

export const deleteObjectTaggingOperation: Operation = {
  on: 'object',
  action: 's3:DeleteObjectTagging',
  async run(call) {
    refuseVersion(call)
    await setTags(call, [])
    return emptyAnswer(204)
  },
}
