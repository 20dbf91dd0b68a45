import { readdirSync, readFileSync } from 'node:fs'
import type { BootstrapDocument } from '@daypass/core/bootstrap/document.ts'
import { parseCustomTokenSources } from '@daypass/core/identity/custom-token/settings.ts'
import { parseCertificateSources } from '@daypass/core/identity-sources/parse-certificate.ts'
import type { Fetcher } from '@daypass/core/net/guarded-fetch.ts'

const FOLDER = new URL('../../events/', import.meta.url)

/** An event of the folder `events/`, named `<function>.<what>.<granted or error code>.json`. */
export interface EventFixture {
  readonly file: string
  /** The folder under `functions/` whose handler takes it. */
  readonly functionName: string
  /** `granted`, or the error code that the answer must hold. */
  readonly outcome: string
  readonly event: unknown
}

export function eventFixtures(): readonly EventFixture[] {
  return readdirSync(FOLDER)
    .filter((file) => /^[a-z0-9-]+\.[a-z0-9-]+\.\w+\.json$/.test(file))
    .map((file) => {
      const [functionName = '', , outcome = ''] = file.split('.')
      return { file, functionName, outcome, event: readJson(file) }
    })
}

/** What the fixtures' deployment holds. */
export const fixtureBootstrap = () => readJson('bootstrap.json') as BootstrapDocument

/** Answers for the fixtures' issuer, which is nowhere. */
export const fixtureIssuer: Fetcher = async (url) => {
  const documents: Readonly<Record<string, unknown>> = {
    'https://issuer.example/.well-known/openid-configuration': {
      issuer: 'https://issuer.example',
      jwks_uri: 'https://issuer.example/keys',
    },
    'https://issuer.example/keys': readJson('issuer-keys.json'),
  }
  const body = Buffer.from(JSON.stringify(documents[url.href] ?? {}))
  return { status: url.href in documents ? 200 : 404, headers: {}, body }
}

/** The fixtures' certificate provider. */
export const fixtureCertificates = () => {
  const { pem } = readJson('certificate-authority.json') as { readonly pem: string }
  return parseCertificateSources({ DAYPASS_IDENTITY_TLS_CA: pem }, '000000000000')
}

/** The fixtures' identity webhook, which vouches for one token. */
export const fixtureWebhook = {
  sources: parseCustomTokenSources(
    { DAYPASS_IDENTITY_PLUGIN_URL: 'https://webhook.example/', DAYPASS_IDENTITY_PLUGIN_ROLE_POLICY: 'readonly' },
    '000000000000',
  ),
  fetch: (async (url) => {
    const known = url.searchParams.get('token') === 'example-token'
    const answer = known ? { user: 'alice', maxValiditySeconds: 3600 } : { reason: 'unknown token' }
    return { status: known ? 200 : 403, headers: {}, body: Buffer.from(JSON.stringify(answer)) }
  }) satisfies Fetcher,
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'))
