import { describe, expect, it } from 'vitest'
import { StsError } from '../../../functions/core/errors.ts'
import type { Exchange } from '../../../functions/core/http/operation.ts'
import { operation, signedOperation } from '../../../functions/core/http/query-operation.ts'
import { queryService } from '../../../functions/core/http/query-service.ts'
import { deleteUserModel } from '../../../functions/core/model/iam/delete-user.ts'
import { iamOperations } from '../../../functions/core/model/iam/names.ts'
import { assumeRoleWithWebIdentityModel } from '../../../functions/core/model/sts/assume-role-with-web-identity.ts'
import { getCallerIdentityModel } from '../../../functions/core/model/sts/get-caller-identity.ts'
import { stsOperations } from '../../../functions/core/model/sts/names.ts'
import { aRequest, recordingLog } from './a-request.ts'

const identity = { UserId: 'u', Account: 'a', Arn: 'arn:aws:iam:::root' }

function service(action: (input: unknown, exchange: Exchange) => Promise<unknown> = async () => identity) {
  const { log, records } = recordingLog()
  const times = [1_000, 1_005]
  const clock = { now: () => times.shift() ?? 0 }
  const operations = [operation(getCallerIdentityModel, action), operation(assumeRoleWithWebIdentityModel, action)]
  return { records, handle: queryService({ service: 'sts', operations, modelled: stsOperations, log, clock }) }
}

const ask = (form: string, rest = {}) => aRequest({ form: `Version=2011-06-15&${form}`, ...rest })
const WHO = ask('Action=GetCallerIdentity')

describe('queryService', () => {
  it('answers what the action returned, and writes one audit record', async () => {
    const { handle, records } = service(async (input, exchange) => {
      expect(input).toEqual({})
      expect(exchange).toMatchObject({ requestId: 'request-1', startedAt: 1_000, request: WHO })
      exchange.audit.principal = 'me'
      exchange.audit.event = 'forged'
      exchange.audit.outcome = 'forged'
      return identity
    })
    expect(await handle(WHO)).toEqual({
      status: 200,
      headers: {
        'content-type': 'text/xml',
        'x-amzn-RequestId': 'request-1',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
      body: expect.stringMatching(/^<GetCallerIdentityResponse /),
    })
    expect(records).toEqual([
      {
        level: 'info',
        event: 'exchange',
        principal: 'me',
        action: 'GetCallerIdentity',
        outcome: 'granted',
        service: 'sts',
        requestId: 'request-1',
        sourceIp: '192.0.2.1',
        userAgent: 'test',
        durationMs: 5,
      },
    ])
  })

  it('answers JSON where it was asked for, errors too', async () => {
    const { handle } = service()
    const headers = { ...WHO.headers, accept: 'application/json' }
    const granted = await handle({ ...WHO, headers })
    expect(granted.headers['content-type']).toBe('application/json')
    expect(JSON.parse(granted.body)).toHaveProperty('GetCallerIdentityResponse.GetCallerIdentityResult', identity)
    const refused = await handle(aRequest({ headers }))
    expect(JSON.parse(refused.body)).toMatchObject({ Error: { Code: 'MissingAction', Type: 'Sender' } })
  })

  it("answers a refusal with its status, and logs its detail and its cause's message", async () => {
    const { handle, records } = service(async () => {
      throw new StsError('AccessDenied', 'Not authorized', { detail: { rule: 'trust' }, cause: new Error('inner') })
    })
    const response = await handle(WHO)
    expect(response.status).toBe(403)
    expect(response.body).toContain('<Code>AccessDenied</Code><Message>Not authorized</Message>')
    expect(response.body).not.toMatch(/trust|inner/)
    expect(records).toEqual([
      expect.objectContaining({
        level: 'info',
        outcome: 'refused',
        code: 'AccessDenied',
        reason: 'Not authorized',
        rule: 'trust',
        cause: expect.objectContaining({ name: 'Error', message: 'inner' }),
      }),
    ])
  })

  it.each([
    ['an error', new TypeError('secret table name')],
    ['no error at all', 'secret table name'],
  ])('answers %s that nobody expected with a fixed sentence', async (_what, thrown) => {
    const { handle, records } = service(async () => {
      throw thrown
    })
    const response = await handle(WHO)
    expect(response.status).toBe(500)
    expect(response.body).toContain(
      '<Type>Receiver</Type><Code>InternalFailure</Code><Message>The request processing has failed because of an unknown error, exception or failure.</Message>',
    )
    expect(response.body).not.toContain('secret')
    expect(records).toEqual([expect.objectContaining({ level: 'error', outcome: 'failed', code: 'InternalFailure' })])
  })

  it('logs name, message and stack of an error that nobody expected', async () => {
    const { handle, records } = service(async () => ({ ...identity, Extra: 1 }))
    expect((await handle(WHO)).status).toBe(500)
    const message = 'GetCallerIdentity has no member Extra'
    expect(records).toEqual([
      expect.objectContaining({ cause: { name: 'TypeError', message, stack: expect.stringContaining('at ') } }),
    ])
  })

  it('calls a failure of ours that the action names a failure', async () => {
    const { handle, records } = service(async () => {
      throw new StsError('ServiceUnavailable', 'Try again')
    })
    expect((await handle(WHO)).status).toBe(503)
    expect(records).toEqual([expect.objectContaining({ level: 'error', outcome: 'failed' })])
  })

  it.each([
    ['no action', '', 400, 'MissingAction', 'must contain the parameter Action'],
    [
      'an unknown action',
      'Action=Nonsense',
      400,
      'InvalidAction',
      'Could not find operation Nonsense for version 2011-06-15',
    ],
    [
      'an action in other letters',
      'Action=getcalleridentity',
      400,
      'InvalidAction',
      'Could not find operation getcalleridentity',
    ],
    ['a name of objects', 'Action=__proto__', 400, 'InvalidAction', 'Could not find operation __proto__'],
    ['an action that is not built', 'Action=AssumeRoot', 501, 'NotImplemented', 'AssumeRoot is not implemented'],
    ['an action of IAM', 'Action=CreateUser', 400, 'InvalidAction', 'Could not find operation CreateUser'],
    ['an input that breaks a limit', 'Action=AssumeRoleWithWebIdentity', 400, 'ValidationError', 'webIdentityToken'],
  ])('refuses %s', async (_what, form, status, code, message) => {
    const { handle, records } = service()
    const response = await handle(ask(form))
    expect(response.status).toBe(status)
    expect(response.body).toContain(`<Code>${code}</Code>`)
    expect(response.body).toContain(message)
    expect(records).toEqual([expect.objectContaining({ level: 'info', outcome: 'refused', code })])
  })

  it('refuses the version of another service', async () => {
    const request = aRequest({ form: 'Action=GetCallerIdentity&Version=2010-05-08' })
    expect((await service().handle(request)).body).toContain('for version 2010-05-08')
  })

  it('keeps names that nobody has out of the audit record', async () => {
    const { handle, records } = service()
    await handle(ask('Action=Nonsense'))
    await handle(ask('Action=AssumeRoot'))
    expect(records.map(({ action }) => action)).toEqual([undefined, 'AssumeRoot'])
  })

  it('logs no parameter: no token, and no value that broke a limit', async () => {
    const { handle, records } = service()
    await handle(ask('Action=AssumeRoleWithWebIdentity&WebIdentityToken=hunter2&RoleSessionName=swordfish!'))
    await handle(ask('Action=AssumeRoleWithWebIdentity&WebIdentityToken=hunter2'))
    await handle(ask('Action=AssumeRoleWithWebIdentity&WebIdentityToken=hunter2&RoleArn=swordfish-that-is-no-arn'))
    await handle(ask('Action=AssumeRoleWithWebIdentity&WebIdentityToken=hunter2&DurationSeconds=swordfish'))
    expect(records).toHaveLength(4)
    expect(JSON.stringify(records)).not.toMatch(/hunter2|swordfish/)
    expect(records[0]).toMatchObject({
      reason: expect.stringMatching(/^1 validation error detected: at 'roleSessionName'/),
    })
  })

  it('cuts a long user agent', async () => {
    const { handle, records } = service()
    await handle({ ...WHO, headers: { ...WHO.headers, 'user-agent': 'x '.repeat(1000) } })
    expect(records).toMatchObject([{ userAgent: 'x '.repeat(128) }])
  })

  it('leaves a token that was sent as a user agent, or as an action, out of the log', async () => {
    const { handle, records } = service()
    const token = `${'x'.repeat(40)}.${'y'.repeat(60)}.${'z'.repeat(40)}`
    await handle({ ...WHO, headers: { ...WHO.headers, 'user-agent': `Bearer ${token}` } })
    await handle({ ...WHO, body: Buffer.from(`Action=${token}&Version=2011-06-15`) })
    await handle({ ...WHO, body: Buffer.from(`Action=GetCallerIdentity&Version=${token}`) })
    expect(records).toMatchObject([
      { userAgent: 'Bearer (left out)' },
      { code: 'InvalidAction' },
      { code: 'InvalidAction' },
    ])
    expect(JSON.stringify(records)).not.toMatch(/x{40}|y{40}|z{40}/)
  })

  it.each([
    ['sts', 256 * 1024, stsOperations],
    ['iam', 1024 * 1024, iamOperations],
  ] as const)('takes a body of %s up to its limit', async (name, limit, modelled) => {
    const { log } = recordingLog()
    const handle = queryService({ service: name, operations: [], modelled, log, clock: { now: () => 0 } })
    expect((await handle(aRequest({ body: Buffer.alloc(limit, 'a') }))).status).toBe(400)
    const refused = await handle(aRequest({ body: Buffer.alloc(limit + 1, 'a') }))
    expect(refused.status).toBe(413)
    expect(refused.body).toContain('<Code>RequestEntityTooLarge</Code>')
    expect(refused.body).toContain(`https://${name}.amazonaws.com/`)
  })

  it('answers an operation without output, and IAM by its own version', async () => {
    const { log } = recordingLog()
    const deleteUser = operation<{ UserName: string }, void>(deleteUserModel, async ({ UserName }) => {
      expect(UserName).toBe('u')
    })
    const handle = queryService({
      service: 'iam',
      operations: [deleteUser],
      modelled: iamOperations,
      log,
      clock: { now: () => 0 },
    })
    const response = await handle(aRequest({ form: 'Action=DeleteUser&Version=2010-05-08&UserName=u' }))
    expect(response.status).toBe(200)
    expect(response.body).not.toContain('Result')
  })
})

describe('signedOperation', () => {
  it('proves the caller before it looks at the input, and hands both to the action', async () => {
    const { log } = recordingLog()
    const signed = signedOperation<{ UserName: string }, void, string>(
      deleteUserModel,
      async ({ request }) => {
        if (request.headers.authorization === undefined) throw new StsError('MissingAuthenticationToken', 'Sign it')
        return 'caller'
      },
      async ({ UserName }, _exchange, caller) => {
        expect([UserName, caller]).toEqual(['u', 'caller'])
      },
    )
    const handle = queryService({ service: 'iam', operations: [signed], modelled: [], log, clock: { now: () => 0 } })
    const form = 'Action=DeleteUser&Version=2010-05-08'
    expect((await handle(aRequest({ form }))).body).toContain('MissingAuthenticationToken')
    const headers = { authorization: 'yes' }
    expect((await handle(aRequest({ form, headers }))).body).toContain('ValidationError')
    expect((await handle(aRequest({ form: `${form}&UserName=u`, headers }))).status).toBe(200)
  })
})
