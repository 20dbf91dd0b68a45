import { S3Error } from '../errors.ts'
import { ClientGone } from '../port.ts'

/** The file of a form, which is its last part. */
export interface FormFile {
  readonly name: string
  readonly contentType?: string
  /** In bytes, as the request's length tells. Content of another length fails at its end. */
  readonly size: number
  /** To be read once. Fails with MalformedPOSTRequest when something follows it in the form. */
  readonly content: AsyncIterable<Buffer>
}

export interface FormData {
  /** By name in lower case. */
  readonly fields: ReadonlyMap<string, string>
  readonly file: FormFile
}

/** What comes before the file (S3 API reference, POST Object: "preceding the file"). */
const MAX_FIELDS_BYTES = 20 * 1024
const CRLF = Buffer.from('\r\n')
const HEADERS_END = Buffer.from('\r\n\r\n')
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const malformed = (message: string) => new S3Error('MalformedPOSTRequest', { message })

/**
 * Reads a form as it streams (RFC 7578): the fields, then a file whose content is read by who wants it. The file must be the
 * last part: its length then follows from the request's.
 * @throws S3Error MalformedPOSTRequest, MaxPostPreDataLengthExceededError, MissingContentLength, InvalidArgument
 */
export async function parseFormData(
  headers: Readonly<Record<string, string>>,
  body: AsyncIterable<Buffer>,
): Promise<FormData> {
  const boundary = parseBoundary(headers['content-type'])
  const length = headers['content-length']
  if (length === undefined || !/^\d{1,15}$/.test(length)) throw new S3Error('MissingContentLength')
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  const source = new Reader(body)
  // The first delimiter has no line before it.
  await source.expect(delimiter.subarray(CRLF.length))
  const fields = new Map<string, string>()
  for (;;) {
    await source.expect(CRLF)
    const { name, fileName, contentType } = parsePart(await source.until(HEADERS_END))
    if (name === 'file') {
      const ending = Buffer.concat([delimiter, Buffer.from('--\r\n')])
      const size = Number(length) - source.consumed - ending.length
      if (size < 0) throw malformed('The body of your POST request is not well-formed multipart/form-data.')
      const content = fileContent(source, size, delimiter, ending)
      return { fields, file: { name: fileName, size, content, ...(contentType !== undefined && { contentType }) } }
    }
    if (fields.has(name)) {
      throw new S3Error('InvalidArgument', {
        message: `The form has the field ${name} twice.`,
        elements: { ArgumentName: name },
      })
    }
    fields.set(name, decoded(await source.until(delimiter)))
    if ((await source.peek(2)).toString('latin1') === '--') {
      throw new S3Error('InvalidArgument', {
        message: 'POST requires exactly one file upload per request.',
        elements: { ArgumentName: 'file', ArgumentValue: '0' },
      })
    }
  }
}

function parseBoundary(contentType: string | undefined): string {
  const [type = '', ...parameters] = (contentType ?? '').split(';')
  const boundaries = parameters.flatMap((each) => {
    const [, quoted, plain] = /^\s*boundary=(?:"([^"]+)"|([^\s"]+))\s*$/i.exec(each) ?? []
    return quoted ?? plain ?? []
  })
  const [boundary] = boundaries
  if (type.trim().toLowerCase() !== 'multipart/form-data' || boundary === undefined || boundaries.length > 1) {
    throw new S3Error('PreconditionFailed', {
      message: 'At least one of the pre-conditions you specified did not hold',
      elements: { Condition: 'Bucket POST must be of the enclosure-type multipart/form-data' },
    })
  }
  if (!/^[0-9A-Za-z'()+_,./:=? -]{1,70}$/.test(boundary)) throw malformed('The boundary of the form is malformed.')
  return boundary
}

function parsePart(head: Buffer) {
  const headers = decoded(head).split('\r\n')
  const partHeader = (name: string) => {
    const found = headers.filter((line) => line.toLowerCase().startsWith(`${name}:`))
    if (found.length > 1) throw malformed(`A part of the form has ${name} twice.`)
    return found[0]?.slice(name.length + 1).trim()
  }
  const disposition = partHeader('content-disposition') ?? ''
  const parameter = (name: string) => {
    const found = [...disposition.matchAll(new RegExp(`;\\s*${name}="((?:[^"\\\\]|\\\\.)*)"`, 'gi'))]
    if (found.length > 1) throw malformed(`A part of the form has ${name} twice.`)
    return found[0]?.[1]?.replace(/\\(.)/g, '$1').replaceAll('%22', '"')
  }
  const name = parameter('name')?.toLowerCase()
  if (!/^form-data\s*;/i.test(disposition) || !name) throw malformed('A part of the form has no name.')
  // Some browsers send the whole path of the file.
  const fileName = (parameter('filename') ?? '').replace(/^.*[/\\]/, '')
  const contentType = partHeader('content-type')
  return { name, fileName, ...(contentType !== undefined && { contentType }) }
}

function decoded(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new S3Error('MalformedPOSTRequest', { message: 'The fields of the form must be UTF-8.', cause })
  }
}

async function* fileContent(source: Reader, size: number, delimiter: Buffer, ending: Buffer): AsyncGenerator<Buffer> {
  // What could be the beginning of a delimiter is looked at again with what follows it.
  let kept: Buffer = Buffer.alloc(0)
  let left = size
  while (left > 0) {
    const piece = await source.atMost(left)
    left -= piece.length
    const seen = Buffer.concat([kept, piece])
    if (seen.includes(delimiter)) throw malformed('The file must be the last field of the form.')
    kept = seen.subarray(Math.max(0, seen.length - delimiter.length + 1))
    yield piece
  }
  const tail = await source.rest(ending.length)
  if (!tail.equals(ending)) throw malformed('The file must be the last field of the form.')
}

/** Reads the body piece by piece, and no further than it is asked. */
class Reader {
  readonly #source: AsyncIterator<Buffer>
  #held: Buffer = Buffer.alloc(0)
  consumed = 0

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next()
    if (next.done) return false
    this.#held = this.#held.length === 0 ? next.value : Buffer.concat([this.#held, next.value])
    return true
  }

  #take(length: number): Buffer {
    const taken = this.#held.subarray(0, length)
    this.#held = this.#held.subarray(length)
    this.consumed += length
    return taken
  }

  async peek(length: number): Promise<Buffer> {
    while (this.#held.length < length) if (!(await this.#more())) throw malformed('The form ends too early.')
    return this.#held.subarray(0, length)
  }

  async expect(bytes: Buffer): Promise<void> {
    if (!(await this.peek(bytes.length)).equals(bytes)) {
      throw malformed('The body of your POST request is not well-formed multipart/form-data.')
    }
    this.#take(bytes.length)
  }

  /** What comes before the mark, which is taken too. */
  async until(mark: Buffer): Promise<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(mark)
      if (this.consumed + (at < 0 ? this.#held.length : at) > MAX_FIELDS_BYTES) {
        throw new S3Error('MaxPostPreDataLengthExceededError')
      }
      if (at >= 0) {
        const found = this.#take(at)
        this.#take(mark.length)
        return found
      }
      if (!(await this.#more())) throw malformed('The form ends too early.')
    }
  }

  async atMost(length: number): Promise<Buffer> {
    if (this.#held.length === 0 && !(await this.#more())) throw new ClientGone()
    return this.#take(Math.min(length, this.#held.length))
  }

  /** All that is left, if it is no longer than expected, and a little of what is. */
  async rest(expected: number): Promise<Buffer> {
    while (this.#held.length <= expected) if (!(await this.#more())) break
    return this.#take(this.#held.length)
  }
}
