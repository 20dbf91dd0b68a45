import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FunctionGrants, type FunctionName, GRANTS } from '../../infra/grants.ts'
import { deployInMemory, type MemoryDeployment } from '../../scripts/memory-deployment.ts'
import { type AwsDoors, openDoors } from '../support/aws-doors.ts'
import { signRequest } from '../support/sign.ts'

const ACCOUNT = '000000000000'
const ROOT = { accessKeyId: 'AKIAROOT', secretAccessKey: 'root-secret' }
const DOCUMENT = {
  accounts: [{ id: ACCOUNT, rootAccessKey: { AccessKeyId: ROOT.accessKeyId, SecretAccessKey: ROOT.secretAccessKey } }],
}

let daypass: MemoryDeployment
let doors: AwsDoors
const logged: string[] = []
beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((line) => logged.push(String(line)) > 0)
  }
  daypass = await deployInMemory(ACCOUNT, JSON.stringify(DOCUMENT))
  doors = await openDoors(daypass.environment, {})
})
afterAll(async () => {
  await Promise.all([doors.close(), daypass.close()])
  vi.restoreAllMocks()
})
beforeEach(() => {
  // What one cold start has, another one has not.
  vi.resetModules()
  for (const [name, value] of Object.entries(doors.environment)) vi.stubEnv(name, value)
  Object.assign(globalThis, { awslambda: { streamifyResponse: (handler: unknown) => handler } })
  doors.calls.length = 0
  logged.length = 0
})
afterEach(() => vi.unstubAllEnvs())

type Handler = (event: unknown) => Promise<{ readonly statusCode: number }>

const coldStart = async (name: string): Promise<Handler> => {
  const module: { readonly handler: Handler } = await import(`../../functions/${name}/handler.ts`)
  return module.handler
}

/** Functions that answer requests by the table and a ring of keys, with the number of their rings. */
const READERS = (Object.entries(GRANTS) as [FunctionName, FunctionGrants][])
  .filter(([name, { table, secrets }]) => table.length > 0 && secrets.sessionRing && name !== 'bootstrap')
  .map(([name, { secrets }]) => [name, secrets.longTermRing ? 2 : 1] as const)

describe('the init of a function', () => {
  it('is looked at for every function that makes sessions', () => {
    expect(READERS.length).toBeGreaterThan(15)
  })

  it.each(READERS)('of %s has called the table once and read its %i ring(s)', async (name, rings) => {
    await coldStart(name)
    const expected = ['GetItem', ...Array.from({ length: rings }, () => 'GetSecretValue')]
    expect([...doors.calls].sort()).toEqual(expected)
  })
})

describe('the first request', () => {
  const event = () => {
    const body = 'Action=GetCallerIdentity&Version=2011-06-15'
    const { headers } = signRequest({
      ...ROOT,
      service: 'sts',
      region: 'us-east-1',
      now: Date.now(),
      method: 'POST',
      url: 'https://sts.example/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })
    return {
      version: '2.0',
      rawPath: '/',
      rawQueryString: '',
      headers,
      requestContext: { http: { method: 'POST', sourceIp: '192.0.2.1' }, requestId: 'request-0001' },
      body,
      isBase64Encoded: false,
    }
  }
  const answerAfterInit = async () => {
    const handler = await coldStart('get-caller-identity')
    doors.calls.length = 0
    return (await handler(event())).statusCode
  }

  it('pays for no key any more', async () => {
    expect(await answerAfterInit()).toBe(200)
    expect(doors.calls).not.toContain('GetSecretValue')
    expect(doors.calls).not.toEqual([])
  })

  it('reads them itself when they could not be read during init', async () => {
    doors.closed = true
    const handler = await coldStart('get-caller-identity')
    const told = logged.map((line) => JSON.parse(line)).filter(({ event }) => /Warm$/.test(event))
    expect(told.map(({ event, failure }) => `${event}: ${failure}`).sort()).toEqual([
      'KeyRingNotWarm: UnknownError, HTTP 503',
      'KeyRingNotWarm: UnknownError, HTTP 503',
      'TableNotWarm: UnknownError, HTTP 503',
    ])
    doors.closed = false
    doors.calls.length = 0
    expect((await handler(event())).statusCode).toBe(200)
    expect(doors.calls).toContain('GetSecretValue')
  })
})

describe('a key ring that cannot be read again', () => {
  it('serves on, and the log tells of it once', async () => {
    const { liveRing } = await import('../../functions/lambda/live.ts')
    const arn = doors.environment[ENVIRONMENT.sessionRing] ?? ''
    const ring = liveRing(arn)
    const { id } = await ring.sealingKey()
    doors.closed = true
    const began = Date.now()
    const now = vi.spyOn(Date, 'now')
    for (const minutes of [6, 12]) {
      now.mockReturnValue(began + minutes * 60_000)
      expect((await ring.sealingKey()).id).toBe(id)
    }
    const told = logged.map((line) => JSON.parse(line)).filter(({ event }) => event === 'KeyRingUnreadable')
    expect(told.map((entry) => [entry.ring, entry.failure])).toEqual([[arn, 'UnknownError, HTTP 503']])
    now.mockRestore()
    doors.closed = false
  })
})
