import type { SignedForm, UnverifiedForm } from '@daypass/core/authentication/authenticate-form.ts'
import { parseXml } from '@daypass/core/http/xml-reader.ts'
import { emptyAnswer } from '../answers.ts'
import { S3Error } from '../errors.ts'
import { isHeaderField } from '../header-field.ts'
import type { S3Request, S3Response } from '../port.ts'
import { MAX_OBJECT_TAGS, parseTagging } from '../tags.ts'
import { verifyKeyLength } from '../target.ts'
import { plainDocument, text } from '../xml.ts'
import { type FormData, parseFormData } from './form-data.ts'
import { parsePostPolicy, requirePolicy } from './policy.ts'

/** An upload by a form, as a PUT of its file would be. */
export interface FormUpload {
  readonly key: string
  /** Absent: an anonymous form. */
  readonly signed?: SignedForm
  readonly request: S3Request
  /** What the browser is answered once the object is stored. */
  readonly answer: (stored: S3Response) => S3Response
}

interface Deps {
  readonly authenticateForm: (form: UnverifiedForm) => Promise<SignedForm>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** What of the browser's own request policies may ask about. */
const OF_THE_BROWSER = ['user-agent', 'referer', 'origin', 'host', 'x-amz-expected-bucket-owner']
/** Fields that are headers of an upload by another name or by their own. */
const AS_HEADER = /^(?:cache-control|content-disposition|content-encoding|content-language|content-type|expires)$/
const AS_AMZ_HEADER =
  /^x-amz-(?:meta-.+|storage-class|checksum-.+|sdk-checksum-algorithm|server-side-encryption.*|website-redirect-location|object-lock-.+|grant-.+)$/
/** SigV2's. */
const VERSION_2 = ['awsaccesskeyid', 'signature']

/**
 * Reads an upload by a browser's form (S3 API reference, POST Object), proves who signed its policy, and holds the form against
 * it. Whether its signer may put the object is not decided here. The file is read by whoever stores it.
 * @throws S3Error, SignatureRefusal, CredentialRefusal
 */
export async function readFormUpload(deps: Deps, request: S3Request, bucket: string): Promise<FormUpload> {
  const form = await parseFormData(request.headers, request.body)
  const { fields, file } = form
  if (VERSION_2.some((name) => fields.has(name))) {
    throw new S3Error('InvalidRequest', {
      message: 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    })
  }
  const named = fields.get('key')
  if (!named) throw missing('key')
  const unverified = claimedSigner(fields)
  const signed = unverified && (await deps.authenticateForm(unverified))
  if (unverified) {
    requirePolicy(parsePostPolicy(unverified.policy), { fields, bucket, size: file.size, now: deps.now() })
  }
  // Policies see the key as the form writes it; S3 then puts the file's name in.
  const key = named.replaceAll(`\${filename}`, () => file.name)
  verifyKeyLength(key)
  return {
    key,
    ...(signed && { signed }),
    request: { ...request, method: 'PUT', headers: headersOf(form, request), body: file.content },
    answer: (stored) => answerOf(fields, { bucket, key, stored, origin: originOf(request) }),
  }
}

const missing = (name: string) =>
  new S3Error('InvalidArgument', {
    message: `Bucket POST must contain a field named '${name}'. If it is specified, please check the order of the fields.`,
    elements: { ArgumentName: name, ArgumentValue: '' },
  })

/** `undefined` when nobody claims to have signed; a form with a policy must be signed, and one that is signed must have one. */
function claimedSigner(fields: FormData['fields']): UnverifiedForm | undefined {
  const names = ['policy', 'x-amz-signature', 'x-amz-credential', 'x-amz-date', 'x-amz-algorithm'] as const
  if (!names.some((name) => fields.has(name)) && !fields.has('x-amz-security-token')) return undefined
  const one = (name: (typeof names)[number]) => {
    const value = fields.get(name)
    if (!value) throw missing(name)
    return value
  }
  const sessionToken = fields.get('x-amz-security-token')
  return {
    policy: one('policy'),
    signature: one('x-amz-signature'),
    credential: one('x-amz-credential'),
    date: one('x-amz-date'),
    algorithm: one('x-amz-algorithm'),
    ...(sessionToken !== undefined && { sessionToken }),
  }
}

/** The form's fields as the headers of a PUT; what is no header of an upload has no effect. */
function headersOf({ fields, file }: FormData, { headers }: S3Request): Readonly<Record<string, string>> {
  const sent = new Map<string, string>()
  for (const name of OF_THE_BROWSER) {
    const value = headers[name]
    if (value !== undefined) sent.set(name, value)
  }
  if (file.contentType !== undefined) sent.set('content-type', file.contentType)
  for (const [name, value] of fields) if (AS_HEADER.test(name) || AS_AMZ_HEADER.test(name)) sent.set(name, value)
  for (const [name, value] of sent) verifyHeader(name, value)
  const acl = fields.get('acl')
  if (acl !== undefined) sent.set('x-amz-acl', acl)
  const tagging = fields.get('tagging')
  if (tagging !== undefined) sent.set('x-amz-tagging', taggingHeader(tagging))
  sent.set('content-length', String(file.size))
  return Object.fromEntries(sent)
}

/** @throws S3Error InvalidArgument */
function verifyHeader(name: string, value: string): void {
  if (isHeaderField(name, value)) return
  throw new S3Error('InvalidArgument', {
    message: 'A field of the form is no header: its name must be a token, and its value have no control characters.',
    elements: { ArgumentName: name },
  })
}

/** A form writes tags as a document. */
function taggingHeader(document: string): string {
  let root: ReturnType<typeof parseXml>
  try {
    root = parseXml(document)
  } catch (cause) {
    throw new S3Error('MalformedXML', { cause })
  }
  const tags = parseTagging(root, MAX_OBJECT_TAGS)
  return tags.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
}

interface Stored {
  readonly bucket: string
  readonly key: string
  readonly stored: S3Response
  /** Of the gateway, as the browser reached it. */
  readonly origin: string
}

function answerOf(fields: FormData['fields'], { bucket, key, stored, origin }: Stored): S3Response {
  const etag = stored.headers.etag ?? ''
  const location = `${origin}/${bucket}/${encodeURIComponent(key)}`
  const redirect = redirectTarget(fields.get('success_action_redirect') ?? fields.get('redirect'))
  if (redirect) {
    for (const [name, value] of Object.entries({ bucket, key, etag })) redirect.searchParams.append(name, value)
    return emptyAnswer(303, { ...stored.headers, location: redirect.href })
  }
  const status = fields.get('success_action_status')
  if (status === '201') {
    const document = plainDocument(
      'PostResponse',
      text('Location', location),
      text('Bucket', bucket),
      text('Key', key),
      text('ETag', etag),
    )
    return {
      status: 201,
      headers: { ...withoutLength(stored), location, 'content-type': 'application/xml' },
      body: document,
    }
  }
  if (status === '200') return emptyAnswer(200, { ...stored.headers, location })
  return emptyAnswer(204, { ...withoutLength(stored), location })
}

const originOf = ({ secure, headers }: S3Request) => `${secure ? 'https' : 'http'}://${headers.host ?? ''}`

const withoutLength = ({ headers: { 'content-length': _own, ...headers } }: S3Response) => headers

/** Only where a page can be: a form must not send its browser to a script. */
function redirectTarget(value: string | undefined): URL | undefined {
  if (value === undefined || !URL.canParse(value)) return undefined
  const target = new URL(value)
  return target.protocol === 'https:' || target.protocol === 'http:' ? target : undefined
}
