import type { AnnouncedChecksum } from '../port.ts'
import { checksumFields } from './checksum-fields.ts'

const CR_LF = Buffer.from('\r\n')

/** How a body tells its checksum: before it, or behind it in a trailer whose value is known by then. */
export interface ToldChecksum {
  /** Fields of the SDK's command. */
  readonly fields: ReturnType<typeof checksumFields>
  readonly frame: (content: AsyncIterable<Buffer>) => AsyncIterable<Buffer>
  /** Headers of a framed body; none when it goes as it is. */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Hands on the checksum that a sender states, so that the store checks and keeps it. What comes in a trailer goes out in one
 * (`aws-chunked`, unsigned), since it is not known before the content has gone.
 */
export function toldChecksum(
  announced: AnnouncedChecksum | undefined,
  size: number,
  checksums: () => Readonly<Record<string, string>>,
): ToldChecksum {
  const asItIs = { frame: (content: AsyncIterable<Buffer>) => content, headers: {} }
  if (!announced) return { ...asItIs, fields: {} }
  const { algorithm, value } = announced
  if (value !== undefined) return { ...asItIs, fields: checksumFields({ [algorithm]: value }) }
  const name = `x-amz-checksum-${algorithm}`
  return {
    fields: {},
    frame: (content) => framed(content, () => `${name}:${checksums()[algorithm] ?? ''}`),
    headers: {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': String(size),
      'x-amz-trailer': name,
    },
  }
}

async function* framed(content: AsyncIterable<Buffer>, trailer: () => string): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    yield Buffer.from(`${chunk.length.toString(16)}\r\n`)
    yield chunk
    yield CR_LF
  }
  yield Buffer.from(`0\r\n${trailer()}\r\n\r\n`)
}
