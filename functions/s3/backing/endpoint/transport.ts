import { type ClientRequest, Agent as PlainAgent, request as plainRequest, type RequestOptions } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { answerOf, type StoreAnswer } from './answer.ts'
import { messageSource } from './body.ts'
import { type Content, exchange } from './exchange.ts'
import { plainReads } from './plain-reads.ts'

/** A request as it goes over a connection. */
export interface SentRequest {
  readonly origin: URL
  readonly method: string
  /** With its query, encoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | Content | undefined
  /** How long the store may say nothing, in milliseconds. */
  readonly patience: number
}

/** Connections to the store that are kept and used again. */
export interface Transport {
  /** Sends, and answers what the store says. @throws ContentFailure, and what the connection failed of */
  send(request: SentRequest): Promise<StoreAnswer>
  close(): void
}

/** Kept connections that nobody uses. */
const MAX_IDLE = 256

/** What is read ahead of a reader, and written ahead of the store, on each connection, in bytes. */
const HIGH_WATER_MARK = 512 * 1024

export function storeTransport(): Transport {
  const options = { keepAlive: true, maxFreeSockets: MAX_IDLE, highWaterMark: HIGH_WATER_MARK }
  const plain = new PlainAgent(options)
  const secure = new SecureAgent(options)
  const reads = plainReads()
  /** Hosts that answer in ways that only node:http reads. */
  const intricate = new Set<string>()

  const start = ({ protocol, hostname, port }: URL, about: RequestOptions): ClientRequest => {
    // An IPv6 address stands in brackets in a URL alone.
    const place = { ...about, host: hostname.replace(/^\[|\]$/g, ''), ...(port !== '' && { port }) }
    if (protocol === 'https:') return secureRequest({ ...place, agent: secure })
    return plainRequest({ ...place, agent: plain })
  }

  return {
    async send(request) {
      const { origin, method, path, headers, body, patience } = request
      if (method === 'GET' && origin.protocol === 'http:' && !intricate.has(origin.host)) {
        const answer = await reads.read(request)
        if (answer) return answerOf(answer.status, answer.rawHeaders, answer.body)
        intricate.add(origin.host)
      }
      const sent = start(origin, { method, path, headers, timeout: patience })
      const message = await exchange(sent, body)
      return answerOf(message.statusCode ?? 0, message.rawHeaders, messageSource(message))
    },
    close() {
      plain.destroy()
      secure.destroy()
      reads.close()
    },
  }
}
