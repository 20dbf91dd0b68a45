import type { S3Response } from './port.ts'

/** An XML document. */
export const xmlAnswer = (body: string): S3Response => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body,
})

/** An answer that is its status and headers. */
export const emptyAnswer = (status: number, headers: Readonly<Record<string, string>> = {}): S3Response => ({
  status,
  headers: status === 204 || status === 304 ? headers : { ...headers, 'content-length': '0' },
})
