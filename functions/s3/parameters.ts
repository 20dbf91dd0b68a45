import { S3Error } from './errors.ts'
import type { Query } from './query.ts'

/**
 * A whole number of the query within bounds; `undefined` when it is absent or empty.
 * @throws S3Error InvalidArgument
 */
export function parseCount(
  query: Query,
  name: string,
  { least, most }: { readonly least: number; readonly most: number },
): number | undefined {
  const text = query.get(name)
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  if (!/^\d{1,10}$/.test(text) || value < least || value > most) {
    throw new S3Error('InvalidArgument', {
      message: `Argument ${name} must be an integer between ${least} and ${most}`,
      elements: { ArgumentName: name, ArgumentValue: text },
    })
  }
  return value
}
