import { once } from 'node:events'
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Doors to AWS's services, here in memory, that write down each call that comes through. */
export interface AwsDoors {
  /** A door's address in place of each endpoint. */
  readonly environment: Readonly<Record<string, string>>
  /** The operations that were called, such as `GetItem`, until it is emptied. */
  readonly calls: string[]
  /** While it is set, whoever calls is answered as by a service that is down. */
  closed: boolean
  close(): Promise<void>
}

/** Puts a door before each of the endpoints that an environment names; any function that is invoked answers `invoked`. */
export async function openDoors(environment: Readonly<Record<string, string>>, invoked: unknown): Promise<AwsDoors> {
  const calls: string[] = []
  const servers: Server[] = []
  const isClosed = () => made.closed
  const open = async (name: string, server: Server) => {
    servers.push(server)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return [name, `http://127.0.0.1:${(server.address() as AddressInfo).port}`] as const
  }
  const doors = Object.entries(environment)
    .filter(([name]) => name.startsWith('AWS_ENDPOINT_URL_'))
    .map(([name, url]) => open(name, doorTo(url, calls, isClosed)))
  const lambda = createServer((_, answer) => {
    calls.push('Invoke')
    answer.end(JSON.stringify(invoked))
  })
  doors.push(open('AWS_ENDPOINT_URL_LAMBDA', lambda))
  const made: AwsDoors = {
    environment: { ...environment, ...Object.fromEntries(await Promise.all(doors)) },
    calls,
    closed: false,
    close: async () => {
      for (const server of servers) {
        server.closeAllConnections()
        server.close()
      }
    },
  }
  return made
}

function doorTo(url: string, calls: string[], isClosed: () => boolean): Server {
  return createServer((incoming, answer) => {
    const { method, headers } = incoming
    if (isClosed()) return void answer.writeHead(503).end()
    calls.push(String(headers['x-amz-target']).replace(/^.*\./, ''))
    const outgoing = httpRequest(url, { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers)
      response.pipe(answer)
    })
    outgoing.on('error', () => answer.destroy())
    incoming.pipe(outgoing)
  })
}
