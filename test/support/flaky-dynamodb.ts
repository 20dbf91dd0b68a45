import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Pace } from '@daypass/core/store/dynamodb/retry.ts'
import { type LocalConfig, localConfig } from './dynalite.ts'

export type Fault =
  /** An answer of DynamoDB's own making, without asking it. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body: string
      readonly headers?: Record<string, string>
    }
  /** The connection ends before the request reaches the table. */
  | { readonly kind: 'reset' }
  /** The request reaches the table, and the connection ends in place of the answer. */
  | { readonly kind: 'lost answer' }
  /** Never answered: the caller's time-out passes, before or after the table has executed the request. */
  | { readonly kind: 'time-out'; readonly executed: boolean }
  /** The status and half of the body arrive; then the caller's time-out passes. */
  | { readonly kind: 'half an answer' }
  /** Of a batch only the first keys are read. */
  | { readonly kind: 'unprocessed'; readonly read: number }
  /** Something else happens first; then the request goes through. */
  | { readonly kind: 'meanwhile'; act(): Promise<unknown> }

export interface FlakyDynamoDb {
  readonly config: LocalConfig
  /** Faults of the next requests, in order; requests beyond them go through. */
  readonly next: Fault[]
  /** The fault of every request for which `next` has none. */
  always: Fault | undefined
  /** What arrived: the operation's name and its input. */
  readonly requests: { readonly operation: string; readonly input: Record<string, unknown> }[]
  /** A clock that only sleeping moves, and time-outs that only the faults let pass. */
  readonly pace: Pace & { readonly sleeps: number[]; readonly timeouts: number[] }
  close(): Promise<void>
}

/** A proxy before a DynamoDB that injects the failures which real tables have and local ones have not. */
export async function flakyDynamoDb(endpoint: string): Promise<FlakyDynamoDb> {
  let abort = new AbortController()
  let now = 1_700_000_000_000
  const sleeps: number[] = []
  const timeouts: number[] = []
  const server = createServer((request, response) => void respond(request, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')

  const flaky: FlakyDynamoDb = {
    config: localConfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    next: [],
    always: undefined,
    requests: [],
    pace: {
      sleeps,
      timeouts,
      clock: { now: () => now },
      random: () => 0.5,
      sleep: async (ms) => {
        sleeps.push(ms)
        now += ms
      },
      timeout: (ms) => {
        timeouts.push(ms)
        abort = new AbortController()
        return abort.signal
      },
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }

  const forward = async (headers: IncomingMessage['headers'], body: string) => {
    const target = String(headers['x-amz-target'])
    const authorization = String(headers.authorization)
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': target,
        'x-amz-date': String(headers['x-amz-date']),
        authorization,
      },
      body,
    })
    return { status: answer.status, body: await answer.text() }
  }

  const timeOut = () => {
    now += timeouts.at(-1) ?? 0
    abort.abort(new DOMException('timed out', 'TimeoutError'))
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '')
    flaky.requests.push({ operation, input: JSON.parse(body) })
    const fault = flaky.next.shift() ?? flaky.always
    const send = ({ status, body }: { status: number; body: string }, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers }).end(body)

    switch (fault?.kind) {
      case 'answer':
        return void send(fault, fault.headers)
      case 'reset':
        return void request.socket.destroy()
      case 'lost answer':
        await forward(request.headers, body)
        return void request.socket.destroy()
      case 'time-out':
        if (fault.executed) await forward(request.headers, body)
        return timeOut()
      case 'half an answer': {
        const answer = await forward(request.headers, body)
        response.writeHead(answer.status, { 'content-length': Buffer.byteLength(answer.body) })
        return void response.write(answer.body.slice(0, answer.body.length / 2), () => setImmediate(timeOut))
      }
      case 'unprocessed':
        return void send(await readSome(fault.read, JSON.parse(body), (some) => forward(request.headers, some)))
      case 'meanwhile':
        await fault.act()
        return void send(await forward(request.headers, body))
      default:
        return void send(await forward(request.headers, body))
    }
  }

  return flaky
}

/** DynamoDB's refusal by name. */
export const refusal = (name: string, status = 400, members: Record<string, unknown> = {}): Fault => ({
  kind: 'answer',
  status,
  body: JSON.stringify({
    __type: `com.amazonaws.dynamodb.v20120810#${name}`,
    message: 'secret-in-message',
    ...members,
  }),
})

interface BatchInput {
  readonly RequestItems: Record<string, { Keys: unknown[] }>
}

async function readSome(
  read: number,
  { RequestItems }: BatchInput,
  forward: (body: string) => Promise<{ status: number; body: string }>,
) {
  const [[table, { Keys, ...rest }] = ['', { Keys: [] }]] = Object.entries(RequestItems)
  const left = { [table]: { ...rest, Keys: Keys.slice(read) } }
  const some = JSON.stringify({ RequestItems: { [table]: { ...rest, Keys: Keys.slice(0, read) } } })
  const answer = read > 0 ? JSON.parse((await forward(some)).body) : { Responses: {} }
  return { status: 200, body: JSON.stringify({ ...answer, UnprocessedKeys: Keys.length > read ? left : {} }) }
}
