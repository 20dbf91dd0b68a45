// What the Lambda runtime adds to the global scope for streamed answers, for the emulator, whose runtime lacks it: the
// whole stream is the function's answer, in base64, and emulator.py takes it apart as a Function URL does.
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'

const SEPARATOR = Buffer.alloc(8)

globalThis.awslambda = {
  streamifyResponse: (handler) => async (event, context) => {
    const stream = new PassThrough()
    const [whole] = await Promise.all([buffer(stream), handler(event, stream, context)])
    return { stream: whole.toString('base64') }
  },
  HttpResponseStream: {
    from(stream, head) {
      stream.write(JSON.stringify(head))
      stream.write(SEPARATOR)
      return stream
    },
  },
}
