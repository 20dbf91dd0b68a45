import { SignatureRefusal } from './refusal.ts'
import type { CredentialScope, UnverifiedSignature } from './signature.ts'

type Kind = UnverifiedSignature['kind']

/** `AKID/date/region/service/aws4_request`; the region may be empty. */
export function parseCredential(
  text: string,
  kind: Kind,
): { accessKeyId: string; scope: CredentialScope; terminator: string } {
  const [accessKeyId, date, region, service, terminator, ...more] = text.split('/')
  if (
    !accessKeyId ||
    date === undefined ||
    region === undefined ||
    service === undefined ||
    terminator === undefined ||
    more.length > 0
  ) {
    throw new SignatureRefusal('credential-malformed', {}, kind)
  }
  return { accessKeyId, scope: { date, region, service }, terminator }
}

/** The scope must be this service's, of the request's own day, and end as SigV4 says. */
export function requireScope(
  scope: CredentialScope,
  terminator: string,
  service: string,
  basicTimestamp: string,
  kind: Kind,
): void {
  if (terminator !== 'aws4_request') throw new SignatureRefusal('scope-terminator', {}, kind)
  if (scope.service !== service) throw new SignatureRefusal('scope-service', { service }, kind)
  const date = basicTimestamp.slice(0, 8)
  if (scope.date === date) return
  const scopeDate = /^\d{8}$/.test(scope.date) ? scope.date : 'not YYYYMMDD'
  throw new SignatureRefusal('scope-date', { scopeDate, date, timestamp: basicTimestamp }, kind)
}

const HEADER_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/

/** Lower-case names in ascending order, each once: one request has one way to be signed. */
export function parseSignedHeaders(text: string, kind: Kind): string[] {
  const names = text.split(';')
  const sound = names.every((name, index) => HEADER_NAME.test(name) && (index === 0 || (names[index - 1] ?? '') < name))
  if (!sound) throw new SignatureRefusal('signed-headers-malformed', {}, kind)
  return names
}

export function parseSignatureDigits(text: string, kind: Kind): string {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new SignatureRefusal('signature-mismatch', {}, kind)
  return text
}
