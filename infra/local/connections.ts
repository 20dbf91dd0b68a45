import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Server as TlsServer } from 'node:tls'
import type { Log } from '@daypass/core/deps.ts'
import { Slots } from './slots.ts'

const LONGEST_GOODBYE_MS = 10_000

/**
 * Watches a server's connections so that it can stop well: `server.close()` alone waits for as long as any client keeps a
 * connection open, used or not. The answer takes no more connections, cuts those on which no request has begun, answers
 * what has begun and cuts its connection then; whatever is left after 10 seconds is cut too.
 */
export function watchConnections(server: Server, log: Log): () => Promise<void> {
  const unused = new Set<Socket>()
  const answering = new Slots<ServerResponse>()
  let closing = false

  const cutIdle = () => setImmediate(() => server.closeIdleConnections())
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    // It waits behind others, and may never begin.
    if (!response.socket) return void response.once('socket', () => begin(request, response))
    unused.delete(request.socket)
    const place = answering.add(response)
    if (closing) response.shouldKeepAlive = false
    response.once('close', () => {
      answering.remove(place)
      if (closing) cutIdle()
    })
  }
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.prependListener(event, begin)
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    unused.add(socket)
    socket.once('close', () => unused.delete(socket))
  })

  return () =>
    new Promise((resolve) => {
      closing = true
      const timer = setTimeout(() => {
        log.warn({ event: 'connections-cut', unanswered: answering.size })
        server.closeAllConnections()
      }, LONGEST_GOODBYE_MS)
      server.close(() => {
        clearTimeout(timer)
        resolve()
      })
      for (const response of answering) response.shouldKeepAlive = false
      // What has arrived already is read first: it may be the beginning of a request.
      setImmediate(() => {
        for (const socket of unused) socket.destroy()
      })
      cutIdle()
    })
}
