import type { KeyRing, RingKey } from './key-ring.ts'
import { OpenedTexts } from './opened-texts.ts'
import { keyIdOf, open, sealWith } from './seal.ts'

/**
 * What a session token carries. It only chooses what to read: the session's record decides, and the access key id must
 * agree in header, token and record. Everything beyond id, account and end is a hint that saves a round trip.
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
  /** Names of the user's groups. */
  readonly groups?: readonly string[]
  /** The user whose long-term key took the role. */
  readonly assumedBy?: { readonly account: string; readonly userName: string }
}

/** The token is sealed for no key id in particular, because the id is what it tells. */
const UNBOUND = ''
/** AWS's upper bound for a token that a caller sends back in a header. */
export const MAX_TOKEN_CHARACTERS = 4096
/** Format, key id, nonce and tag of a sealed text. */
const OVERHEAD = 33
/** What fits into a token of 1,023 characters, in bytes. */
const MOST_CONTENT = Math.floor((1023 * 3) / 4) - OVERHEAD

/**
 * base64url without padding, under 1,024 characters unless `minimumSize` (characters) asks for more: padding lies inside
 * the seal. Hints that do not fit are left out. `key` is what the ring's `sealingKey` has just given.
 */
export function sealSessionToken(key: RingKey, content: SessionTokenContent, minimumSize = 0): string {
  const json = fittingText(content)
  const wanted = Math.ceil((minimumSize * 3) / 4) - OVERHEAD
  const padding = minimumSize === 0 ? 0 : Math.max(0, wanted - Buffer.byteLength(json))
  return sealWith(key, 'session-token', UNBOUND, padding === 0 ? json : json + ' '.repeat(padding)).toString(
    'base64url',
  )
}

function fittingText(content: SessionTokenContent): string {
  const whole = text(content)
  if (fits(whole)) return whole
  const groups = [...(content.groups ?? [])]
  while (groups.length > 0 && !fits(text({ ...content, groups }))) groups.pop()
  const fewer = { ...content, groups }
  if (fits(text(fewer))) return text(fewer)
  const { provider: _left, assumedBy: _out, ...shortest } = fewer
  return text(shortest)
}

const fits = (json: string) => json.length * 3 <= MOST_CONTENT || Buffer.byteLength(json) <= MOST_CONTENT

function text(content: SessionTokenContent): string {
  const { accessKeyId, account, expiresAt, roleName, userName, provider, ancestors, groups = [], assumedBy } = content
  const fields = [accessKeyId, account, expiresAt, roleName ?? 0, userName ?? 0, provider ?? 0, ancestors]
  const hints = [groups, ...(assumedBy ? [[assumedBy.account, assumedBy.userName]] : [])]
  return JSON.stringify(groups.length > 0 || assumedBy ? [...fields, ...hints] : fields)
}

/** What the token carries, or `undefined` when it is forged, damaged, or of a key that no longer opens. Reads nothing. */
export async function openSessionToken(ring: KeyRing, unverified: string): Promise<SessionTokenContent | undefined> {
  if (unverified.length > MAX_TOKEN_CHARACTERS) return undefined
  const known = opened.find(ring, unverified)
  if (known) return known
  const bytes = Buffer.from(unverified, 'base64url')
  // Only the canonical spelling is a token: Buffer.from skips what it does not know.
  if (bytes.toString('base64url') !== unverified) return undefined
  const plaintext = await open(ring, 'session-token', UNBOUND, bytes)
  if (!plaintext) return undefined
  const [accessKeyId, account, expiresAt, roleName, userName, provider, ancestors, groups = [], assumedBy] = JSON.parse(
    plaintext.toString('utf8'),
  )
  const content: SessionTokenContent = Object.freeze({
    accessKeyId,
    account,
    expiresAt,
    ...(roleName ? { roleName } : {}),
    ...(userName ? { userName } : {}),
    ...(provider ? { provider } : {}),
    ancestors,
    ...(groups.length > 0 ? { groups } : {}),
    ...(assumedBy ? { assumedBy: { account: assumedBy[0], userName: assumedBy[1] } } : {}),
  })
  opened.keep(ring, keyIdOf(bytes) ?? '', unverified, content)
  return content
}

const opened = new OpenedTexts<SessionTokenContent>()
