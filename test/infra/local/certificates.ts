import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whether OpenSSL's program is here: node:crypto signs no certificates. */
export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

interface Pair {
  /** Paths of PEM files. */
  readonly cert: string
  readonly key: string
}

/** A certificate for 127.0.0.1 and the names that is its own authority. */
export function selfSigned(folder: string, name: string, names: readonly string[] = []): Pair {
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
  execFileSync('openssl', ['req', '-x509', '-config', config, ...curve, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  })
  return { cert, key }
}
