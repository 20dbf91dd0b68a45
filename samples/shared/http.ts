import { ProgramError } from './program.ts'

const PATIENCE_MS = 15_000

export type Document = Readonly<Record<string, unknown>>

/**
 * Asks for a JSON object. Redirects are not followed, so that secrets go only where the user said. Throws ProgramError
 * when nothing or no JSON object comes back; an answer of any status is returned. `what` names the other side.
 */
export async function fetchJson(
  what: string,
  target: string | URL,
  init: RequestInit = {},
): Promise<{ readonly ok: boolean; readonly status: number; readonly document: Document }> {
  let response: Response
  let text: string
  try {
    response = await fetch(target, { ...init, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) })
    text = await response.text()
  } catch (cause) {
    throw new ProgramError(`${what} at ${target} cannot be reached: ${reason(cause)}.`, { cause })
  }
  const document = parseObject(text)
  if (!document) {
    throw new ProgramError(`${what} at ${target} answered ${response.status} without a JSON object.`)
  }
  return { ok: response.ok, status: response.status, document }
}

/** A member that must be a text. */
export function text(what: string, document: Document, member: string): string {
  const value = document[member]
  if (typeof value !== 'string' || value === '') throw new ProgramError(`${what} has sent no ${member}.`)
  return value
}

/** HTTP Basic as OAuth has it: both parts are form-encoded first (RFC 6749 section 2.3.1). */
export function basic(clientId: string, clientSecret: string): string {
  const encoded = [clientId, clientSecret].map((part) => new URLSearchParams({ '': part }).toString().slice(1))
  return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`
}

/** The error of a token endpoint (RFC 6749 section 5.2), in one line. */
export function oauthError({ error, error_description: description }: Document): string {
  const parts = [error, description].filter((part): part is string => typeof part === 'string')
  return parts.length === 0 ? 'no reason was given' : parts.join(': ').replace(/\s+/g, ' ')
}

function parseObject(body: string): Document | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Document) : undefined
  } catch {
    return undefined // What the caller says of it is that it is no JSON.
  }
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  if (cause.name === 'TimeoutError') return `no answer within ${PATIENCE_MS / 1000} seconds`
  const { code } = (cause.cause ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : cause.message
}
