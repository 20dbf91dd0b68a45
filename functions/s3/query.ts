import { S3Error } from './errors.ts'
import { percentDecoded } from './target.ts'

/** The parameters of a query string; one without `=` is present and empty. */
export type Query = ReadonlyMap<string, string>

/**
 * Decodes a query string, `+` as a space.
 * @throws S3Error InvalidURI for broken escapes, InvalidArgument for a repeated parameter: two readers of one request must
 *   never see different values.
 */
export function parseQuery(rawQuery: string): Query {
  const query = new Map<string, string>()
  for (const part of rawQuery.split('&')) {
    if (part === '') continue
    const [name = '', ...value] = part.replaceAll('+', '%20').split('=')
    const decoded = percentDecoded(name)
    if (query.has(decoded)) {
      throw new S3Error('InvalidArgument', {
        message: 'Query parameters may not be repeated.',
        elements: { ArgumentName: decoded },
      })
    }
    query.set(decoded, percentDecoded(value.join('=')))
  }
  return query
}
