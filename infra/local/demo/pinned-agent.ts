import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'

/** Trusts exactly the certificate in the PEM file, whoever signed it and whatever names it holds, and no other. */
export function pinnedAgent(certificate: string): Agent {
  const pem = readFileSync(certificate)
  const own = new X509Certificate(pem).fingerprint256
  return new Agent({
    ca: pem,
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, { fingerprint256 }) =>
      fingerprint256 === own ? undefined : new Error('another server answers at this address'),
  })
}
