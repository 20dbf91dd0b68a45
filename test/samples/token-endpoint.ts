import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TokenRequest {
  readonly authorization: string | undefined
  readonly form: URLSearchParams
}

export interface TokenAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON. */
  readonly body: object | string
}

export interface TokenEndpoint {
  readonly url: string
  readonly asked: TokenRequest[]
  close(): void
}

/** A token endpoint on a free port of the loopback address, which answers as a test tells it. */
export async function startTokenEndpoint(
  answer: (request: TokenRequest) => TokenAnswer | Promise<TokenAnswer>,
): Promise<TokenEndpoint> {
  const asked: TokenRequest[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const one = { authorization: request.headers.authorization, form: new URLSearchParams(text) }
    asked.push(one)
    const { status = 200, headers = {}, body } = await answer(one)
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    asked,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
