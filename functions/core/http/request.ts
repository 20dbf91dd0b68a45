/**
 * A request as every part of the core sees it. Adapters (API Gateway payload 2.0, Function URL, the local host) make it;
 * nothing else in the core knows where it came from.
 */
export interface HttpRequest {
  readonly method: string
  /** The path as the adapter has it; API Gateway's HTTP API gives it percent-decoded, a Function URL as it was sent. */
  readonly path: string
  /** The query string as it was sent, undecoded, without the `?`; empty when there is none. */
  readonly rawQuery: string
  /** Names in lower case; a header that was sent several times has its values joined by `,` as RFC 9110 5.2 allows. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** The address of the peer as the adapter knows it, never as a header claims it. */
  readonly sourceIp: string
  /** Whether the request came over TLS. */
  readonly secure: boolean
  readonly requestId: string
  /** PEM of the client certificate that the TLS layer proved possession of, when it did. */
  readonly clientCertificate?: string
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
