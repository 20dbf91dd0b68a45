import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import type { DirectoryProps } from '../../infra/directory-settings.ts'
import { entry, OP, result, startWireServer, type WireServer } from '../core/identity/ldap/wire-server.ts'
import { functionResource, synthesize } from '../infra/templates.ts'

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:lookup-AbCdEf'
const LOOKUP = 'cn=lookup,dc=example,dc=org'
const ALICE = 'uid=alice,ou=people,dc=example,dc=org'
const PASSWORDS = new Map([
  [LOOKUP, 'from-the-secret'],
  [ALICE, 'alice-pw'],
])
const QUESTION = { source: 'default', userName: 'alice', password: 'alice-pw' }

/** A Secrets Manager that has the one secret, or not. */
let secret: string | undefined
let reads = 0
const secretsManager = createServer(async (request, response) => {
  const { SecretId } = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString()) as { SecretId: string }
  reads += 1
  const found = SecretId === SECRET && secret !== undefined
  const body = found ? { SecretString: secret } : { __type: 'ResourceNotFoundException' }
  response.writeHead(found ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
})
let directory: WireServer
const logged: string[] = []

const anonymous = (): DirectoryProps => ({
  serverAddress: `127.0.0.1:${directory.port}`,
  transport: 'plain',
  userBases: ['ou=people,dc=example,dc=org'],
  userFilter: '(uid=%s)',
  userAttributes: ['mail'],
  groups: { bases: ['ou=groups,dc=example,dc=org'], filter: '(member=%d)' },
})
const company = (): DirectoryProps => ({ ...anonymous(), lookup: { bindDn: LOOKUP, passwordSecretArn: SECRET } })

/** Starts the function with the variables that the template gives it. */
async function start(props = company(), change: Readonly<Record<string, string>> = {}) {
  vi.resetModules()
  const { api } = synthesize({ identity: { directories: [props] } })
  const { Variables } = functionResource(api, 'check-directory')[1].Properties.Environment as {
    Variables: Record<string, string>
  }
  for (const [variable, value] of Object.entries({ ...Variables, ...change })) vi.stubEnv(variable, value)
  return (await import('../../functions/check-directory/handler.ts')).handler
}

beforeAll(async () => {
  directory = await startWireServer(({ id, op, bytes }, socket) => {
    const text = bytes.toString('latin1')
    if (op === OP.bind) {
      const [, password] = [...PASSWORDS].find(([dn]) => text.includes(dn)) ?? []
      socket.write(result(id, 0x61, password !== undefined && text.endsWith(password) ? 0 : 49))
    } else if (op === OP.search) {
      // A search for groups names the user too.
      if (text.includes('ou=groups')) socket.write(entry(id, 'cn=projecta,ou=groups,dc=example,dc=org', {}))
      else socket.write(entry(id, ALICE, { uid: ['Alice'], mail: ['alice@example.org'] }))
      socket.write(result(id, 0x65, 0))
    }
  })
  secretsManager.listen(0, '127.0.0.1')
  await once(secretsManager, 'listening')
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})
afterAll(async () => {
  secretsManager.close()
  await directory.close()
})

const surroundings = () => {
  const { port } = secretsManager.address() as AddressInfo
  const fixed = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${port}`,
  }
  for (const [variable, value] of Object.entries(fixed)) vi.stubEnv(variable, value)
  logged.length = 0
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => logged.push(String(text)) > 0)
  }
}

it('proves a user with the environment that the stack gives it, and refuses a wrong password', async () => {
  surroundings()
  secret = 'from-the-secret'
  const handler = await start()
  expect(await handler(QUESTION)).toEqual({
    outcome: 'proven',
    user: {
      dn: ALICE,
      userName: 'Alice',
      attributes: { mail: ['alice@example.org'] },
      groups: ['cn=projecta,ou=groups,dc=example,dc=org'],
    },
  })
  expect(await handler({ ...QUESTION, password: 'guess' })).toMatchObject({ outcome: 'refused' })
  expect(await handler({ ...QUESTION, source: 'partner' })).toEqual({ outcome: 'unknown-source' })
})

it.each([
  ['is not there', undefined, /cannot be read: ResourceNotFoundException/],
  ['is empty', '', /is empty/],
  ['holds another password', 'former', /does not accept the account/],
])('starts when the look-up secret %s, proves nobody, and repeats nothing of it', async (_flaw, text, reason) => {
  surroundings()
  secret = text
  const handler = await start()
  expect(await handler(QUESTION)).toEqual({ outcome: 'unavailable', reason: expect.stringMatching(reason) })
  expect(logged.join()).toMatch(reason)
  expect(logged.join()).not.toMatch(/former|alice-pw|lookup-AbCdEf/)
  secret = 'from-the-secret'
  if (text !== 'former') expect(await handler(QUESTION)).toMatchObject({ outcome: 'proven' })
})

it('binds an account for look-ups never with what stands in for its password', async () => {
  surroundings()
  secret = 'from-the-secret'
  directory.requests.length = 0
  await (await start())(QUESTION)
  const said = directory.requests.map(({ bytes }) => bytes.toString('latin1')).join()
  expect(said).toContain('from-the-secret')
  expect(said).not.toContain('in its secret')
})

it('reads the look-up password when it starts, while nobody waits, and not again with the first question', async () => {
  surroundings()
  secret = 'from-the-secret'
  reads = 0
  const handler = await start()
  expect(reads).toBe(1)
  expect(await handler(QUESTION)).toMatchObject({ outcome: 'proven' })
  expect(reads).toBe(1)
})

it('waits a second at most for Secrets Manager, which a network may have no way to', async () => {
  surroundings()
  secret = 'from-the-secret'
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort())
  const handler = await start()
  expect(await handler(QUESTION)).toEqual({
    outcome: 'unavailable',
    reason: 'the secret with the look-up password cannot be read: AbortError',
  })
  expect(timeout.mock.calls).toEqual([[1_000], [1_000]])
})

it('asks Secrets Manager nothing where look-ups are anonymous', async () => {
  surroundings()
  reads = 0
  const handler = await start(anonymous())
  // This directory lets nobody in without a name.
  expect(await handler(QUESTION)).toMatchObject({ outcome: 'unavailable' })
  expect(reads).toBe(0)
})

it('does not start with a list of secrets that it cannot read', async () => {
  surroundings()
  await expect(start(company(), { DAYPASS_DIRECTORY_PASSWORDS: 'default' })).rejects.toThrow(
    /DAYPASS_DIRECTORY_PASSWORDS must be/,
  )
})
