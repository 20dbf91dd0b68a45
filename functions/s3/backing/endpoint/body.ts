import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import type { StreamedBody } from '../../port.ts'

/** Takes what a body comes to. */
export interface Taker {
  chunk(chunk: Buffer): void
  end(): void
  fail(failure: unknown): void
}

/** Where a body comes from: it gives chunks, from the time that it is resumed, until it is paused, has ended or failed. */
export interface BodySource {
  start(taker: Taker): void
  pause(): void
  resume(): void
  /** Lets go of it; what was not given yet is lost. */
  destroy(): void
  /** Takes back the memory of a chunk that nobody will look at again. */
  release(chunk: Buffer): void
}

/** The body of an answer of node:http. */
export const messageSource = (message: IncomingMessage): BodySource => ({
  start(taker) {
    message.on('data', taker.chunk)
    message.on('end', taker.end)
    message.on('error', taker.fail)
    message.on('close', () => taker.fail(new Error('the store ended an answer before its end')))
    message.pause()
  },
  pause: () => void message.pause(),
  resume: () => void message.resume(),
  destroy: () => void message.destroy(),
  release: () => undefined,
})

/**
 * The body of an answer as its reader takes it, chunks as they come off the wire. Fails when the store ends it early. Whoever
 * has it frees the connection by `return`, also when nothing was read.
 */
export function storeBody(source: BodySource): StreamedBody {
  const ready: Buffer[] = []
  let outcome: { readonly failure?: unknown } | undefined
  let taker: Taker | undefined
  const done = { done: true, value: undefined } as const

  const settle = (result: { readonly failure?: unknown }) => {
    if (outcome) return
    outcome = result
    if ('failure' in result) taker?.fail(result.failure)
    else taker?.end()
  }
  source.start({
    chunk(chunk) {
      if (outcome) return
      if (taker) return taker.chunk(chunk)
      ready.push(chunk)
      source.pause()
    },
    end: () => settle({}),
    fail: (failure) => settle({ failure }),
  })

  const free = () => {
    const whole = outcome && !('failure' in outcome)
    outcome ??= {}
    ready.length = 0
    if (!whole) source.destroy()
  }

  /** Settles when all is written, the body has failed, or nothing can be written any more. */
  const writtenTo = (out: Writable): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const gone = () => resolve()
    // Other streams may hold on to what was written to them when they say that it is.
    const releases = out instanceof ServerResponse
    out.on('drain', source.resume).on('close', gone)
    const to: Taker = {
      chunk(chunk) {
        const goOn = out.write(chunk, (error) => {
          if (!error && releases) source.release(chunk)
        })
        if (!goOn) source.pause()
      },
      end: resolve,
      fail: reject,
    }
    taker = to
    for (const chunk of ready.splice(0)) to.chunk(chunk)
    if (out.destroyed) gone()
    else if (!outcome) source.resume()
    else if ('failure' in outcome) reject(outcome.failure)
    else resolve()
    return promise.finally(() => out.off('drain', source.resume).off('close', gone))
  }

  return {
    next() {
      const value = ready.shift()
      if (value) return Promise.resolve({ done: false, value })
      if (outcome) return 'failure' in outcome ? Promise.reject(outcome.failure) : Promise.resolve(done)
      const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<Buffer>>()
      const given = (settled: () => void) => {
        taker = undefined
        settled()
      }
      taker = {
        chunk: (chunk) => given(() => resolve({ done: false, value: chunk })),
        end: () => given(() => resolve(done)),
        fail: (failure) => given(() => reject(failure)),
      }
      source.resume()
      return promise
    },

    async writeTo(out) {
      try {
        await writtenTo(out)
      } finally {
        taker = undefined
        free()
      }
    },

    async return() {
      free()
      return done
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
