import { isJsonObject, type JsonObject, member, parseStrictJsonObject } from '../strict-json.ts'

/** Whose token it is, as the webhook has it. */
export interface CustomIdentity {
  /** Fits a session's name: 2 to 64 characters of `[\w+=,.@-]`. */
  readonly user: string
  /** Seconds that its sessions may last, 900 … 31,536,000. */
  readonly maxValiditySeconds: number
  /** At most 8 KiB of JSON. `sub` is `custom:<user>`, whatever the webhook says. */
  readonly claims: JsonObject
}

/** The answer is not what the protocol has; the message says why and repeats nothing of it. */
export class WrongAnswer extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WrongAnswer'
  }
}

/** AWS: sts/2011-06-15 roleSessionNameType. */
const USER = /^[\w+=,.@-]{2,64}$/
/** MinIO, "Identity Management Plugin Guide": at least 900 seconds, less than 365 days. */
const [SHORTEST, LONGEST] = [900, 365 * 24 * 3600]
const MOST_CLAIM_BYTES = 8 * 1024
/** MinIO: "reserved and if present are ignored". */
const RESERVED = new Set(['exp', 'parent', 'sub'])
/** A sentence for people, with nothing in it that a terminal or a log would act upon. */
const REASON = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,256}$/u

/** Reads the body of a 200 (MinIO, "Identity Management Plugin Guide"). Throws WrongAnswer. */
export function parseIdentity(body: Uint8Array): CustomIdentity {
  const answer = strictObject(body)
  const [user, maxValiditySeconds, claims = {}] = ['user', 'maxValiditySeconds', 'claims'].map((name) =>
    member(answer, name),
  )
  if (typeof user !== 'string' || !USER.test(user)) {
    throw new WrongAnswer('its user does not have 2 to 64 characters of letters, digits and _+=,.@-')
  }
  if (typeof maxValiditySeconds !== 'number' || !Number.isInteger(maxValiditySeconds)) {
    throw new WrongAnswer('its maxValiditySeconds is no whole number')
  }
  if (maxValiditySeconds < SHORTEST || maxValiditySeconds > LONGEST) {
    throw new WrongAnswer(`its maxValiditySeconds is not from ${SHORTEST} to ${LONGEST}`)
  }
  // Go's encoder writes a map that was never made as null.
  const named = claims === null ? {} : claims
  if (!isJsonObject(named)) throw new WrongAnswer('its claims are no object')
  if (Buffer.byteLength(JSON.stringify(named)) > MOST_CLAIM_BYTES) throw new WrongAnswer('its claims exceed 8 KiB')
  const kept = Object.entries(named).filter(([name]) => !RESERVED.has(name))
  return { user, maxValiditySeconds, claims: Object.fromEntries([...kept, ['sub', `custom:${user}`]]) }
}

/** Why a 403 says no, if it says so in a sentence. It is a no in any case. */
export function parseReason(body: Uint8Array): string | undefined {
  try {
    const reason = member(parseStrictJsonObject(body), 'reason')
    return typeof reason === 'string' && REASON.test(reason) ? reason : undefined
  } catch {
    return undefined // No reason that could be told: the refusal stands without it.
  }
}

function strictObject(body: Uint8Array): JsonObject {
  try {
    return parseStrictJsonObject(body)
  } catch (error) {
    throw new WrongAnswer(error instanceof Error ? error.message : 'it is no strict JSON')
  }
}
