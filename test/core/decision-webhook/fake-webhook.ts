import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface FakeWebhook {
  readonly url: URL
  readonly asked: Asked[]
  /** Answers from now on like this. */
  answer(listener: RequestListener): void
  close(): Promise<void>
}

/** 200 with this body. */
export const saying =
  (body: string | Buffer, headers: Record<string, string> = { 'content-type': 'application/json' }): RequestListener =>
  (_request, response) => {
    response.writeHead(200, headers).end(body)
  }

/** A policy engine over real HTTP that answers whatever a test wants; at first it allows everything. */
export async function startFakeWebhook(): Promise<FakeWebhook> {
  let listener: RequestListener = saying('{"result":true}')
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, url: path, headers } = request
      asked.push({ method, path, headers, body: Buffer.concat(chunks).toString('utf8') })
      listener(request, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/data/httpapi/authz`),
    asked,
    answer: (next) => {
      listener = next
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
