import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import type { QueryOperation } from '@daypass/core/http/query-operation.ts'
import { type HttpHandler, queryService } from '@daypass/core/http/query-service.ts'
import { describe, expect, it } from 'vitest'
import { assumeRole } from '../functions/assume-role/action.ts'
import { assumeRoleWithCertificate } from '../functions/assume-role-with-certificate/action.ts'
import { assumeRoleWithClientGrants } from '../functions/assume-role-with-client-grants/action.ts'
import { assumeRoleWithCustomToken } from '../functions/assume-role-with-custom-token/action.ts'
import { assumeRoleWithLDAPIdentity } from '../functions/assume-role-with-ldap-identity/action.ts'
import { assumeRoleWithSaml } from '../functions/assume-role-with-saml/action.ts'
import { assumeRoleWithWebIdentity } from '../functions/assume-role-with-web-identity/action.ts'
import { assumeRoot } from '../functions/assume-root/action.ts'
import { createSessionService } from '../functions/create-session/service.ts'
import { decodeAuthorizationMessage } from '../functions/decode-authorization-message/action.ts'
import { type FrontDoorDeps, frontDoor } from '../functions/front-door/action.ts'
import { getAccessKeyInfo } from '../functions/get-access-key-info/action.ts'
import { getCallerIdentity } from '../functions/get-caller-identity/action.ts'
import { getDelegatedAccessToken } from '../functions/get-delegated-access-token/action.ts'
import { getFederationToken } from '../functions/get-federation-token/action.ts'
import { getSessionToken } from '../functions/get-session-token/action.ts'
import { getWebIdentityTokenService } from '../functions/get-web-identity-token/service.ts'
import { iamService } from '../functions/iam/action.ts'
import { revokeSessionsService } from '../functions/revoke-sessions/service.ts'
import { type FunctionName, GRANTS } from '../infra/grants.ts'
import { deployment } from './support/deployment.ts'
import {
  eventFixtures,
  fixtureBootstrap,
  fixtureCertificates,
  fixtureIssuer,
  fixtureWebhook,
} from './support/event-fixtures.ts'
import { fixtureDirectories } from './support/fake-directory.ts'
import { grantedStore } from './support/granted-store.ts'

/** Each function's handler over dependencies of a test, as its `handler.ts` wires them over live ones. */
const HANDLERS: Readonly<Record<string, (deps: FrontDoorDeps) => HttpHandler>> = {
  'assume-role': (deps) => one(deps, assumeRole(deps)),
  'assume-role-with-certificate': (deps) => one(deps, assumeRoleWithCertificate(deps)),
  'assume-role-with-client-grants': (deps) => one(deps, assumeRoleWithClientGrants(deps)),
  'assume-role-with-custom-token': (deps) => one(deps, assumeRoleWithCustomToken(deps)),
  'assume-role-with-saml': (deps) => one(deps, assumeRoleWithSaml(deps)),
  'assume-role-with-ldap-identity': (deps) => one(deps, assumeRoleWithLDAPIdentity(deps)),
  'assume-role-with-web-identity': (deps) => one(deps, assumeRoleWithWebIdentity(deps)),
  'assume-root': (deps) => one(deps, assumeRoot(deps)),
  'create-session': createSessionService,
  'decode-authorization-message': (deps) => one(deps, decodeAuthorizationMessage(deps)),
  'front-door': frontDoor,
  'get-access-key-info': (deps) => one(deps, getAccessKeyInfo(deps)),
  'get-caller-identity': (deps) => one(deps, getCallerIdentity(deps)),
  'get-delegated-access-token': (deps) => one(deps, getDelegatedAccessToken(deps)),
  'get-federation-token': (deps) => one(deps, getFederationToken(deps)),
  'get-session-token': (deps) => one(deps, getSessionToken(deps)),
  'get-web-identity-token': getWebIdentityTokenService,
  iam: iamService,
  'revoke-sessions': revokeSessionsService,
}

const one = ({ log, clock }: FrontDoorDeps, operation: QueryOperation) =>
  queryService({ service: 'sts', operations: [operation], modelled: [], log, clock })

/** Actions of which no fixed event can be granted, and why. */
const REFUSED_ONLY: ReadonlyMap<string, string> = new Map([
  ['decode-authorization-message', 'only the deployment that sealed a message opens it'],
  ['get-web-identity-token', 'only the IAM API enables it for an account'],
  ['get-delegated-access-token', 'no trade-in token is issued anywhere'],
])

/** Functions with triggers of their own, whose events their own tests replay. */
const ELSEWHERE = new Set(['bootstrap', 'check-directory', 'key-rotation', 'prober', 'reseal-secrets', 's3'])

const fixtures = eventFixtures().filter(({ functionName }) => !ELSEWHERE.has(functionName))

describe('the events folder', () => {
  const functions = readdirSync(new URL('../functions/', import.meta.url), { recursive: true })
    .flatMap((path) => /^([a-z0-9-]+)\/handler\.ts$/.exec(String(path))?.[1] ?? [])
    .filter((name) => !ELSEWHERE.has(name))

  it.each(functions)('has for %s an event that is granted and one that is refused', (name) => {
    const outcomes = fixtures.filter(({ functionName }) => functionName === name).map(({ outcome }) => outcome)
    expect(outcomes.includes('granted')).toBe(!REFUSED_ONLY.has(name))
    expect(outcomes.some((outcome) => outcome !== 'granted')).toBe(true)
  })

  it('has no event of a function that is not there', () => {
    expect(fixtures.map(({ functionName }) => functionName).filter((name) => !functions.includes(name))).toEqual([])
  })

  it.each(fixtures.map((fixture) => [fixture.file, fixture] as const))('replays %s', async (_file, fixture) => {
    const daypass = await deployment(...fixtureBootstrap().accounts)
    const handler = HANDLERS[fixture.functionName]
    if (!handler) throw new Error(`no handler for ${fixture.functionName}`)
    const store = grantedStore(daypass.deps.store, GRANTS[fixture.functionName as FunctionName])
    const issuerKeys = { ...daypass.deps.issuerKeys, store, fetch: fixtureIssuer }
    const directories = fixtureDirectories(daypass.deps.log)
    const certificateSources = fixtureCertificates()
    const deps = { ...daypass.deps, store, issuerKeys, certificateSources, customTokens: fixtureWebhook, directories }
    const answer = await lambdaHandler('sts', handler(deps), randomUUID)(fixture.event)
    // Roles Anywhere names its refusals in a header, and says 201 where others say 200.
    const code = /(?:<Code>|"Code":")(\w+)/.exec(answer.body ?? '')?.[1] ?? answer.headers?.['x-amzn-ErrorType']
    const granted = answer.statusCode === 200 || answer.statusCode === 201
    expect([code ?? 'granted', granted]).toEqual([fixture.outcome, fixture.outcome === 'granted'])
  })
})
