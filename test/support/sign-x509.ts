import { createHash, sign } from 'node:crypto'
import type { Made } from './certificate-maker.ts'
import type { SignedRequest } from './sign.ts'

export interface X509Signing {
  readonly certificate: Made
  readonly chain?: readonly Made[]
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly body?: string
  readonly rawQuery?: string
  readonly host?: string
  readonly region?: string
  readonly service?: string
  readonly algorithm?: string
  readonly serial?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Left out of what is signed. */
  readonly unsigned?: readonly string[]
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Signs CreateSession as the Roles Anywhere User Guide, "authentication signing process", says. A second opinion, for tests. */
export function signX509(signing: X509Signing): SignedRequest {
  const { certificate, chain, now, body = '', rawQuery = '', host = 'sts.example', region = 'eu-west-1' } = signing
  const { service = 'rolesanywhere', unsigned = [] } = signing
  const rsa = certificate.privateKey.asymmetricKeyType === 'rsa'
  const algorithm = signing.algorithm ?? `AWS4-X509-${rsa ? 'RSA' : 'ECDSA'}-SHA256`
  const timestamp = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const scope = `${timestamp.slice(0, 8)}/${region}/${service}/aws4_request`
  const headers: Record<string, string> = {
    host,
    'content-type': 'application/json',
    'x-amz-date': timestamp,
    'x-amz-x509': certificate.der.toString('base64'),
    ...(chain ? { 'x-amz-x509-chain': chain.map(({ der }) => der.toString('base64')).join(',') } : {}),
    ...signing.headers,
  }
  const names = Object.keys(headers)
    .filter((name) => !unsigned.includes(name))
    .sort()
  const query = rawQuery.split('&').sort().join('&')
  const canonical = [
    'POST',
    '/sessions',
    query,
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n')
  const text = [algorithm, timestamp, scope, sha256(canonical)].join('\n')
  const signature = sign('sha256', Buffer.from(text), certificate.privateKey).toString('hex')
  const serial = signing.serial ?? BigInt(`0x${certificate.serial.toString('hex')}`).toString()
  headers.authorization = `${algorithm} Credential=${serial}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return { method: 'POST', path: '/sessions', rawQuery, headers, body: Buffer.from(body) }
}
