import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { StsError } from '../errors.ts'
import { type Certificate, parseCertificate } from '../identity/certificate/certificate.ts'
import type { TrustedAuthorities } from '../identity/certificate/path.ts'
import { CERTIFICATE_LABELS, readPem } from '../identity/certificate/pem.ts'
import { revocationUnknown } from '../identity/certificate/refusal.ts'
import {
  parseRevocationLists,
  type RevocationList,
  UnusableRevocationList,
} from '../identity/certificate/revocation-list.ts'
import type { CertificateSource } from './certificate-source.ts'
import {
  type Environment,
  IdentitySourceError,
  listed,
  type SourceVariables,
  sourceVariables,
  switchOf,
} from './variables.ts'

const SUBSYSTEM = 'IDENTITY_TLS'
const KEYS = ['ENABLE', 'SKIP_VERIFY', 'CA', 'CRL', 'CN_POLICY', 'TRUST_ANCHORS', 'PROFILES', 'COMMENT']
const MOST_SOURCES = 20
const MOST_AUTHORITIES = 50

/**
 * The certificate sources that an environment configures: `DAYPASS_IDENTITY_TLS_<KEY>[_<NAME>]`, with MinIO's names as
 * aliases. `CA` and `CRL` are a file's path or the PEM text itself; `defaultCa` (a path) serves where a source has no `CA`.
 * Proves that the authorities may stand for clients at all; their times are seen with each certificate. Throws
 * IdentitySourceError: one sentence that names the variable.
 */
export function parseCertificateSources(
  env: Environment,
  account: string,
  { defaultCa }: { readonly defaultCa?: string | undefined } = {},
): readonly CertificateSource[] {
  const sources = sourceVariables(env, SUBSYSTEM, KEYS).flatMap((each) => parseSource(each, account, defaultCa) ?? [])
  if (sources.length > MOST_SOURCES) {
    throw new IdentitySourceError(`DAYPASS_${SUBSYSTEM}_… configures more than ${MOST_SOURCES} sources.`)
  }
  refuseShared(sources)
  return sources
}

function parseSource(
  variables: SourceVariables,
  account: string,
  defaultCa: string | undefined,
): CertificateSource | undefined {
  const ca = variables.get('CA')
  // As in MinIO it is off unless it is turned on; who names an authority means it to count.
  const enabled = switchOf(variables, 'ENABLE')
  if (!(enabled ?? ca !== undefined)) return undefined
  if (switchOf(variables, 'SKIP_VERIFY')) {
    throw new IdentitySourceError(
      `${variables.nameOf('SKIP_VERIFY')} must be off: it would let everybody who makes a certificate choose its rights.`,
    )
  }
  const value = ca ?? defaultCa
  if (value === undefined) {
    throw new IdentitySourceError(
      `${variables.nameOf('CA')} is not set: the ${variables.name} certificate source needs the PEM file of its authorities.`,
    )
  }
  const crl = variables.get('CRL')
  return {
    name: variables.name,
    account,
    authorities: authoritiesOf(variables, value),
    // MinIO's switch means just this; who only names an authority may have no such names in mind.
    policyByCommonName: switchOf(variables, 'CN_POLICY') ?? enabled ?? false,
    trustAnchors: ids(variables, 'TRUST_ANCHORS'),
    profiles: ids(variables, 'PROFILES'),
    ...(crl === undefined ? {} : { readRevocationLists: revocationLists(variables, crl) }),
  }
}

const isText = (value: string) => value.trimStart().startsWith('-----BEGIN ')

function authoritiesOf(variables: SourceVariables, value: string): TrustedAuthorities {
  const name = variables.nameOf('CA')
  const pem = isText(value) ? value : inOneSentence(name, () => readFileSync(value, 'utf8'))
  const ders = readPem(pem, CERTIFICATE_LABELS) ?? []
  if (ders.length === 0 || ders.length > MOST_AUTHORITIES) {
    throw new IdentitySourceError(`${name} must hold one to ${MOST_AUTHORITIES} certificates of authorities in PEM.`)
  }
  const authorities = ders.map((der) => inOneSentence(name, () => parseCertificate(der)))
  for (const authority of authorities) refuseUnfit(name, authority)
  const isRoot = ({ issuer, subject }: Certificate) =>
    issuer.der.equals(subject.der) || !authorities.some((other) => other.subject.der.equals(issuer.der))
  return { anchors: authorities.filter(isRoot), intermediates: authorities.filter((each) => !isRoot(each)) }
}

/** What could never be part of a path is a slip that a start should tell. */
function refuseUnfit(name: string, { subject, soundKey, extensions }: Certificate): void {
  const flaw = !extensions.authority
    ? 'is not one of an authority (basic constraints)'
    : !soundKey
      ? 'has a weak key'
      : extensions.nameConstraints
        ? 'has name constraints, which are not read here'
        : extensions.unknownCritical.length > 0
          ? 'has a critical extension that is not known here'
          : undefined
  if (flaw !== undefined) throw new IdentitySourceError(`${name}: the certificate "${subject.text}" ${flaw}.`)
}

/** A file is read with each exchange, so that a renewed list counts at once; parsed only when it has changed. */
function revocationLists(variables: SourceVariables, value: string): () => Promise<readonly RevocationList[]> {
  const name = variables.nameOf('CRL')
  const first = inOneSentence(name, () => {
    const bytes = isText(value) ? Buffer.from(value) : readFileSync(value)
    return { bytes, lists: parseRevocationLists(bytes) }
  })
  if (isText(value)) return async () => first.lists
  let known = first
  return async () => {
    try {
      const bytes = await readFile(value)
      if (!bytes.equals(known.bytes)) known = { bytes, lists: parseRevocationLists(bytes) }
      return known.lists
    } catch (cause) {
      // What was read before may lack what was revoked since.
      throw revocationUnknown(cause instanceof Error ? cause.message : 'the file cannot be read')
    }
  }
}

function ids(variables: SourceVariables, key: string): readonly string[] {
  const found = listed(variables.get(key) ?? '')
  if (found.every((id) => /^[\w-]{1,64}$/.test(id))) return found
  throw new IdentitySourceError(
    `${variables.nameOf(key)} must be a comma-separated list of ids: letters, digits, _ and -.`,
  )
}

function inOneSentence<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof UnusableRevocationList) throw new IdentitySourceError(`${name}: ${cause.message}.`)
    if (cause instanceof StsError) throw new IdentitySourceError(`${name} holds a certificate that cannot be read.`)
    throw new IdentitySourceError(`${name} must name a file that can be read, or be PEM text itself.`)
  }
}

/** Which source vouches for a certificate must not depend on their order, nor may one overlook what another revoked. */
function refuseShared(sources: readonly CertificateSource[]): void {
  const owners = new Map<string, string>()
  for (const { name, authorities, trustAnchors, profiles } of sources) {
    const things = [
      ...[...authorities.anchors, ...authorities.intermediates].map(nameOf),
      ...[name, ...trustAnchors].map((id) => `trust anchor ${id}`),
      ...[name, ...profiles].map((id) => `profile ${id}`),
    ]
    for (const thing of new Set(things)) {
      if (owners.has(thing)) {
        throw new IdentitySourceError(
          `The certificate sources "${owners.get(thing)}" and "${name}" share the ${thing}: each needs its own.`,
        )
      }
      owners.set(thing, name)
    }
  }
}

/** By its key: a renewed certificate of an authority is that authority. */
const nameOf = ({ subject, publicKey }: Certificate) =>
  `authority "${subject.text}" of key ${hash('sha256', publicKey.export({ type: 'spki', format: 'der' })).slice(0, 16)}`
