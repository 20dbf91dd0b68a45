import type { Writable } from 'node:stream'

/** A request before its body: all that authentication, routing and most refusals need. */
export interface S3RequestHead {
  readonly method: string
  /** The path as it was sent, percent-escapes and all; begins with `/`. Keys are bytes, so nothing may tidy it up. */
  readonly rawPath: string
  /** The query string as it was sent, without the `?`; empty when there is none. */
  readonly rawQuery: string
  /** Names in lower case; a header that was sent several times has its values joined by `,`. */
  readonly headers: Readonly<Record<string, string>>
  /** The address of the peer as the adapter knows it, never as a header claims it. */
  readonly sourceIp: string
  /** Whether the request came over TLS. */
  readonly secure: boolean
  /** The version of TLS that it came over, `1.3`, where the adapter knows it. */
  readonly tlsVersion?: string
  readonly requestId: string
}

export interface S3Request extends S3RequestHead {
  /** Read at most once, and only as fast as it is consumed. Fails with ClientGone when it ends before its end. */
  readonly body: AsyncIterable<Buffer>
}

/** A body that also knows how to write itself, with less effort than handing out its chunks takes. */
export interface StreamedBody extends AsyncIterableIterator<Buffer> {
  /**
   * Writes all that was not read yet as fast as the stream takes it, without ending it, then frees what the body holds. Rejects
   * when the body fails; resolves early when the stream is destroyed.
   */
  writeTo(out: Writable): Promise<void>
}

export interface S3Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /**
   * A streamed body is pulled by the adapter; when the client goes away the adapter calls the iterator's `return`, which
   * frees what the body holds even if nothing was read yet.
   */
  readonly body?: AsyncIterable<Buffer> | Buffer | string
}

/** The gateway as its adapters see it: never rejects, for refusals and faults are answers too. */
export interface S3Service {
  handle(request: S3Request): Promise<S3Response>
}

/** The client went away in the middle of its request: nobody is left to answer, and nothing that it began may stay. */
export class ClientGone extends Error {
  constructor(options?: ErrorOptions) {
    super('the client closed the connection before the end of its request', options)
    this.name = 'ClientGone'
  }
}
