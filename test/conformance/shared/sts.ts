import assert from 'node:assert/strict'
import type { KeyPair } from '../../infra/local/clients.ts'
import type { Secrets } from './secrets.ts'

interface Granted {
  readonly key: Required<KeyPair>
  /** The whole result, as the JSON form has it. */
  readonly result: Readonly<Record<string, unknown>>
}

/** Calls unsigned actions of an STS endpoint as no SDK would refuse to; what is secret in them goes into `secrets`. */
export function stsOf(endpoint: string, secrets: Secrets) {
  const call = async (params: Readonly<Record<string, string>>) => {
    for (const name of ['WebIdentityToken', 'Token', 'WebIdentityAccessToken']) secrets.keep(params[name] ?? '')
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams({ Version: '2011-06-15', ...params }),
    })
    const document = (await answer.json()) as Record<string, Record<string, Record<string, unknown>>>
    return { status: answer.status, document }
  }
  return {
    /** Throws with the refusal when there is one. */
    async granted(params: Readonly<Record<string, string>>): Promise<Granted> {
      const { status, document } = await call(params)
      assert.equal(status, 200, `${params.Action}: ${JSON.stringify(document)}`)
      const result = document[`${params.Action}Response`]?.[`${params.Action}Result`] ?? {}
      const { AccessKeyId, SecretAccessKey, SessionToken } = result.Credentials as Required<KeyPair>
      secrets.keep(SecretAccessKey)
      secrets.keep(SessionToken)
      return { key: { AccessKeyId, SecretAccessKey, SessionToken }, result }
    },
    /** Status and code of the refusal; throws when it was granted. */
    async refused(params: Readonly<Record<string, string>>, code: string): Promise<void> {
      const { status, document } = await call(params)
      assert.deepEqual([status === 200, document.Error?.Code], [false, code], `${params.Action} with ${status}`)
    },
  }
}

/** A token's claims with some changed, under the signature of the others; and with no signature at all. */
export function flawsOf(token: string): readonly (readonly [string, string])[] {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = read(payload)
  const first = signature.startsWith('A') ? 'B' : 'A'
  return [
    ['another subject', `${header}.${encoded({ ...claims, sub: 'root' })}.${signature}`],
    ['a later end', `${header}.${encoded({ ...claims, exp: claims.exp + 3600 })}.${signature}`],
    ['an altered signature', `${header}.${payload}.${first}${signature.slice(1)}`],
    ['no signature', `${encoded({ alg: 'none' })}.${payload}.`],
    ['a key that nobody has', `${encoded({ ...read(header), kid: 'nobody' })}.${payload}.${signature}`],
    ['another issuer', `${header}.${encoded({ ...claims, iss: 'https://evil.example' })}.${signature}`],
  ]
}
