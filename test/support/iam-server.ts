import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { IAMClient } from '@aws-sdk/client-iam'
import type { IamDeployment } from './iam.ts'
import type { SigningCredentials } from './sign.ts'

export interface IamServer {
  client(credentials: SigningCredentials): IAMClient
  close(): void
}

/** The IAM service of a deployment on a port of its own, for AWS's SDK. */
export async function serveIam(daypass: IamDeployment): Promise<IamServer> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { status, headers, body } = await daypass.service({
      method: request.method ?? '',
      path: request.url ?? '',
      rawQuery: '',
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks),
      sourceIp: '127.0.0.1',
      secure: false,
      requestId: '00000000-0000-4000-8000-000000000000',
    })
    response.sendDate = false // the SDK would set its clock by it
    response.writeHead(status, headers).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const clients: IAMClient[] = []
  return {
    client(credentials) {
      const iam = new IAMClient({
        endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        region: 'us-east-1',
        maxAttempts: 1,
        credentials,
        systemClockOffset: daypass.clock.now() - Date.now(),
      })
      clients.push(iam)
      return iam
    },
    close() {
      for (const iam of clients) iam.destroy()
      server.close()
      server.closeAllConnections()
    },
  }
}
