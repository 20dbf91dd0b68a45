import { setImmediate as nextTurn } from 'node:timers/promises'
import { checksumAlgorithmOf } from '@daypass/core/checksum/checksum.ts'
import { elementsOf, textOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import { permitsOn } from '../access.ts'
import { xmlAnswer } from '../answers.ts'
import type { Removal } from '../backing/port.ts'
import type { EachKeyCall, Operation } from '../call.ts'
import { followsCeph } from '../dialect.ts'
import { S3Error } from '../errors.ts'
import { readListDocument } from '../list-document.ts'
import { parseRemovalPrecondition, parseWritePrecondition } from '../preconditions.ts'
import { describeRefusal } from '../refusal.ts'
import { group, s3Document, text, type Xml } from '../xml.ts'
import { asksForContent } from './upload-rights.ts'

const MAX_KEY_BYTES = 1024
/** The most that one request removes (S3 API reference, DeleteObjects), of the longest keys, escaped. */
const DOCUMENT = {
  root: 'Delete',
  item: 'Object',
  mostItems: 1000,
  itemSize: 16 * 1024,
  size: 8 * 1024 * 1024,
} as const
/** How many are removed at the same time. */
const AT_ONCE = 16

interface Doomed {
  readonly key: string
  readonly versionId?: string
  /** What it asks of the object, by the headers that would ask the same of one removal. */
  readonly conditions: Readonly<Record<string, string>>
}

/** The conditions that a document states for one object; the last two are Ceph's. */
const CONDITIONS = [
  ['ETag', 'if-match'],
  ['LastModifiedTime', 'x-amz-if-match-last-modified-time'],
  ['Size', 'x-amz-if-match-size'],
] as const

const ELEMENTS = new Set(['Key', 'VersionId', ...CONDITIONS.map(([name]) => name)])

function parseDoomed(element: XmlElement, ceph: boolean): Doomed {
  const one = (name: string) => {
    const [found, more] = elementsOf(element, name)
    if (more) throw new S3Error('MalformedXML')
    return found && textOf(found)
  }
  // What is not understood might have meant a version.
  if (elementsOf(element).some(({ name }) => !ELEMENTS.has(name))) throw new S3Error('MalformedXML')
  const key = one('Key')
  const versionId = one('VersionId')
  const conditions = CONDITIONS.flatMap(([name, header]) => {
    const value = one(name)
    if (value === undefined || value === '') return []
    if (!ceph && name !== 'ETag') throw new S3Error('NotImplemented')
    return [[header, value] as const]
  })
  if (key === undefined || key === '') throw new S3Error('MalformedXML')
  return { key, ...(versionId && { versionId }), conditions: Object.fromEntries(conditions) }
}

/** S3 takes no list of what to destroy that nothing proves whole (S3 API reference, DeleteObjects). */
function requireDigest(headers: Readonly<Record<string, string>>): void {
  const proven = Object.keys(headers).some((name) => name === 'content-md5' || checksumAlgorithmOf(name) !== undefined)
  const trails = (headers['x-amz-trailer'] ?? '')
    .split(',')
    .some((name) => checksumAlgorithmOf(name.trim().toLowerCase()))
  if (proven || trails) return
  throw new S3Error('InvalidRequest', {
    message: 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
  })
}

type Outcome = { readonly removal: Removal } | { readonly failure: Xml }

/** Removes one object; what is said of a failure is as if it had been asked for alone. */
async function removeOne(call: EachKeyCall, doomed: Doomed): Promise<Outcome> {
  const { deps, bucket, permits } = call
  const { key, versionId, conditions } = doomed
  try {
    if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new S3Error('KeyTooLongError')
    if (!(await permits(key, versionId))) throw new S3Error('AccessDenied')
    const reading = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion'
    const tells = asksForContent(conditions['if-match'])
    if (tells && !(await permitsOn(call, reading, bucket, key, new Map(), [], versionId)))
      throw new S3Error('AccessDenied')
    const parse = followsCeph(bucket) ? parseRemovalPrecondition : parseWritePrecondition
    return { removal: await deps.objects.remove(bucket, key, parse(conditions), versionId) }
  } catch (error) {
    const { code, status, message } = describeRefusal(error)
    if (status >= 500)
      deps.log.error({ event: 's3.delete-failed', code, error: error instanceof Error ? error.stack : '' })
    return {
      failure: group('Error', text('Key', key), ofVersion(doomed), text('Code', code), text('Message', message)),
    }
  }
}

const ofVersion = ({ versionId }: Doomed): Xml | undefined =>
  versionId === undefined ? undefined : text('VersionId', versionId)

const deleted = (doomed: Doomed, { marker, versionId }: Removal): Xml =>
  group(
    'Deleted',
    text('Key', doomed.key),
    ofVersion(doomed),
    marker && text('DeleteMarker', true),
    marker && text('DeleteMarkerVersionId', versionId ?? 'null'),
  )

/** Removes the objects that the document names, each by its own right; a quiet answer tells of failures only. */
async function deleteObjects(call: EachKeyCall) {
  requireDigest(call.request.headers)
  // No ACL lets the anonymous remove anything: without a policy nothing could, and its list is not read.
  if (!call.caller && call.bucket.policy === undefined) throw new S3Error('AccessDenied')
  const list = await readListDocument(call, DOCUMENT)
  if (!list || list.items.length === 0) throw new S3Error('MalformedXML')
  const doomed = list.items.map((element) => parseDoomed(element, followsCeph(call.bucket)))
  const [quiet] = elementsOf(list.root, 'Quiet')
  const silent = quiet !== undefined && textOf(quiet).trim() === 'true'
  const told: Xml[] = []
  for (let from = 0; from < doomed.length; from += AT_ONCE) {
    const batch = doomed.slice(from, from + AT_ONCE)
    const outcomes = await Promise.all(batch.map(async (each) => ({ each, outcome: await removeOne(call, each) })))
    for (const { each, outcome } of outcomes) {
      if ('failure' in outcome) told.push(outcome.failure)
      else if (!silent) told.push(deleted(each, outcome.removal))
    }
    // What is refused waits for nothing else: others would wait for all of it.
    await nextTurn()
  }
  return xmlAnswer(s3Document('DeleteResult', ...told))
}

export const deleteObjectsOperation: Operation = {
  on: 'each-key',
  action: 's3:DeleteObject',
  versionAction: 's3:DeleteObjectVersion',
  run: deleteObjects,
}
