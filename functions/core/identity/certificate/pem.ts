const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g

/**
 * The blocks of a PEM text (RFC 7468) that have one of these labels, as DER; text between them is left out, as every tool
 * does. `undefined` for a text that has none, or one that is no canonical base64.
 */
export function readPem(text: string, labels: readonly string[]): readonly Buffer[] | undefined {
  const blocks: Buffer[] = []
  for (const [, label = '', body = ''] of text.matchAll(BLOCK)) {
    if (!labels.includes(label)) continue
    const der = decodeBase64(body.replace(/\s+/g, ''))
    if (!der) return undefined
    blocks.push(der)
  }
  return blocks.length === 0 ? undefined : blocks
}

export const CERTIFICATE_LABELS = ['CERTIFICATE', 'X509 CERTIFICATE']

/** Canonical base64 with its padding; `undefined` for anything else. */
export function decodeBase64(text: string): Buffer | undefined {
  if (text === '') return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
