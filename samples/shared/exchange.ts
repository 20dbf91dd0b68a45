import { type Document, fetchJson } from './http.ts'
import { ProgramError } from './program.ts'

export interface Credentials {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken: string
  readonly Expiration: string
}

/**
 * Sends an unsigned action to the STS endpoint and answers its credentials. Throws ProgramError with the code and the
 * sentence of a refusal.
 */
export async function exchange(endpoint: URL, params: Readonly<Record<string, string>>): Promise<Credentials> {
  const { ok, status, document } = await fetchJson('The STS endpoint', endpoint, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ Version: '2011-06-15', ...params }),
  })
  const { Action: action = '' } = params
  if (!ok) {
    const { Code, Message } = member(document, 'Error')
    throw new ProgramError(`${action} was refused (${status} ${String(Code)}): ${String(Message)}`)
  }
  const made = member(member(member(document, `${action}Response`), `${action}Result`), 'Credentials')
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = made
  if (
    typeof AccessKeyId !== 'string' ||
    typeof SecretAccessKey !== 'string' ||
    typeof SessionToken !== 'string' ||
    typeof Expiration !== 'number'
  ) {
    throw new ProgramError(`${action} was answered without credentials: is ${endpoint} the STS endpoint?`)
  }
  return { AccessKeyId, SecretAccessKey, SessionToken, Expiration: new Date(Expiration * 1000).toISOString() }
}

function member(document: Document, name: string): Document {
  const value = document[name]
  return typeof value === 'object' && value !== null ? (value as Document) : {}
}
