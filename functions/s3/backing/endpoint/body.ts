import type { IncomingMessage } from 'node:http'

/**
 * The body of an answer as its reader takes it, chunks as they come off the wire. Fails when the store ends it early. Whoever
 * has it frees the connection by `return`, also when nothing was read.
 */
export function storeBody(stream: IncomingMessage): AsyncIterableIterator<Buffer> {
  const ready: Buffer[] = []
  let waiting: { resolve(result: IteratorResult<Buffer>): void; reject(error: unknown): void } | undefined
  let outcome: { readonly failure?: unknown } | undefined
  const done = { done: true, value: undefined } as const

  const settle = (result: { readonly failure?: unknown }) => {
    outcome ??= result
    if (!waiting) return
    if (outcome.failure !== undefined) waiting.reject(outcome.failure)
    else waiting.resolve(done)
    waiting = undefined
  }
  stream.on('data', (chunk: Buffer) => {
    if (waiting) {
      waiting.resolve({ done: false, value: chunk })
      waiting = undefined
    } else {
      ready.push(chunk)
      stream.pause()
    }
  })
  stream.on('end', () => settle({}))
  stream.on('error', (failure) => settle({ failure }))
  stream.on('close', () => settle({ failure: new Error('the store ended an answer before its end') }))
  stream.pause()

  return {
    next() {
      const value = ready.shift()
      if (value) return Promise.resolve({ done: false, value })
      if (outcome) return 'failure' in outcome ? Promise.reject(outcome.failure) : Promise.resolve(done)
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        stream.resume()
      })
    },
    async return() {
      outcome ??= {}
      ready.length = 0
      stream.destroy()
      return done
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
