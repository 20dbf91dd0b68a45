import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One cold start, in milliseconds. */
export interface ColdStart {
  /** From the process's start until it asks for its first event. */
  readonly init: number
  /** From the first event until its answer. */
  readonly first: number
  /** From the second event, the same again, until its answer. */
  readonly second: number
  readonly answer: string
  /** Requests that the function had made of AWS when it asked for its first event. */
  readonly callsInInit: readonly string[]
}

interface Bundle {
  /** With `index.mjs`. */
  readonly folder: string
  readonly event: unknown
  readonly environment: Readonly<Record<string, string>>
  /** What was asked of AWS since the process began. */
  readonly calls: readonly string[]
}

/**
 * Starts a bundle under the runtime interface client, as Lambda's own Runtime API would
 * (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), gives it one event twice and ends it. Rejects when its
 * init or a call fails.
 */
export async function coldStart(client: string, { folder, event, environment, calls }: Bundle): Promise<ColdStart> {
  const given: number[] = []
  const answered: number[] = []
  let init = 0
  let answer = ''
  let callsInInit: readonly string[] = []
  const done = Promise.withResolvers<void>()
  const api = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString()
    const now = performance.now()
    const [, kind = ''] = /\/(next|response|error)$/.exec(request.url ?? '') ?? []
    if (kind !== 'next') {
      response.writeHead(202).end()
      answered.push(now)
      answer = body
      if (kind !== 'response') done.reject(new Error(`${folder} failed: ${body}`))
      return
    }
    if (given.length === 0) {
      init = now - start
      callsInInit = [...calls]
    }
    if (given.length === 2) return done.resolve()
    given.push(performance.now())
    response.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': randomUUID(),
      'lambda-runtime-deadline-ms': String(Date.now() + 20_000),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:000000000000:function:bench',
    })
    response.end(JSON.stringify(event))
  })
  const port = await listen(api)
  const start = performance.now()
  const child = spawn(process.execPath, [client, 'index.handler'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      TZ: ':UTC',
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      AWS_LAMBDA_FUNCTION_NAME: 'bench',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/bench',
      AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: 'index.handler',
      ...environment,
    },
  })
  const exited = once(child, 'exit')
  void exited.then(() => done.reject(new Error(`${folder}: the runtime ended before it had answered`)))
  try {
    await done.promise
  } finally {
    child.kill('SIGKILL')
    await exited
    api.closeAllConnections()
    api.close()
  }
  const took = (at: number) => (answered[at] ?? Number.NaN) - (given[at] ?? Number.NaN)
  return { init, first: took(0), second: took(1), answer, callsInInit }
}

async function listen(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}
