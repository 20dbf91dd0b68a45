import type { HttpRequest } from '../http/request.ts'

/** A host name or address with or without a port (RFC 9110 7.2), and only one. */
const HOST = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/

/**
 * The deployment's own issuer: the host that was asked, so that it is the same in tokens, in the IAM API and in the discovery
 * document at that host. API Gateway answers for its own domains only. `undefined` when the Host header names no host.
 */
export function ownIssuer({ secure, headers }: Pick<HttpRequest, 'secure' | 'headers'>): string | undefined {
  const host = headers.host ?? ''
  return HOST.test(host) ? `${secure ? 'https' : 'http'}://${host}` : undefined
}
