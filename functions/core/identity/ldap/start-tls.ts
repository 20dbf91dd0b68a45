import type { Socket } from 'node:net'
import { DirectoryUnavailable } from './directory.ts'

/** RFC 4511 section 4.14.1: an extended request of this name, with message id 1. */
const NAME = Buffer.from('1.3.6.1.4.1.1466.20037')
const REQUEST = Buffer.from([
  ...[0x30, NAME.length + 7, 0x02, 0x01, 0x01],
  ...[0x77, NAME.length + 2, 0x80, NAME.length, ...NAME],
])
/** Its answer holds a code and short texts. */
const MOST_BYTES = 4096

/**
 * Asks for TLS and waits for the server's yes. Nothing but that one answer may have come before TLS begins: what was sent in
 * the clear must not be taken for a part of what is protected. Rejects with DirectoryUnavailable.
 */
export function requestStartTls(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0)
    const done = (flaw?: string) => {
      socket.removeListener('data', onData)
      socket.removeListener('close', onClose)
      socket.pause()
      if (flaw === undefined) resolve()
      else reject(new DirectoryUnavailable(`the directory does not begin TLS: ${flaw}`))
    }
    const onData = (part: Buffer) => {
      received = Buffer.concat([received, part])
      const length = messageLength(received)
      if (length > MOST_BYTES || received.length > length) done('it sent something else')
      else if (received.length === length) done(flawOf(received))
    }
    const onClose = () => done('it closed the connection')
    socket.on('data', onData)
    socket.once('close', onClose)
    socket.write(REQUEST)
  })
}

/** How long the message is that these bytes begin; one byte more than there are while that is not known. */
function messageLength(bytes: Buffer): number {
  const [tag, first] = bytes
  if (tag !== undefined && tag !== 0x30) return 0
  if (first === undefined) return bytes.length + 1
  if (first < 0x80) return 2 + first
  const count = first & 0x7f
  if (count === 0 || count > 4) return 0
  return bytes.length < 2 + count ? bytes.length + 1 : 2 + count + bytes.readUIntBE(2, count)
}

/** RFC 4511 section 4.14.2: an extended response to message 1 with the result code `success`. */
function flawOf(message: Buffer): string | undefined {
  const content = message.subarray((message[1] ?? 0) < 0x80 ? 2 : 2 + ((message[1] ?? 0) & 0x7f))
  if (!content.subarray(0, 3).equals(Buffer.from([0x02, 0x01, 0x01])) || content[3] !== 0x78)
    return 'it sent something else'
  const length = content[4] ?? 0
  const result = content.subarray(length < 0x80 ? 5 : 5 + (length & 0x7f))
  if (!result.subarray(0, 2).equals(Buffer.from([0x0a, 0x01]))) return 'it sent something else'
  return result[2] === 0 ? undefined : `it answered with result code ${result[2] ?? 'unknown'}`
}
