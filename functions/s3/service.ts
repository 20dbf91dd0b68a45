import type { UnverifiedForm } from '@daypass/core/authentication/authenticate-form.ts'
import { anonymousContent } from '@daypass/core/sigv4/content.ts'
import { absence, permitsOn, permitsOverOwn } from './access.ts'
import { isAbsent } from './acl/rights.ts'
import type { Bucket, BucketRegistry } from './backing/buckets-port.ts'
import type { BucketCall, Call, Need } from './call.ts'
import { answerPreflight, corsHeaders } from './cors/answer.ts'
import type { S3Deps } from './deps.ts'
import { S3Error } from './errors.ts'
import { findOperation, type S3OperationName } from './operation.ts'
import { BUILT } from './operations/built.ts'
import { ClientGone, type S3Request, type S3Response, type S3Service } from './port.ts'
import { readFormUpload } from './post-form/upload.ts'
import { parseQuery } from './query.ts'
import { withQueryHeaders } from './query-headers.ts'
import { describeRefusal, refusalAnswer } from './refusal.ts'
import type { Target } from './target.ts'
import { askedOf } from './versions.ts'
import { requestTarget } from './virtual-host.ts'

/** The gateway: authenticates, finds the operation, authorises it, runs it, and says every failure in S3's words. */
export function s3Service(deps: S3Deps): S3Service {
  return {
    async handle(request) {
      const hostId = Buffer.from(request.requestId).toString('base64')
      const own = { ...deps, buckets: remembering(deps.buckets) }
      const refused = (error: unknown) => {
        const refusal = describeRefusal(error)
        record(deps, request, refusal.code, refusal.status, error)
        return refusalAnswer(refusal, request, hostId)
      }
      const response = await answer(own, request).catch(refused)
      const cors = await headersForPages(own, request).catch((error: unknown) => {
        // The answer stands; only a page of another origin may not read it.
        refused(error)
        return {}
      })
      return {
        ...response,
        headers: { ...cors, ...response.headers, 'x-amz-request-id': request.requestId, 'x-amz-id-2': hostId },
      }
    },
  }
}

/** Finds each bucket once in a request: everything is decided on the same state. */
function remembering(buckets: BucketRegistry): BucketRegistry {
  const found = new Map<string, Promise<Bucket | undefined>>()
  return {
    ...buckets,
    find(name, rows) {
      const bucket = found.get(name) ?? buckets.find(name, rows)
      found.set(name, bucket)
      return bucket
    },
  }
}

/** What lets a page of another origin read the answer; a preflight's answer has it already. */
async function headersForPages(deps: S3Deps, request: S3Request) {
  if (request.headers.origin === undefined || request.method === 'OPTIONS') return {}
  const name = unverifiedBucketName(deps, request)
  const bucket = name === undefined ? undefined : await deps.buckets.find(name)
  return bucket ? corsHeaders(request, bucket) : {}
}

/** A preflight is signed by nobody: it is asked before its request is. */
async function preflight(deps: S3Deps, request: S3Request): Promise<S3Response> {
  const { bucket: name } = requestTarget(request, deps.domains ?? [])
  if (name === undefined) throw new S3Error('AccessForbidden')
  const bucket = await deps.buckets.find(name)
  if (!bucket) throw new S3Error('NoSuchBucket', { elements: { BucketName: name } })
  return answerPreflight(request, bucket)
}

async function answer(deps: S3Deps, sent: S3Request): Promise<S3Response> {
  if (sent.method === 'OPTIONS') return preflight(deps, sent)
  const claimedBucket = unverifiedBucketName(deps, sent)
  const { caller, content, rows, signedAt } = await deps.authenticate(sent, claimedBucket)
  const target = requestTarget(sent, deps.domains ?? [])
  const query = parseQuery(sent.rawQuery)
  const request = caller ? withQueryHeaders(sent, query) : sent
  const name = findOperation(request.method, target, query, request.headers)
  const call: Call = {
    deps,
    request,
    query,
    readContent: content,
    ...(caller && { caller }),
    ...(rows && { rows }),
    ...(signedAt !== undefined && { signedAt }),
  }
  return name === 'PostObject' ? postObject(target, call) : dispatch(name, target, call)
}

/** A browser's form is the PUT of its file by whoever signed its policy. */
async function postObject({ bucket }: Target, { deps, request, caller }: Call): Promise<S3Response> {
  if (bucket === undefined) throw new S3Error('MethodNotAllowed')
  if (caller) {
    throw new S3Error('InvalidRequest', {
      message: 'A form is signed by its policy: send it without Authorization and without a presigned query.',
    })
  }
  const authenticateForm = (form: UnverifiedForm) => deps.authenticateForm(form, bucket)
  const upload = await readFormUpload({ authenticateForm, now: deps.now }, request, bucket)
  const { key, signed, request: put } = upload
  const stored = await dispatch(
    'PutObject',
    { bucket, key },
    {
      deps,
      request: put,
      query: new Map(),
      readContent: (body) => anonymousContent(put.headers, body),
      form: true,
      ...signed,
    },
  )
  return upload.answer(stored)
}

/** Runs the operation once the policies allow it on what the path names. */
async function dispatch(name: S3OperationName, target: Target, call: Call): Promise<S3Response> {
  const operation = BUILT[name]
  if (!operation) throw new S3Error('NotImplemented', { message: `The operation ${name} is not implemented.` })
  if (operation.on === 'service') return operation.run(call)
  const { bucket: bucketName, key } = target
  if (bucketName === undefined) throw new S3Error('MethodNotAllowed')
  if (operation.on === 'new-bucket') return operation.run({ ...call, bucketName })

  const bucket = await findBucket(call, bucketName, 'x-amz-expected-bucket-owner')
  const { contextKeys } = operation
  if (operation.on === 'each-key') {
    const keys = contextKeys?.(call)
    const { action, versionAction } = operation
    const permits = (each: string, versionId?: string) =>
      permitsOn(call, versionId === undefined ? action : versionAction, bucket, each, keys, [], versionId)
    return operation.run({ ...call, bucket, others: new Map(), permits })
  }
  const object = operation.on === 'object' ? key : undefined
  if (operation.on === 'object' && object === undefined) throw new S3Error('MethodNotAllowed')
  const { action, versionId } = askedOf(operation, call)
  const guards = operation.on === 'bucket' && operation.guardsPolicy === true
  const asked = guards && isRootOf(call, bucket) ? withoutPolicy(bucket) : bucket
  const late = operation.on === 'object' ? operation.lateKeys?.(call) : undefined
  if (!(await permitsOn(call, action, asked, object, contextKeys?.(call), late, versionId))) {
    const absent = object !== undefined && (await isAbsent(call, action, asked, object, versionId))
    throw absent ? await absence(call, asked, object, versionId) : new S3Error('AccessDenied')
  }
  if (guards && call.caller?.account !== bucket.account) throw new S3Error('MethodNotAllowed')
  const others = await requireNeeds(call, operation.needs?.(call) ?? [], bucket, object, versionId)
  const about: BucketCall = { ...call, bucket, others }
  if (operation.on === 'bucket') return operation.run(about)
  return operation.run({ ...about, key: object ?? '', ...(versionId !== undefined && { versionId }) })
}

/**
 * Requires what an operation needs beside its own action. Answers the other buckets that were named.
 */
async function requireNeeds(
  call: Call,
  needs: readonly Need[],
  bucket: Bucket,
  key: string | undefined,
  versionId: string | undefined,
) {
  const others = new Map<string, Bucket>()
  for (const { action, source, keys, overOwn } of needs) {
    const about = source ? await findBucket(call, source.bucket, 'x-amz-source-expected-bucket-owner') : bucket
    const version = source ? source.versionId : versionId
    const allowed = overOwn
      ? await permitsOverOwn(call, action, about, key)
      : await permitsOn(call, action, about, source ? source.key : key, keys, [], version)
    if (!allowed) throw new S3Error('AccessDenied')
    others.set(about.name, about)
  }
  return others
}

/** Names a row to read alongside; what is wrong with the path is said once the sender is known. */
function unverifiedBucketName({ domains = [] }: S3Deps, request: S3Request): string | undefined {
  try {
    return requestTarget(request, domains).bucket
  } catch (error) {
    if (error instanceof S3Error) return undefined
    throw error
  }
}

const isRootOf = ({ caller }: Call, { account }: Bucket) =>
  caller?.principal.root === true && caller.account === account

const withoutPolicy = ({ policy: _text, boundPolicy: _bound, ...bucket }: Bucket): Bucket => bucket

/**
 * A bucket by its name. As in AWS, anyone may learn that a name is free; a caller that expects another owner is
 * refused before anything else happens (S3 user guide, "Verifying bucket ownership").
 * @throws S3Error NoSuchBucket, AccessDenied
 */
async function findBucket({ deps, request, rows }: Call, name: string, ownerHeader: string): Promise<Bucket> {
  const bucket = await deps.buckets.find(name, rows)
  if (!bucket) throw new S3Error('NoSuchBucket', { elements: { BucketName: name } })
  const expected = request.headers[ownerHeader]
  if (expected !== undefined && expected !== bucket.account) throw new S3Error('AccessDenied')
  return bucket
}

/** The operator's log: faults of ours with their cause, refusals by code alone. */
function record({ log }: S3Deps, { requestId, method }: S3Request, code: string, status: number, error: unknown): void {
  const entry = { event: 's3.refused', requestId, method, code, status }
  if (error instanceof ClientGone) log.info({ ...entry, event: 's3.client-gone' })
  else if (status < 500 || code === 'NotImplemented') log.info(entry)
  else log.error({ ...entry, error: error instanceof Error ? error.stack : String(error), cause: causeOf(error) })
}

const causeOf = (error: unknown) =>
  error instanceof Error && error.cause instanceof Error ? error.cause.stack : undefined
