import { Readable } from 'node:stream'
import type { PutObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3'
import { endpointFailure } from './failures.ts'
import type { ToldChecksum } from './trailing-checksum.ts'

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

interface SentRequest {
  readonly headers: Record<string, string>
}

/**
 * Makes the command send its body as it is framed. The SDK's own trailers are no choice: the stream that it wraps a body in
 * ends the process when the body fails.
 */
export function asFramed<C extends PutObjectCommand | UploadPartCommand>(command: C, { headers }: ToldChecksum): C {
  if (Object.keys(headers).length === 0) return command
  // What the two commands' stacks differ in is nothing that this step looks at.
  const stack = command.middlewareStack as PutObjectCommand['middlewareStack']
  stack.add(
    (next) => (args) => {
      const { headers: sent } = args.request as SentRequest
      const encoding = sent['content-encoding']
      Object.assign(sent, headers, {
        'content-encoding': encoding ? `aws-chunked,${encoding}` : 'aws-chunked',
        'transfer-encoding': 'chunked',
      })
      delete sent['content-length']
      return next(args)
    },
    { step: 'build', priority: 'low', name: 'framedBody' },
  )
  return command
}
