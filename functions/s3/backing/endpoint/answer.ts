import { joinedHeaders } from '@daypass/core/http/raw-headers.ts'
import { elementsOf, parseXml, textOf, type XmlElement } from '@daypass/core/http/xml-reader.ts'
import type { StreamedBody } from '../../port.ts'
import { type BodySource, storeBody } from './body.ts'
import { StoreFailure } from './failures.ts'

/** What the store answered, its body still to come. */
export interface StoreAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: StreamedBody
}

/** A page of 1,000 uploads or objects whose keys are all as long as keys can be, every byte of them encoded. */
const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
/** Tags of such a page, with all that a store tells of each entry. */
const MAX_MARKUP = 200_000

export const answerOf = (status: number, rawHeaders: readonly string[], source: BodySource): StoreAnswer => ({
  status,
  headers: joinedHeaders(rawHeaders),
  body: storeBody(source),
})

/** The body as text. */
async function bodyText(body: StreamedBody): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > MAX_DOCUMENT_BYTES) throw new Error('the store answers with a longer document than S3 has')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const parsed = (text: string) => parseXml(text, { size: MAX_DOCUMENT_BYTES, markup: MAX_MARKUP, references: 'any' })

/** A refusal, from its status and, where it has one, its document. */
export async function failureOf({ status, headers, body }: StoreAnswer): Promise<StoreFailure> {
  return failureIn(await bodyText(body), status, headers)
}

function failureIn(text: string, status: number, headers?: StoreAnswer['headers']): StoreFailure {
  try {
    const root = parsed(text)
    return new StoreFailure(status, textIn(root, 'Code') ?? '', textIn(root, 'Message') ?? '', headers)
  } catch {
    // Not S3's own words, as from a proxy before the store: the status has to do.
    return new StoreFailure(status, '', '', headers)
  }
}

/**
 * Reads an answer to its end that may say only there that the store failed after all (S3 API reference, CompleteMultipartUpload:
 * "200 OK" with an error in the body). Answers its text.
 * @throws StoreFailure
 */
async function settled({ body }: StoreAnswer): Promise<string> {
  const text = await bodyText(body)
  if (text.trimEnd().endsWith('</Error>')) throw failureIn(text, 503)
  return text
}

/** The headers of an answer that has nothing else to say. @throws StoreFailure */
export async function headersOf(answer: StoreAnswer): Promise<StoreAnswer['headers']> {
  await settled(answer)
  return answer.headers
}

/** The document of an answer. @throws StoreFailure */
export async function documentOf(answer: StoreAnswer): Promise<XmlElement> {
  const text = await settled(answer)
  if (text === '') throw new StoreFailure(503, 'InternalError', 'with nothing where a document was due')
  return parsed(text)
}

/** The text of the first child of that name; `undefined` when there is none or it is empty. */
export function textIn(element: XmlElement | undefined, name: string): string | undefined {
  const [child] = element ? elementsOf(element, name) : []
  return (child && textOf(child)) || undefined
}

/** A date as documents and headers write it, in milliseconds since the epoch. */
export function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? undefined : time
}

/** Reads names of a document as it says that they are encoded: `url` is how forms encode, a space as `+`. */
export function decoderOf(document: XmlElement): (text: string | undefined) => string {
  const encoded = textIn(document, 'EncodingType') === 'url'
  return (text = '') => (encoded ? decodeURIComponent(text.replaceAll('+', '%20')) : text)
}
