import type { RefusalRow } from './refusal.ts'

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
const S3_MISMATCH = {
  code: 'SignatureDoesNotMatch',
  status: 403,
  message:
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
}
const S3_UNSUPPORTED = {
  code: 'InvalidRequest',
  status: 400,
  message: 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
}

const mismatch = (message = MISMATCH) => ({ code: 'SignatureDoesNotMatch', message }) as const
const incomplete = (message: string) => ({ code: 'IncompleteSignature', message }) as const
const s3 = (code: string, status: number, message: string) => ({ code, status, message })
const headerMalformed = (message: string) => s3('AuthorizationHeaderMalformed', 400, message)
const queryMalformed = (message: string) => s3('AuthorizationQueryParametersError', 400, message)

/** What only a body in S3's streaming form can do wrong never reaches a Query service. */
const notStreamed = mismatch()

/**
 * Every reason to refuse a signature, in the words of the Query services (STS, IAM) and of S3.
 * Sources: IAM User Guide, "Troubleshoot signed requests"; Amazon S3 API Reference, "Error responses" and
 * "Authenticating Requests (AWS Signature Version 4)"; answers of the services as clients report them.
 */
export const SIGNATURE_REFUSALS = {
  'unsupported-scheme': {
    query: incomplete(
      "Unsupported AWS 'algorithm' in the Authorization header. Sign the request with AWS4-HMAC-SHA256.",
    ),
    s3: s3('InvalidArgument', 400, 'Unsupported Authorization Type'),
    s3Presigned: queryMalformed('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"'),
  },
  'signature-version-4a': {
    query: incomplete("Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'. Sign the request with AWS4-HMAC-SHA256."),
    s3: S3_UNSUPPORTED,
    s3Presigned: queryMalformed('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"'),
  },
  'signature-version-2': { query: incomplete(S3_UNSUPPORTED.message), s3: S3_UNSUPPORTED },
  'two-mechanisms': {
    query: mismatch('Sign either with the Authorization header or with query parameters, not with both.'),
    s3: s3(
      'InvalidArgument',
      400,
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    ),
  },
  'authorization-malformed': {
    query: incomplete(
      "The Authorization header must be 'AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…', each part once.",
    ),
    s3: headerMalformed('The authorization header that you provided is not valid.'),
  },
  'authorization-incomplete': {
    query: incomplete('{missing}'),
    s3: headerMalformed('The authorization header is malformed; {missing}'),
    s3Presigned: queryMalformed(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    ),
  },
  'presigned-malformed': {
    query: incomplete("'{parameter}' must occur once, spelled so. Re-examine the query-string parameters."),
    s3: queryMalformed("'{parameter}' must occur once, spelled so."),
  },
  'credential-malformed': {
    query: incomplete('Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.'),
    s3: headerMalformed(
      'The authorization header is malformed; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    ),
    s3Presigned: queryMalformed(
      'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    ),
  },
  'scope-service': {
    query: mismatch("Credential should be scoped to correct service: '{service}'."),
    s3: headerMalformed(
      'The authorization header is malformed; incorrect service. This endpoint belongs to "{service}".',
    ),
    s3Presigned: queryMalformed(
      'Error parsing the X-Amz-Credential parameter; incorrect service. This endpoint belongs to "{service}".',
    ),
  },
  'scope-terminator': {
    query: mismatch("Credential should be scoped with a valid terminator: 'aws4_request'."),
    s3: headerMalformed(
      'The authorization header is malformed; incorrect terminal. This endpoint uses "aws4_request".',
    ),
    s3Presigned: queryMalformed(
      'Error parsing the X-Amz-Credential parameter; incorrect terminal. This endpoint uses "aws4_request".',
    ),
  },
  'scope-date': {
    query: mismatch(
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{scopeDate}' != '{date}', from '{timestamp}'.",
    ),
    s3: headerMalformed(
      'The authorization header is malformed; Invalid credential date "{scopeDate}". This date is not the same as X-Amz-Date: "{date}".',
    ),
    s3Presigned: queryMalformed(
      'Invalid credential date "{scopeDate}". This date is not the same as X-Amz-Date: "{date}".',
    ),
  },
  'date-missing': {
    query: incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."),
    s3: s3('AccessDenied', 403, 'AWS authentication requires a valid Date or x-amz-date header'),
  },
  'date-malformed': {
    query: incomplete(
      "Date must be in ISO-8601 'basic format', e.g. 20260131T235959Z. See http://en.wikipedia.org/wiki/ISO_8601",
    ),
    s3: s3('AccessDenied', 403, 'AWS authentication requires a valid Date or x-amz-date header'),
    s3Presigned: queryMalformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""),
  },
  'signed-headers-malformed': {
    query: incomplete("'SignedHeaders' must be lower-case header names in ascending order, each once, joined by ';'."),
    s3: headerMalformed(
      "The authorization header is malformed; SignedHeaders must be lower-case header names in ascending order, each once, joined by ';'.",
    ),
    s3Presigned: queryMalformed(
      "X-Amz-SignedHeaders must be lower-case header names in ascending order, each once, joined by ';'.",
    ),
  },
  'host-not-signed': {
    query: mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
    s3: s3('AccessDenied', 403, 'There were headers present in the request which were not signed: host'),
  },
  'header-not-signed': {
    query: mismatch("'{header}' must be a 'SignedHeader' in the AWS Authorization."),
    s3: s3('AccessDenied', 403, 'There were headers present in the request which were not signed: {header}'),
  },
  'signed-header-missing': { query: mismatch(), s3: S3_MISMATCH },
  'two-tokens': {
    query: mismatch(
      'Send the session token once: as a signed X-Amz-Security-Token header, or as a query parameter of a presigned request.',
    ),
    s3: s3('InvalidRequest', 400, 'The session token must be sent once, where the signature is.'),
  },
  'expires-malformed': {
    query: incomplete('X-Amz-Expires should be a number'),
    s3: queryMalformed('X-Amz-Expires should be a number'),
  },
  'expires-out-of-range': {
    query: incomplete('X-Amz-Expires must be between 1 and 604800 seconds (a week).'),
    s3: queryMalformed('X-Amz-Expires must be between 1 and 604800 seconds (a week).'),
  },
  'content-sha256-missing': {
    query: incomplete('Missing required header for this request: x-amz-content-sha256'),
    s3: s3('InvalidRequest', 400, 'Missing required header for this request: x-amz-content-sha256'),
  },
  'content-sha256-malformed': {
    query: mismatch("'x-amz-content-sha256' must be the SHA-256 of the body in hexadecimal, or absent."),
    s3: s3(
      'InvalidArgument',
      400,
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
    ),
  },
  'content-sha256-mismatch': {
    query: mismatch(),
    s3: s3(
      'XAmzContentSHA256Mismatch',
      400,
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    ),
  },
  'payload-not-signed': {
    query: mismatch("The body must be signed: 'x-amz-content-sha256' must be its SHA-256, or absent."),
    s3: s3('InvalidRequest', 400, 'This payload form needs a signature in the Authorization header.'),
  },
  'presigned-body': {
    query: mismatch('A presigned GET must not have a body.'),
    s3: s3('InvalidRequest', 400, 'A presigned GET must not have a body.'),
  },
  'uri-malformed': {
    query: { code: 'MalformedQueryString', message: 'The path or query string holds a malformed percent-encoding.' },
    s3: s3('InvalidURI', 400, "Couldn't parse the specified URI."),
  },
  'signature-expired': {
    query: mismatch('Signature expired: {timestamp} is now earlier than {limit} ({now} - 15 min.)'),
    s3: s3('RequestTimeTooSkewed', 403, 'The difference between the request time and the current time is too large.'),
    s3Presigned: s3('AccessDenied', 403, 'Request has expired'),
  },
  'signature-not-yet-current': {
    query: mismatch('Signature not yet current: {timestamp} is still later than {limit} ({now} + 15 min.)'),
    s3: s3('RequestTimeTooSkewed', 403, 'The difference between the request time and the current time is too large.'),
    s3Presigned: s3('AccessDenied', 403, 'Request is not valid yet'),
  },
  'signature-mismatch': { query: mismatch(), s3: S3_MISMATCH },
  'chunk-signature-mismatch': { query: notStreamed, s3: S3_MISMATCH },
  'chunk-malformed': {
    query: notStreamed,
    s3: s3('InvalidRequest', 400, 'The aws-chunked body is malformed.'),
  },
  'chunk-too-large': {
    query: notStreamed,
    s3: s3('EntityTooLarge', 400, 'A signed chunk must not exceed {limit} bytes.'),
  },
  'body-incomplete': {
    query: notStreamed,
    s3: s3(
      'IncompleteBody',
      400,
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
    ),
  },
  'decoded-length-missing': {
    query: notStreamed,
    s3: s3('MissingContentLength', 411, 'You must provide the x-amz-decoded-content-length HTTP header.'),
  },
  'trailer-malformed': {
    query: notStreamed,
    s3: s3(
      'MalformedTrailerError',
      400,
      'The request contained trailing data that was not well-formed or did not conform to our published schema.',
    ),
  },
} as const satisfies Record<string, RefusalRow>
