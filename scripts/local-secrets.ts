import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

interface Call {
  readonly SecretId: string
  readonly SecretString?: string
}

export interface LocalSecrets {
  readonly endpoint: string
  close(): Promise<void>
}

/** As much of Secrets Manager as the functions use (GetSecretValue, PutSecretValue), in memory, on a free loopback port. */
export async function startSecrets(): Promise<LocalSecrets> {
  const values = new Map<string, string>()
  const server = createServer(async (request, response) => {
    const { SecretId, SecretString } = (await json(request)) as Call
    if (isPut(request)) values.set(SecretId, SecretString ?? '')
    const value = values.get(SecretId)
    const answer =
      value === undefined ? { __type: 'ResourceNotFoundException' } : { ARN: SecretId, SecretString: value }
    response.writeHead(value === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify(answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const isPut = ({ headers }: IncomingMessage) => headers['x-amz-target'] === 'secretsmanager.PutSecretValue'
