import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The machine's own program, not one of a package. */
const OPENSSL = 'openssl'

/** Whether the program of OpenSSL 3 is here: node:crypto signs no certificates, and older ones not with an authority. */
export function hasOpenssl(): boolean {
  try {
    return /^OpenSSL [3-9]/.test(execFileSync(OPENSSL, ['version'], { encoding: 'utf8' }))
  } catch {
    return false
  }
}

interface Pair {
  /** Paths of PEM files. */
  readonly cert: string
  readonly key: string
}

interface CertificateOptions {
  /** DNS names beside 127.0.0.1. */
  readonly names?: readonly string[]
  /** Default: the certificate is its own authority. */
  readonly authority?: Pair
}

/** A certificate for 127.0.0.1 that may sign others. */
export function makeCertificate(
  folder: string,
  name: string,
  { names = [], authority }: CertificateOptions = {},
): Pair {
  const [cert, key, config] = ['cert.pem', 'key.pem', 'openssl.cnf'].map((file) => join(folder, `${name}-${file}`))
  if (cert === undefined || key === undefined || config === undefined) throw new Error('unreachable')
  const lines = ['[req]', 'distinguished_name=dn', 'x509_extensions=v3', 'prompt=no', '[dn]', `CN=${name}`, '[v3]']
  writeFileSync(
    config,
    [
      ...lines,
      `subjectAltName=${['IP:127.0.0.1', ...names.map((each) => `DNS:${each}`)].join()}`,
      'basicConstraints=critical,CA:true',
    ].join('\n'),
  )
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const signer = authority ? ['-CA', authority.cert, '-CAkey', authority.key] : []
  const command = ['req', '-x509', '-config', config, ...curve, ...signer, '-keyout', key, '-out', cert]
  execFileSync(OPENSSL, command, { stdio: 'ignore' })
  return { cert, key }
}
