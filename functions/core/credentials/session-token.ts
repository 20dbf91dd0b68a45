import type { KeyRing } from './key-ring.ts'
import { open, seal } from './seal.ts'

/**
 * What a session token carries. It only chooses what to read: the session's record decides, and the access key id must
 * agree in header, token and record.
 */
export interface SessionTokenContent {
  readonly accessKeyId: string
  readonly account: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
  readonly roleName?: string
  readonly userName?: string
  /** URL without scheme of the OpenID provider whose token began the session. */
  readonly provider?: string
  /** Access key ids of the sessions that it descends from, at most 8. */
  readonly ancestors: readonly string[]
}

/** The token is sealed for no key id in particular, because the id is what it tells. */
const UNBOUND = ''
/** AWS's upper bound for a token that a caller sends back in a header. */
export const MAX_TOKEN_CHARACTERS = 4096

/** base64url without padding, under 1,024 characters unless `minimumSize` (characters) asks for more: padding lies inside the seal. */
export async function sealSessionToken(ring: KeyRing, content: SessionTokenContent, minimumSize = 0): Promise<string> {
  const { accessKeyId, account, expiresAt, roleName, userName, provider, ancestors } = content
  const fields = [accessKeyId, account, expiresAt, roleName ?? 0, userName ?? 0, provider ?? 0, ancestors]
  const json = JSON.stringify(fields)
  const overhead = 33 // format, key id, nonce and tag of a sealed text
  const wanted = Math.ceil((minimumSize * 3) / 4) - overhead
  const sealed = await seal(ring, 'session-token', UNBOUND, Buffer.from(json.padEnd(wanted, ' '), 'utf8'))
  return sealed.toString('base64url')
}

/** What the token carries, or `undefined` when it is forged, damaged, or of a key that no longer opens. Reads nothing. */
export async function openSessionToken(ring: KeyRing, unverified: string): Promise<SessionTokenContent | undefined> {
  if (unverified.length > MAX_TOKEN_CHARACTERS) return undefined
  const bytes = Buffer.from(unverified, 'base64url')
  // Only the canonical spelling is a token: Buffer.from skips what it does not know.
  if (bytes.toString('base64url') !== unverified) return undefined
  const plaintext = await open(ring, 'session-token', UNBOUND, bytes)
  if (!plaintext) return undefined
  const [accessKeyId, account, expiresAt, roleName, userName, provider, ancestors] = JSON.parse(
    plaintext.toString('utf8'),
  )
  return {
    accessKeyId,
    account,
    expiresAt,
    ...(roleName ? { roleName } : {}),
    ...(userName ? { userName } : {}),
    ...(provider ? { provider } : {}),
    ancestors,
  }
}
