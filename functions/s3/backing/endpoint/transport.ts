import { type ClientRequest, Agent as PlainAgent, request as plainRequest, type RequestOptions } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'

/** Connections to the store that are kept and used again. */
export interface Transport {
  start(origin: URL, options: RequestOptions): ClientRequest
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
  return {
    start({ protocol, hostname, port }, about) {
      // An IPv6 address stands in brackets in a URL alone.
      const place = { ...about, host: hostname.replace(/^\[|\]$/g, ''), ...(port !== '' && { port }) }
      if (protocol === 'https:') return secureRequest({ ...place, agent: secure })
      return plainRequest({ ...place, agent: plain })
    },
    close() {
      plain.destroy()
      secure.destroy()
    },
  }
}
