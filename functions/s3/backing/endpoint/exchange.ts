import type { ClientRequest, IncomingMessage } from 'node:http'
import { freeChunk } from '@daypass/core/http/chunk-memory.ts'
import { writable } from '../../write-body.ts'
import { ContentFailure } from './failures.ts'

/** Content that goes to the store as it comes. Its last bytes come only once its sender's word for it has been proven. */
export interface Content {
  /** In bytes, exactly. */
  readonly size: number
  readonly bytes: AsyncIterable<Buffer>
  /** Set once a byte was asked for: what comes then cannot be had again. */
  begun: boolean
}

/** How long a store that does not know `Expect: 100-continue` is waited for, in milliseconds (RFC 9110 10.1.1). */
const LONGEST_INVITATION_MS = 1000

/**
 * Sends the body of a request and answers the head of what the store says. A content that fails, and a store that answers or
 * goes before it has all of it, end the connection short of the announced length: no store has then taken it for whole.
 * Silence of the store, by the request's own time-out, ends the connection at any time; that of whoever sends or reads
 * does not.
 * @throws ContentFailure, and what the connection failed of
 */
export async function exchange(sent: ClientRequest, body: Buffer | Content | undefined): Promise<IncomingMessage> {
  const progress = { written: 0, over: false }
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    let answer: IncomingMessage | undefined
    sent.once('response', (incoming: IncomingMessage) => {
      answer = incoming
      progress.over = isContent(body) && progress.written < body.size
      resolve(incoming)
    })
    sent.on('error', reject)
    sent.on('timeout', () => {
      if (storeIsDue(sent, answer)) sent.destroy(new Error('the store says nothing'))
      else sent.socket?.setTimeout(sent.socket.timeout ?? 0)
    })
  })
  if (!isContent(body)) {
    sent.end(body)
    return answered
  }
  const iterator = body.bytes[Symbol.asyncIterator]()
  try {
    const pumped = pump(sent, body, iterator, progress)
    const answer = await Promise.race([answered, pumped.then(() => answered)])
    if (!progress.over) await pumped
    else if ((answer.statusCode ?? 0) < 300) throw new Error('the store answered before it had all of the content')
    else answer.once('end', () => sent.destroy())
    return answer
  } catch (error) {
    sent.destroy()
    throw error
  } finally {
    progress.over = true
    // Not waited for: whoever sends the content may be slow, and has nothing more to say to this request.
    if (body.begun) iterator.return?.().catch(() => undefined)
  }
}

export const isContent = (body: Buffer | Content | undefined): body is Content =>
  body !== undefined && !Buffer.isBuffer(body)

/** Whether nothing goes on because of the store, rather than of who sends the content or reads the answer. */
function storeIsDue(sent: ClientRequest, answer: IncomingMessage | undefined): boolean {
  if (answer) return !answer.complete && answer.readableLength === 0
  return sent.writableEnded || sent.writableLength > 0 || sent.socket?.connecting !== false
}

/** Writes the content at the pace of the slower side, once the store wants it. @throws ContentFailure */
async function pump(
  sent: ClientRequest,
  content: Content,
  iterator: AsyncIterator<Buffer>,
  progress: { written: number; over: boolean },
): Promise<void> {
  if (sent.hasHeader('expect')) await invited(sent)
  while (!progress.over && !sent.destroyed) {
    content.begun = true
    const { done, value } = await iterator.next().catch((cause: unknown) => {
      throw new ContentFailure(cause)
    })
    if (progress.over || sent.destroyed) return
    if (done && progress.written !== content.size) throw new Error('the content is not as long as was said')
    if (done) return void sent.end()
    progress.written += value.length
    if (!sent.write(value, (error) => void (error ?? freeChunk(value)))) await writable(sent)
  }
}

/** Settles when the store asks for the content, will never, or does not say. */
function invited(sent: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_INVITATION_MS)
    for (const event of ['continue', 'response', 'close'] as const) {
      sent.once(event, () => {
        clearTimeout(timer)
        resolve()
      })
    }
  })
}
