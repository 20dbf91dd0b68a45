import { Readable } from 'node:stream'
import { endpointFailure } from './failures.ts'

/**
 * Sends content as it comes. Its length is announced and its last bytes arrive only proven, so a store never has the
 * whole of a content that turned out wrong: the connection ends short of the announced length.
 */
export async function sendContent<T>(
  content: AsyncIterable<Buffer>,
  send: (body: Readable, abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController()
  let flaw: { readonly error: unknown } | undefined
  const watched = async function* () {
    try {
      yield* content
    } catch (error) {
      flaw = { error }
      gone.abort()
      throw error
    }
  }
  const body = Readable.from(watched(), { objectMode: false })
  // The flaw is told below; unheard, the stream's own event would end the process.
  body.on('error', () => gone.abort())
  try {
    return await send(body, gone.signal)
  } catch (error) {
    throw flaw ? flaw.error : endpointFailure(error)
  } finally {
    body.destroy()
  }
}
