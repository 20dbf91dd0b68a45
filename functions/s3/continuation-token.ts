import { S3Error } from './errors.ts'

/** Tells our tokens from other text; a later form of token gets another mark. */
const MARK = 'a'
/** A key of 1,024 bytes with its mark, in base64url. */
const LONGEST_TOKEN = 1367

/** Where the next page goes on, in a form that clients hand back as it is. It grants nothing, so it is not sealed. */
export const tokenOf = (after: string): string => Buffer.from(MARK + after).toString('base64url')

/** @throws S3Error InvalidArgument for a token that `tokenOf` did not make */
export function parseToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined
  const text = Buffer.from(token, 'base64url').toString()
  if (!text.startsWith(MARK) || token.length > LONGEST_TOKEN || tokenOf(text.slice(MARK.length)) !== token) {
    throw new S3Error('InvalidArgument', {
      message: 'The continuation token provided is incorrect',
      elements: { ArgumentName: 'continuation-token' },
    })
  }
  return text.slice(MARK.length)
}
