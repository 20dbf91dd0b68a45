import { createHash } from 'node:crypto'
import { type Certificate, parseCertificate } from './certificate.ts'
import { valuesOf } from './distinguished-name.ts'
import { type TrustedAuthorities, verifyPath } from './path.ts'
import { CERTIFICATE_LABELS, readPem } from './pem.ts'
import { invalidCertificate } from './refusal.ts'
import type { RevocationList } from './revocation-list.ts'

/** What a client showed: its own certificate, and authorities that it sent along. Unproven. */
export interface UnverifiedChain {
  readonly holder: Certificate
  readonly sentAlong: readonly Certificate[]
}

declare const verified: unique symbol

/** A certificate whose chain was proven to lead to a provider's authority. */
export interface ClientCertificate {
  readonly [verified]: true
  readonly certificate: Certificate
  /** Seconds since the epoch: when the first certificate of its chain ends. */
  readonly expiresAt: number
  /** Its subject's only common name. */
  readonly commonName?: string
  /** What policies may ask of it, without the prefix `cert:`. */
  readonly claims: Readonly<Record<string, readonly string[]>>
}

const MOST_SENT_ALONG = 5
/** In bytes: they are read with every request of the session. */
const MOST_CLAIM_BYTES = 8 * 1024

/** Reads certificates in DER, the client's own first. Throws InvalidIdentityToken. */
export function parseChain(ders: readonly Buffer[]): UnverifiedChain {
  const [own, ...others] = ders
  if (!own) throw invalidCertificate('it is no X.509 certificate')
  if (others.length > MOST_SENT_ALONG) throw invalidCertificate(`more than ${MOST_SENT_ALONG} authorities came with it`)
  return { holder: parseCertificate(own), sentAlong: others.map(parseCertificate) }
}

/** As the TLS layer hands them on. */
export function parsePemChain(pem: string): UnverifiedChain {
  return parseChain(readPem(pem, CERTIFICATE_LABELS) ?? [])
}

/**
 * Proves that a provider's authority vouches for the certificate (`verifyPath`), and reads what it says of its holder. That
 * the client has the key must have been proven by the TLS layer or by a signature. Throws as `verifyPath` does, and
 * InvalidIdentityToken for a subject with several common names.
 */
export function verifyClientCertificate(
  { holder, sentAlong }: UnverifiedChain,
  trusted: TrustedAuthorities,
  lists: readonly RevocationList[] | undefined,
  now: number,
): ClientCertificate {
  const path = verifyPath(holder, sentAlong, trusted, lists, now)
  const [commonName, another] = valuesOf(holder.subject, 'CN')
  // Programs take the first, the last or both.
  if (another !== undefined) throw invalidCertificate('its subject has more than one common name')
  return {
    certificate: holder,
    expiresAt: Math.floor(Math.min(...path.map(({ notAfter }) => notAfter)) / 1000),
    ...(commonName === undefined ? {} : { commonName }),
    claims: claimsOf(holder),
  } as ClientCertificate
}

export const fingerprint = ({ der }: Certificate): string => createHash('sha256').update(der).digest('hex')

function claimsOf(holder: Certificate): Readonly<Record<string, readonly string[]>> {
  const { subject, issuer, serial, extensions } = holder
  const claims = {
    subject: [subject.text],
    cn: valuesOf(subject, 'CN'),
    o: valuesOf(subject, 'O'),
    ou: valuesOf(subject, 'OU'),
    serial: [serial.toString(16)],
    issuer: [issuer.text],
    'issuer/cn': valuesOf(issuer, 'CN'),
    'san/dns': extensions.dnsNames,
    'san/uri': extensions.uris,
    'san/email': extensions.emails,
    sha256: [fingerprint(holder)],
  }
  const present = Object.entries(claims).filter(([, values]) => values.length > 0 && values[0] !== '')
  const bytes = present
    .flatMap(([name, values]) => [name, ...values])
    .reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  // A Deny on a name that was left out would silently never match.
  if (bytes > MOST_CLAIM_BYTES) throw invalidCertificate('its names take more than 8 KiB')
  return Object.fromEntries(present)
}
