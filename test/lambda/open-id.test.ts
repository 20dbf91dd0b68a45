import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { applyBootstrap } from '@daypass/core/bootstrap/apply.ts'
import { KeyRing, newStoredKey } from '@daypass/core/credentials/key-ring.ts'
import { systemClock } from '@daypass/core/deps.ts'
import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import { parseSession } from '@daypass/core/store/entities/session.ts'
import { sessionKey } from '@daypass/core/store/keys.ts'
import { Duration } from 'aws-cdk-lib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { functionResource, synthesize } from '../infra/templates.ts'
import { type LocalDynamoDb, startDynamoDb } from '../support/dynalite.ts'
import { type FakeIssuer, startFakeIssuer } from '../support/fake-issuer.ts'

const ACCOUNT = '000000000000'
const TOKEN_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:opa-AbCdEf'
const HANDLERS = {
  'assume-role-with-web-identity': () => import('../../functions/assume-role-with-web-identity/handler.ts'),
  'assume-role-with-client-grants': () => import('../../functions/assume-role-with-client-grants/handler.ts'),
  'front-door': () => import('../../functions/front-door/handler.ts'),
}

let issuer: FakeIssuer
let dynamo: LocalDynamoDb
/** A Secrets Manager that gives every secret that it has, and remembers who was asked for. */
const secrets = new Map<string, string>()
const asked: string[] = []
const secretsManager = createServer(async (request, response) => {
  const { SecretId } = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString()) as { SecretId: string }
  asked.push(SecretId)
  const SecretString = secrets.get(SecretId)
  const [status, body] =
    SecretString === undefined ? [400, { __type: 'ResourceNotFoundException' }] : [200, { SecretString }]
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
})

/** The variables that the template gives a function; what CloudFormation would fill in has its JSON for a name. */
function deployedVariables(name: string): Record<string, string> {
  const identity = {
    openIdSources: [
      { configUrl: `${issuer.url}/.well-known/openid-configuration`, clientId: 'app', claimName: 'realm.roles' },
      {
        name: 'staff',
        configUrl: `${issuer.url}/.well-known/openid-configuration`,
        clientId: 'staff',
        rolePolicies: ['readonly'],
      },
    ],
    stsDuration: Duration.hours(2),
    decisionWebhook: { url: 'https://opa.example.com/allow', authTokenSecretArn: TOKEN_SECRET },
  }
  const { api } = synthesize({ identity, allowPrivateAddresses: true })
  const { Variables } = functionResource(api, name)[1].Properties.Environment as { Variables: Record<string, unknown> }
  return Object.fromEntries(
    Object.entries(Variables).map(([variable, value]) => [
      variable,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}

async function start(name: keyof typeof HANDLERS) {
  vi.resetModules()
  const variables = deployedVariables(name)
  secrets.set(variables.DAYPASS_SESSION_RING_SECRET ?? '', ring)
  if (variables.DAYPASS_LONG_TERM_RING_SECRET) secrets.set(variables.DAYPASS_LONG_TERM_RING_SECRET, ring)
  for (const [variable, value] of Object.entries(variables)) vi.stubEnv(variable, value)
  vi.stubEnv('DAYPASS_TABLE', dynamo.tableName)
  const { handler } = await HANDLERS[name]()
  return async (params: Record<string, string>) => {
    const { body, statusCode } = await handler(eventOf(params))
    return { status: statusCode, body: String(body) }
  }
}

const ring = JSON.stringify({ keys: [newStoredKey(Date.now() - 60_000)] })

function eventOf(params: Record<string, string>) {
  const http = { method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' }
  const requestContext = {
    http,
    requestId: 'JKJaXmPLvHcESHA=',
    domainName: 'sts.example',
    routeKey: '$default',
    stage: '$default',
  }
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    headers: { host: 'sts.example', 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-proto': 'https' },
    requestContext,
    body: Buffer.from(new URLSearchParams({ Version: '2011-06-15', ...params }).toString()).toString('base64'),
    isBase64Encoded: true,
  }
}

beforeAll(async () => {
  issuer = await startFakeIssuer()
  dynamo = await startDynamoDb()
  secretsManager.listen(0, '127.0.0.1')
  await once(secretsManager, 'listening')
  const fixed = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: '',
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(secretsManager.address() as AddressInfo).port}`,
  }
  for (const [variable, value] of Object.entries(fixed)) vi.stubEnv(variable, value)
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const store = openDynamoDbStore({ tableName: dynamo.tableName, config: dynamo.config })
  const longTermRing = new KeyRing(async () => JSON.parse(ring), systemClock)
  await applyBootstrap({ store, clock: systemClock, longTermRing }, { accounts: [{ id: ACCOUNT }] })
})
afterAll(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  secretsManager.close()
  await Promise.all([issuer.close(), dynamo.close()])
})

const sign = (claims: Record<string, unknown> = {}) =>
  issuer.sign({ sub: 'alice', aud: 'app', realm: { roles: ['readwrite'] }, ...claims })
const webIdentity = (token: string) => ({ Action: 'AssumeRoleWithWebIdentity', WebIdentityToken: token })
const clientGrants = (token: string) => ({ Action: 'AssumeRoleWithClientGrants', Token: token })

const CASES = [
  ['assume-role-with-web-identity', webIdentity],
  ['assume-role-with-client-grants', clientGrants],
  ['front-door', webIdentity],
  ['front-door', clientGrants],
] as const

describe.each(CASES)('%s, with the environment that the stack gives it', (name, request) => {
  it('gives rights without a role by the claim that the stack names, for as long as the stack says', async () => {
    const invoke = await start(name)
    const { status, body } = await invoke(request(sign()))
    expect([status, body]).toEqual([200, expect.stringContaining(`federated-user/oidc/default/alice`)])
    const expiration = Date.parse(/<Expiration>(.*)<\/Expiration>/.exec(body)?.[1] ?? '')
    expect(Math.abs(expiration - Date.now() - 2 * 3_600_000)).toBeLessThan(60_000)
    const [, accessKeyId = ''] = /<AccessKeyId>(.*)<\/AccessKeyId>/.exec(body) ?? []
    const store = openDynamoDbStore({ tableName: dynamo.tableName, config: dynamo.config })
    const session = parseSession((await store.get(sessionKey(accessKeyId))) ?? expect.fail('no record'))
    expect(session).toMatchObject({ policyArns: ['arn:aws:iam::aws:policy/readwrite'] })
    expect(JSON.parse(session.claimsDocument ?? '{}')).toMatchObject({ sub: 'alice', realm: { roles: ['readwrite'] } })
  })

  it('gives the role policy of another source, and nothing to tokens that name nothing', async () => {
    const invoke = await start(name)
    const staff = await invoke(request(sign({ aud: 'staff', realm: undefined })))
    expect(staff.body).toContain('federated-user/oidc/staff/alice')
    const refused = await invoke(request(sign({ realm: { roles: ['nothing'] } })))
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')])
    const other = await invoke(request(sign({ aud: 'other' })))
    expect([other.status, other.body]).toEqual([400, expect.stringContaining('<Code>InvalidIdentityToken</Code>')])
  })
})

describe('the decision webhook of the S3 gateway', () => {
  const settings = async () => {
    vi.resetModules()
    for (const [variable, value] of Object.entries(deployedVariables('s3'))) vi.stubEnv(variable, value)
    const { liveDecisionWebhook } = await import('../../functions/lambda/live-decision-webhook.ts')
    return liveDecisionWebhook()
  }

  it('is shown what its secret holds', async () => {
    secrets.set(TOKEN_SECRET, 'Bearer from-the-secret')
    const url = new URL('https://opa.example.com/allow')
    expect(await settings()).toEqual({ url, authorization: 'Bearer from-the-secret' })
  })

  it.each([
    ['empty', ''],
    ['no header’s value', 'two\nlines'],
  ])('stops the start when its secret is %s, without repeating it', async (_what, value) => {
    secrets.set(TOKEN_SECRET, value)
    await expect(settings()).rejects.toThrow(/DAYPASS_POLICY_PLUGIN_AUTH_TOKEN/)
    await expect(settings()).rejects.not.toThrow(/two/)
  })

  it('stops the start when its secret is not there', async () => {
    secrets.delete(TOKEN_SECRET)
    await expect(settings()).rejects.toThrow()
  })

  it('is asked of no other function’s start', async () => {
    asked.length = 0
    const invoke = await start('assume-role-with-web-identity')
    await invoke(webIdentity(sign()))
    expect(asked).not.toContain(TOKEN_SECRET)
    expect(asked.length).toBeGreaterThan(0)
  })
})
