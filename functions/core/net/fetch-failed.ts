/** Why a call was not made or gave no usable answer. `message` is for the operator's log, never for a caller. */
export class FetchFailed extends Error {
  readonly reason: 'url' | 'address' | 'redirect' | 'encoding' | 'size' | 'time' | 'network'

  constructor(reason: FetchFailed['reason'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'FetchFailed'
    this.reason = reason
  }
}
