import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CountingProxy {
  readonly origin: string
  /** How often a path that ends like this was asked for. */
  asked(end: string): number
  close(): Promise<void>
}

const HOP_BY_HOP = new Set(['connection', 'content-encoding', 'content-length', 'keep-alive', 'transfer-encoding'])

/**
 * Stands before a server and counts what is asked of it. `rewrite` changes a document on its way back, for a server that
 * does not know of the proxy. Redirects are handed on.
 */
export async function startCountingProxy(
  target: () => string,
  rewrite: (path: string, body: string) => string = (_path, body) => body,
): Promise<CountingProxy> {
  const paths: string[] = []
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://proxy')
    paths.push(url.pathname)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { host: _host, connection: _connection, ...headers } = request.headers
    try {
      const answer = await fetch(new URL(url.pathname + url.search, target()), {
        method: request.method ?? 'GET',
        headers: headers as Record<string, string>,
        redirect: 'manual',
        ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
      })
      const body = rewrite(url.pathname, await answer.text())
      for (const [name, value] of answer.headers) {
        if (!HOP_BY_HOP.has(name) && name !== 'set-cookie') response.setHeader(name, value)
      }
      const cookies = answer.headers.getSetCookie()
      if (cookies.length > 0) response.setHeader('set-cookie', cookies)
      response.writeHead(answer.status).end(body)
    } catch {
      response.writeHead(502).end() // The server is down, which a run may want.
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: (end) => paths.filter((path) => path.endsWith(end)).length,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
