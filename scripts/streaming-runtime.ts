import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { StreamingRuntime } from '../functions/s3/lambda-adapter.ts'

/** Status and headers of a streamed answer, by the stream that its body is written to. */
const heads = new WeakMap<object, { statusCode: number; headers: Readonly<Record<string, string>> }>()

/** What the Lambda runtime adds to the global scope for streamed answers; here the whole answer is what the handler returns. */
export const streamingRuntime: StreamingRuntime = {
  streamifyResponse: (handler) => async (event: Parameters<typeof handler>[0]) => {
    const stream = new PassThrough()
    const [body] = await Promise.all([text(stream), handler(event, stream)])
    return { ...heads.get(stream), body }
  },
  HttpResponseStream: {
    from(stream, head) {
      heads.set(stream, head)
      return stream
    },
  },
}
