import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort, recipe, startPart } from '../shared/part.ts'
import type { Cluster } from './cluster.ts'

/** Of the recipe's administrator. */
const ADMIN = 'admin-token'
const PAUSE_MS = 200
const MOST_LOOKS = 150

interface Answer {
  readonly status: number
  readonly document: { readonly status?: { readonly token?: string }; readonly gitVersion?: string }
}

/** A real API server with its store, whose discovery is open to all. */
export async function startRealCluster(): Promise<Cluster> {
  const { script, folder } = recipe('kubernetes')
  const port = await freePort(3)
  const issuer = `https://localhost:${port}`
  const ca = join(folder, 'tls/ca.pem')
  const ask = (path: string, body?: object, bearer?: string) => call(new URL(path, issuer), ca, body, bearer)
  const server = await startPart('bash', [script, folder, String(port)], async () => {
    const { status } = await ask('/.well-known/openid-configuration')
    return status === 200
  })
  const made = new Set<string>()
  /** Makes what is not there; the API server needs a moment for its own namespaces. */
  const make = async (path: string, name: string) => {
    if (made.has(`${path}/${name}`)) return
    for (let look = 0; look < MOST_LOOKS; look++) {
      const { status } = await ask(path, { metadata: { name } }, ADMIN)
      if (status === 201 || status === 409) return void made.add(`${path}/${name}`)
      await delay(PAUSE_MS)
    }
    throw new Error(`Kubernetes makes no ${name} at ${path}`)
  }
  const { document } = await ask('/version', undefined, ADMIN)
  return {
    what: `a real Kubernetes API server ${document.gitVersion}`,
    issuer,
    ca,
    token: async (namespace, account, audience) => {
      await make('/api/v1/namespaces', namespace)
      const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`
      await make(accounts, account)
      const wish = { spec: { audiences: [audience], expirationSeconds: 3600 } }
      const { status, document } = await ask(`${accounts}/${account}/token`, wish, ADMIN)
      const token = document.status?.token
      if (token === undefined) throw new Error(`Kubernetes gave no token (${status})`)
      return token
    },
    stop: server.stop,
  }
}

function call(url: URL, ca: string, body?: object, bearer?: string): Promise<Answer> {
  return new Promise((resolve) => {
    const nobody: Answer = { status: 0, document: {} } // Nobody listens yet.
    let authority: Buffer
    try {
      authority = readFileSync(ca)
    } catch {
      return resolve(nobody)
    }
    const headers = {
      'content-type': 'application/json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    }
    request(url, { method: body ? 'POST' : 'GET', ca: authority, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, document: text.startsWith('{') ? JSON.parse(text) : {} }),
      )
    })
      .on('error', () => resolve(nobody))
      .end(body && JSON.stringify(body))
  })
}
