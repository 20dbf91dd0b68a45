import { CREDENTIAL_FLAWS, CredentialRefusal } from '@daypass/core/authentication/refusal.ts'
import { ChecksumMismatch } from '@daypass/core/checksum/checksum.ts'
import { type ErrorCode, StsError } from '@daypass/core/errors.ts'
import { SignatureRefusal, s3Refusal } from '@daypass/core/sigv4/refusal.ts'
import { StoreUnavailable } from '@daypass/core/store/port.ts'
import { S3Error, type S3ErrorCode } from './errors.ts'
import { ClientGone, type S3RequestHead, type S3Response } from './port.ts'
import { plainDocument, text } from './xml.ts'

/** What an answer says of a failure. */
export interface Refusal {
  readonly code: string
  readonly status: number
  readonly message: string
  readonly elements: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

/** The core's codes in S3's words, where S3 has other ones. */
const CORE_CODES: Readonly<Partial<Record<ErrorCode, S3ErrorCode>>> = {
  AccessDenied: 'AccessDenied',
  ExpiredToken: 'ExpiredToken',
  InvalidClientTokenId: 'InvalidAccessKeyId',
  MissingAuthenticationToken: 'AccessDenied',
  ServiceUnavailable: 'ServiceUnavailable',
  SignatureDoesNotMatch: 'SignatureDoesNotMatch',
  Throttling: 'SlowDown',
}

const own = ({ code, status, message, elements, headers }: S3Error): Refusal => ({
  code,
  status,
  message,
  elements,
  headers,
})

/**
 * Says any failure in S3's words. What nobody foresaw becomes InternalError, and nothing of it leaves the house.
 */
export function describeRefusal(error: unknown): Refusal {
  if (error instanceof S3Error) return own(error)
  if (error instanceof SignatureRefusal) return { ...s3Refusal(error), elements: {}, headers: {} }
  if (error instanceof CredentialRefusal) {
    const [code, message] = CREDENTIAL_FLAWS[error.flaw].s3
    return own(new S3Error(code, { message }))
  }
  if (error instanceof ChecksumMismatch) return own(new S3Error('BadDigest', { message: error.message }))
  if (error instanceof StoreUnavailable) return own(new S3Error('ServiceUnavailable'))
  if (error instanceof ClientGone) return own(new S3Error('RequestTimeout'))
  if (error instanceof StsError) return own(new S3Error(CORE_CODES[error.code] ?? 'InternalError'))
  return own(new S3Error('InternalError'))
}

/** The refusal as an answer; a HEAD request gets its status and headers alone. */
export function refusalAnswer(
  refusal: Refusal,
  { method, rawPath, requestId }: S3RequestHead,
  hostId: string,
): S3Response {
  const { code, status, message, elements, headers } = refusal
  const document = plainDocument(
    'Error',
    text('Code', code),
    text('Message', message),
    ...Object.entries(elements).map(([name, value]) => text(name, value)),
    text('Resource', rawPath),
    text('RequestId', requestId),
    text('HostId', hostId),
  )
  const described = { ...headers, 'content-type': 'application/xml' }
  return method === 'HEAD' ? { status, headers: described } : { status, headers: described, body: document }
}
