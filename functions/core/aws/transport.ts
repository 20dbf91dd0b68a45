import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { buffer } from 'node:stream/consumers'

export interface SentRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal?: AbortSignal | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export interface Transport {
  /** Rejects when no whole answer came; whether the request was executed is unknown then, but for ECONNREFUSED. */
  send(url: URL, request: SentRequest): Promise<Answer>
  close(): void
}

/** As AWS's SDK has it: a service answers more than this many requests at once over no more connections. */
const MOST_CONNECTIONS = 50
/** In milliseconds: what listens in AWS answers a connection within a few. */
const CONNECT_MS = 1_000

/** Sends requests over connections that are kept. Follows no redirect: AWS's services send none. */
export function openTransport(): Transport {
  const settings = { keepAlive: true, maxSockets: MOST_CONNECTIONS }
  const agents = { plain: new HttpAgent(settings), tls: new HttpsAgent(settings) }
  return {
    send(url, { method, headers, body, signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      const options = {
        method,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        ...(signal && { signal }),
      }
      const request =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: agents.tls })
          : httpRequest(url, { ...options, agent: agents.plain })
      request.on('error', reject)
      request.on('response', (response) => {
        const { statusCode: status = 0, headers: answered } = response
        buffer(response).then((bytes) => resolve({ status, headers: answered, body: bytes }), reject)
      })
      request.on('socket', (socket) => {
        if (!socket.connecting) return
        const timer = setTimeout(() => request.destroy(new ConnectTimeout()), CONNECT_MS)
        socket.once('connect', () => clearTimeout(timer))
        socket.once('close', () => clearTimeout(timer))
      })
      request.end(body)
      return promise
    },
    close() {
      agents.plain.destroy()
      agents.tls.destroy()
    },
  }
}

/** Told, and repeated, as the system's own. */
class ConnectTimeout extends Error {
  readonly code = 'ETIMEDOUT'
  constructor() {
    super('No connection was made in time')
  }
}
