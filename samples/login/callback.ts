import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ProgramError } from '../shared/program.ts'
import { PAGE_HEADERS, page } from './page.ts'

export const CALLBACK_PATH = '/oauth2/callback'

/** What the browser shows in the end. */
export interface Shown {
  readonly sentence: string
  readonly result?: string
}

export interface CallbackServer {
  readonly redirectUri: string
  /**
   * Waits for the browser that comes back with this state, hands its code to `finish` and shows what that answers. Rejects
   * when the provider refused the login or `finish` failed, having said so in the browser. A state is taken once.
   */
  waitFor(state: string, issuer: string, finish: (code: string) => Promise<Shown>): Promise<void>
  close(): Promise<void>
}

/** Listens on the loopback address alone (RFC 8252 section 7.3). Throws ProgramError when the port cannot be had. */
export async function listenForCallback(port: number): Promise<CallbackServer> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    const refused = ({ code }: NodeJS.ErrnoException) =>
      reject(new ProgramError(`Port ${port} cannot be had (${code}): choose another with --port.`))
    server.once('error', refused).listen(port, '127.0.0.1', resolve)
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    redirectUri: `http://${host}${CALLBACK_PATH}`,
    waitFor: (state, issuer, finish) =>
      new Promise((resolve, reject) => {
        let taken = false
        server.on('request', (request: IncomingMessage, response: ServerResponse) => {
          const target = new URL(request.url ?? '/', `http://${host}`)
          if (request.headers.host !== host || request.method !== 'GET' || target.pathname !== CALLBACK_PATH) {
            return send(response, 404, page('Not found', 'There is nothing here but the way back from the login.'))
          }
          const refusal = refuseStranger(target.searchParams, state, taken)
          if (refusal !== undefined) {
            console.error(`A request came to the callback and was refused: ${refusal}`)
            return send(response, 400, page('Refused', refusal))
          }
          taken = true
          answer(target.searchParams, issuer, finish, response).then(resolve, reject)
        })
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

/** What is not this login's way back: it is told so, and the login goes on. */
function refuseStranger(params: URLSearchParams, state: string, taken: boolean): string | undefined {
  const repeated = [...params.keys()].find((name) => params.getAll(name).length > 1)
  if (repeated !== undefined) return 'A parameter of the callback came twice.'
  if (!equal(params.get('state') ?? '', state)) {
    return 'The state is not that of this login: begin again with the link in the terminal.'
  }
  if (taken) return 'This login was used already: start the program again.'
  return undefined
}

async function answer(
  params: URLSearchParams,
  issuer: string,
  finish: (code: string) => Promise<Shown>,
  response: ServerResponse,
): Promise<void> {
  try {
    const { sentence, result } = await finish(codeOf(params, issuer))
    await send(response, 200, page('You are logged in', sentence, result))
  } catch (error) {
    const sentence = error instanceof ProgramError ? error.message : 'Something went wrong: see the terminal.'
    await send(response, 400, page('The login failed', sentence))
    throw error
  }
}

function codeOf(params: URLSearchParams, issuer: string): string {
  const error = params.get('error')
  if (error !== null) {
    const description = params.get('error_description')
    throw new ProgramError(
      `The provider refused the login: ${description === null ? error : `${error}: ${description}`}.`,
    )
  }
  // RFC 9207: a provider that names itself must be the one that was asked.
  const named = params.get('iss')
  if (named !== null && named !== issuer)
    throw new ProgramError('Another provider than the one that was asked answered.')
  const code = params.get('code')
  if (code === null || code === '') throw new ProgramError('The provider sent no code back.')
  return code
}

function send(response: ServerResponse, status: number, html: string): Promise<void> {
  return new Promise((resolve) => {
    response.writeHead(status, { ...PAGE_HEADERS, connection: 'close' }).end(html, resolve)
  })
}

function equal(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
