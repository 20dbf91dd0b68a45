import { S3Error } from './errors.ts'

/** Both ends included, counted from 0. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/**
 * The part of a content of `size` bytes that a Range header asks for; `undefined` means the whole. As S3 does, a header
 * that is no single byte range is ignored (RFC 9110 14.2).
 * @throws S3Error InvalidRange when nothing of the range exists
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '')
  if (!match || header === undefined) return undefined
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return undefined
  const [first, last] =
    from === '' ? [Math.max(0, size - Number(to)), size - 1] : [Number(from), to === '' ? size - 1 : Number(to)]
  if (from !== '' && to !== '' && last < first) return undefined
  if (first >= size || (from === '' && Number(to) === 0)) {
    throw new S3Error('InvalidRange', {
      elements: { RangeRequested: header, ActualObjectSize: String(size) },
      headers: { 'content-range': `bytes */${size}` },
    })
  }
  return { first, last: Math.min(last, size - 1) }
}
