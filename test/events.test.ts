import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { lambdaHandler } from '@daypass/core/http/api-gateway.ts'
import type { QueryOperation } from '@daypass/core/http/query-operation.ts'
import { type HttpHandler, queryService } from '@daypass/core/http/query-service.ts'
import { describe, expect, it } from 'vitest'
import { assumeRoleWithWebIdentity } from '../functions/assume-role-with-web-identity/action.ts'
import { type FrontDoorDeps, frontDoor } from '../functions/front-door/action.ts'
import { getCallerIdentity } from '../functions/get-caller-identity/action.ts'
import { iamService } from '../functions/iam/action.ts'
import { deployment } from './support/deployment.ts'
import { eventFixtures, fixtureBootstrap, fixtureIssuer } from './support/event-fixtures.ts'

/** Each function's handler over dependencies of a test, as its `handler.ts` wires them over live ones. */
const HANDLERS: Readonly<Record<string, (deps: FrontDoorDeps) => HttpHandler>> = {
  'assume-role-with-web-identity': (deps) => one(deps, assumeRoleWithWebIdentity(deps)),
  'front-door': frontDoor,
  'get-caller-identity': (deps) => one(deps, getCallerIdentity(deps)),
  iam: iamService,
}

const one = ({ log, clock }: FrontDoorDeps, operation: QueryOperation) =>
  queryService({ service: 'sts', operations: [operation], modelled: [], log, clock })

/** Functions with triggers of their own, whose events their own tests replay. */
const ELSEWHERE = new Set(['bootstrap', 's3'])

const fixtures = eventFixtures().filter(({ functionName }) => !ELSEWHERE.has(functionName))

describe('the events folder', () => {
  const functions = readdirSync(new URL('../functions/', import.meta.url), { recursive: true })
    .flatMap((path) => /^([a-z0-9-]+)\/handler\.ts$/.exec(String(path))?.[1] ?? [])
    .filter((name) => !ELSEWHERE.has(name))

  it.each(functions)('has for %s an event that is granted and one that is refused', (name) => {
    const outcomes = fixtures.filter(({ functionName }) => functionName === name).map(({ outcome }) => outcome)
    expect(outcomes).toContain('granted')
    expect(outcomes.some((outcome) => outcome !== 'granted')).toBe(true)
  })

  it.each(fixtures.map((fixture) => [fixture.file, fixture] as const))('replays %s', async (_file, fixture) => {
    const daypass = await deployment(...fixtureBootstrap().accounts)
    const issuerKeys = { ...daypass.deps.issuerKeys, fetch: fixtureIssuer }
    const handler = HANDLERS[fixture.functionName]
    if (!handler) throw new Error(`no handler for ${fixture.functionName}`)
    const answer = await lambdaHandler('sts', handler({ ...daypass.deps, issuerKeys }), randomUUID)(fixture.event)
    const code = /(?:<Code>|"Code":")(\w+)/.exec(answer.body ?? '')?.[1]
    expect([code ?? 'granted', answer.statusCode === 200]).toEqual([fixture.outcome, fixture.outcome === 'granted'])
  })
})
