import { readdirSync, readFileSync } from 'node:fs'
import type { BootstrapPolicyDocument } from '@daypass/core/bootstrap/document.ts'

type Claims = Readonly<Record<string, unknown>>

/** A token as its service documents it, and the tokens of its neighbours. Claims of `null` are taken away. */
export interface TokenForm {
  readonly documentation: readonly string[]
  /** The file beside this one that holds the discovery document. */
  readonly discovery: string
  /** The heading of its section in docs/issuers.md. */
  readonly guide: string
  readonly action: 'AssumeRoleWithWebIdentity' | 'AssumeRoleWithClientGrants'
  /** Whether every customer of the service has the same issuer. */
  readonly sharedIssuer: boolean
  readonly header: Claims
  /** What the service's JWKs have besides the usual members, or lack. */
  readonly key?: Claims
  readonly lifetimeSeconds: number
  readonly claims: Claims & { readonly iss: string }
  readonly granted?: readonly { readonly what: string; readonly claims: Claims }[]
  readonly refused: readonly { readonly what: string; readonly claims: Claims; readonly code: string }[]
}

const FOLDER = 'test/issuers'

const readJson = (path: string) => JSON.parse(readFileSync(`${FOLDER}/${path}`, 'utf8'))

export const readDiscovery = (path: string): Readonly<Record<string, unknown>> => readJson(path)

/** Every form of every service, by `<service>/<form>`, with its discovery document. */
export function tokenForms(): [string, TokenForm, Readonly<Record<string, unknown>>][] {
  const services = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return services.flatMap(({ name: service }) =>
    readdirSync(`${FOLDER}/${service}`)
      .filter((file) => !file.startsWith('discovery'))
      .map((file): [string, TokenForm, Readonly<Record<string, unknown>>] => {
        const form = readJson(`${service}/${file}`) as TokenForm
        return [`${service}/${file.replace('.json', '')}`, form, readDiscovery(`${service}/${form.discovery}`)]
      }),
  )
}

/** The claims that docs/openid.md names by issuer, by the first word of its row. */
export function claimNames(): Map<string, string> {
  const [, section = ''] = readFileSync('docs/openid.md', 'utf8').split('### Which claim, by issuer')
  const rows = section
    .slice(section.indexOf('|---|'), section.indexOf('\n### '))
    .matchAll(/^\| (?:Microsoft |Amazon )?(\w+).*\| `(.+)` \|$/gm)
  return new Map([...rows].map(([, issuer = '', claim = '']) => [issuer.toLowerCase(), claim]))
}

/** What a section of docs/issuers.md tells a reader to run and to save. */
export interface Guide {
  readonly url: string
  readonly clientIds: readonly string[]
  readonly trustPolicy: BootstrapPolicyDocument & {
    readonly Statement: { readonly Condition: Readonly<Record<string, Readonly<Record<string, unknown>>>> }
  }
}

/** The sections of docs/issuers.md that hold a policy, by heading. */
export function guides(): Map<string, Guide> {
  const sections = readFileSync('docs/issuers.md', 'utf8').split(/^## /m).slice(1)
  return new Map(
    sections.map((section) => {
      const [, url = '', clientIds = ''] = /--url (\S+) \\\n +--client-id-list (.+)\n/.exec(section) ?? []
      const [, policy = 'null'] = /```json\n([\s\S]*?)```/.exec(section) ?? []
      const heading = section.slice(0, section.indexOf('\n'))
      return [heading, { url, clientIds: clientIds.split(' '), trustPolicy: JSON.parse(policy) }]
    }),
  )
}
