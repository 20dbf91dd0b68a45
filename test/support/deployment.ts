import { applyBootstrap } from '@daypass/core/bootstrap/apply.ts'
import type { BootstrapAccount } from '@daypass/core/bootstrap/document.ts'
import { KeyRing, newStoredKey } from '@daypass/core/credentials/key-ring.ts'
import type { LogRecord } from '@daypass/core/deps.ts'
import type { HttpRequest, HttpResponse } from '@daypass/core/http/request.ts'
import { ImportedKeys } from '@daypass/core/identity/public-key.ts'
import { type Fetcher, guardedFetch } from '@daypass/core/net/guarded-fetch.ts'
import { countingStore } from '@daypass/core/store/counting.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { XMLParser } from 'fast-xml-parser'
import type { CertificateDeps } from '../../functions/assume-role-with-certificate/role-session.ts'
import { assumeRoleWithCertificateService } from '../../functions/assume-role-with-certificate/service.ts'
import type { SamlDeps } from '../../functions/assume-role-with-saml/action.ts'
import { assumeRoleWithSamlService } from '../../functions/assume-role-with-saml/service.ts'
import { type FrontDoorDeps, frontDoor } from '../../functions/front-door/action.ts'
import { isolatedName } from '../../functions/front-door/route.ts'
import { getWebIdentityTokenService } from '../../functions/get-web-identity-token/service.ts'
import { revokeSessionsService } from '../../functions/revoke-sessions/service.ts'
import { GRANTS } from '../../infra/grants.ts'
import { grantedStore } from './granted-store.ts'
import { ManualClock } from './manual-clock.ts'
import { memoryStore } from './memory-store.ts'
import { type SigningCredentials, signRequest } from './sign.ts'

export const ACCOUNT = '000000000000'

type Params = Readonly<Record<string, string>>

/** A Query API's answer, parsed: `result` is the inside of `…Result`, `error` of `Error`. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers: HttpResponse['headers']
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  readonly result: any
  readonly error?: { readonly Code: string; readonly Message: string; readonly Type: string }
}

export interface Deployment {
  readonly clock: ManualClock
  readonly deps: FrontDoorDeps
  readonly trips: ReturnType<typeof countingStore>
  /** Every record of the log so far. */
  readonly logged: (LogRecord & Readonly<Record<string, unknown>>)[]
  handle(request: Partial<HttpRequest>): Promise<Answer>
  /** An unsigned form. */
  post(params: Params, overrides?: Partial<HttpRequest>): Promise<Answer>
  /** A signed form. */
  signed(credentials: SigningCredentials, params: Params, overrides?: Partial<HttpRequest>): Promise<Answer>
  apply(...accounts: BootstrapAccount[]): Promise<void>
}

/** The front door, and the isolated STS actions as it leads there, over a table in memory, with a clock that stands still and every account that a test names. */
export const deployment = (...accounts: BootstrapAccount[]): Promise<Deployment> => deploymentWith({}, ...accounts)

interface Settings
  extends Pick<SamlDeps, 'saml'>,
    Pick<CertificateDeps, 'certificateSources'>,
    Pick<
      FrontDoorDeps,
      'openIdSources' | 'customTokens' | 'directories' | 'stsDurationSeconds' | 'keepClaims' | 'quota'
    > {
  /** How issuers are reached. Default: over HTTP, at any address. */
  readonly fetch?: Fetcher
  readonly clock?: ManualClock
  /** A table that others use too. */
  readonly table?: Store
  readonly rings?: Pick<FrontDoorDeps, 'sessionRing' | 'longTermRing'>
}

/** As `deployment`, with identity sources that the operator has configured. */
export async function deploymentWith(
  {
    clock = new ManualClock(),
    table = memoryStore(),
    rings,
    fetch = guardedFetch({ addresses: 'any' }),
    ...sources
  }: Settings,
  ...accounts: BootstrapAccount[]
): Promise<Deployment> {
  const trips = countingStore(table)
  const { store } = trips
  const logged: Deployment['logged'] = []
  const keep = (record: LogRecord) => void logged.push(record)
  const log = { info: keep, warn: keep, error: keep }
  const newRing = () => {
    const key = newStoredKey(clock.now())
    return new KeyRing(async () => ({ keys: [key] }), clock)
  }
  const base = { store, clock, log, ...(rings ?? { sessionRing: newRing(), longTermRing: newRing() }) }
  const issuerKeys = {
    ...base,
    fetch,
    imported: new ImportedKeys(),
    flights: new Map(),
  }
  const deps = { ...base, ...sources, issuerKeys, defaultAccount: ACCOUNT }
  const apply = (...documents: BootstrapAccount[]) => applyBootstrap(base, { accounts: documents })
  await apply({ id: ACCOUNT }, ...accounts)
  const front = grantedStore(store, GRANTS['front-door'])
  const sts = frontDoor({ ...deps, store: front, issuerKeys: { ...issuerKeys, store: front } })
  const revoke = revokeSessionsService({ ...deps, store: grantedStore(store, GRANTS['revoke-sessions']) })
  const issue = getWebIdentityTokenService({
    ...deps,
    store: grantedStore(store, GRANTS['get-web-identity-token']),
    region: 'eu-test-1',
  })
  const isolated = {
    'get-web-identity-token': issue,
    'revoke-sessions': revoke,
    'assume-role-with-certificate': assumeRoleWithCertificateService({
      ...deps,
      store: grantedStore(store, GRANTS['assume-role-with-certificate']),
    }),
    'assume-role-with-saml': assumeRoleWithSamlService({
      ...deps,
      store: grantedStore(store, GRANTS['assume-role-with-saml']),
    }),
  }
  const answer = (request: HttpRequest) => {
    const name = isolatedName(request)
    return name === undefined || name === 'iam' ? sts(request) : isolated[name](request)
  }

  const handle: Deployment['handle'] = async (request) => parseAnswer(await answer({ ...BLANK, ...request }))
  const form = (params: Params) => new URLSearchParams({ Version: '2011-06-15', ...params }).toString()
  return {
    clock,
    deps,
    trips,
    logged,
    handle,
    apply,
    post: (params, overrides = {}) => handle({ method: 'POST', body: Buffer.from(form(params)), ...overrides }),
    signed: (credentials, params, overrides = {}) => {
      const request = signRequest({
        ...credentials,
        method: 'POST',
        url: 'https://sts.example/',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form(params),
        service: 'sts',
        region: 'us-east-1',
        now: clock.now(),
      })
      return handle({ ...request, ...overrides, headers: { ...request.headers, ...overrides.headers } })
    },
  }
}

export const BLANK: HttpRequest = {
  method: 'POST',
  path: '/',
  rawQuery: '',
  headers: {},
  body: Buffer.alloc(0),
  sourceIp: '192.0.2.1',
  secure: true,
  requestId: '00000000-0000-4000-8000-000000000000',
}

const xml = new XMLParser({ parseTagValue: false })

function parseAnswer({ status, body, headers }: HttpResponse): Answer {
  if (headers['content-type'] !== 'text/xml') return { status, body, headers, result: JSON.parse(body) }
  const [root = {}] = Object.values(xml.parse(body) as Record<string, Record<string, unknown>>)
  const result = Object.entries(root).find(([name]) => name.endsWith('Result'))?.[1]
  const error = root.Error as Answer['error']
  return { status, body, headers, result, ...(error ? { error } : {}) }
}

/** The credentials that an answer holds, ready to sign with. */
export function credentialsOf({ result }: Answer): SigningCredentials & { readonly sessionToken: string } {
  const { AccessKeyId, SecretAccessKey, SessionToken } = result.Credentials
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}
