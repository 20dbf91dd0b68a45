import { S3Error } from './errors.ts'
import { isHeaderField } from './header-field.ts'
import type { S3Request } from './port.ts'
import type { Query } from './query.ts'

/**
 * What a presigned query says in place of headers. No checksums: S3 has passed them over there, and SDKs write the one of no
 * content.
 */
const IN_QUERY =
  /^x-amz-(?:meta-.+|acl|grant-.+|tagging|storage-class|expected-bucket-owner|server-side-encryption.*|object-lock-.+|website-redirect-location)$/

/**
 * A request whose signature was verified, with the headers that its presigned query states: SDKs move them there, so that whoever
 * uses the URL need not know them (S3 API reference, "Authenticating Requests: Using Query Parameters"). Passed over, an object
 * would be without its metadata and rights, and nobody told.
 * @throws S3Error InvalidArgument for what is no header, InvalidRequest for one that is stated otherwise in the head
 */
export function withQueryHeaders(request: S3Request, query: Query): S3Request {
  if (!query.has('X-Amz-Signature')) return request
  const stated = [...query]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => IN_QUERY.test(name))
  for (const [name, value] of stated) {
    if (!isHeaderField(name, value)) throw new S3Error('InvalidArgument', { elements: { ArgumentName: name } })
    if ((request.headers[name] ?? value) !== value) {
      throw new S3Error('InvalidRequest', { message: `The query and the headers state another ${name}.` })
    }
  }
  return stated.length === 0 ? request : { ...request, headers: { ...request.headers, ...Object.fromEntries(stated) } }
}
