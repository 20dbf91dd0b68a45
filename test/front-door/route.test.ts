import { randomUUID } from 'node:crypto'
import type { AwsCall, AwsClient } from '@daypass/core/aws/client.ts'
import { describe, expect, it } from 'vitest'
import { invoke } from '../../functions/front-door/invoke.ts'
import { route } from '../../functions/front-door/route.ts'

function event(query: string, headers = {}) {
  return {
    version: '2.0',
    rawPath: '/',
    rawQueryString: query,
    headers,
    requestContext: { http: { method: 'GET', sourceIp: '192.0.2.1' }, requestId: 'request-0001' },
    isBase64Encoded: false,
  }
}

describe('the way of a request', () => {
  const answered = { statusCode: 200, headers: {}, body: 'sts', isBase64Encoded: false }
  const seen: unknown[] = []
  const isolated = (body: string) => async (raw: unknown) => {
    seen.push(raw)
    return { ...answered, body }
  }
  const handler = route(
    {
      sts: async () => ({ status: 200, headers: {}, body: 'sts' }),
      isolated: {
        iam: isolated('iam'),
        'get-web-identity-token': isolated('get-web-identity-token'),
        'revoke-sessions': isolated('revoke-sessions'),
        'assume-role-with-certificate': isolated('assume-role-with-certificate'),
        'assume-role-with-saml': isolated('assume-role-with-saml'),
      },
    },
    randomUUID,
  )

  it.each([
    ['IAM by its version', event('Action=ListUsers&Version=2010-05-08', { 'X-Odd': 'kept' }), 'iam'],
    ['IAM whatever the action', event('Action=RevokeSessions&Version=2010-05-08'), 'iam'],
    ['tokens by their action', event('Action=GetWebIdentityToken&Version=2011-06-15'), 'get-web-identity-token'],
    ['the revocation by its action', event('Action=RevokeSessions&Version=2011-06-15'), 'revoke-sessions'],
    ['assertions by their action', event('Action=AssumeRoleWithSAML&Version=2011-06-15'), 'assume-role-with-saml'],
    [
      'certificates by their action',
      event('Action=AssumeRoleWithCertificate&Version=2011-06-15'),
      'assume-role-with-certificate',
    ],
    ['the revocation by its path', { ...event('Version=2011-06-15'), rawPath: '/RevokeSessions/' }, 'revoke-sessions'],
    [
      'the revocation by a form',
      {
        ...event(''),
        requestContext: { http: { method: 'POST', sourceIp: '192.0.2.1' }, requestId: 'request-0002' },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from('Action=RevokeSessions&Version=2011-06-15').toString('base64'),
        isBase64Encoded: true,
      },
      'revoke-sessions',
    ],
  ])('leads to %s, with the raw event as it came', async (_what, raw, name) => {
    expect((await handler(raw)).body).toBe(name)
    expect(seen.at(-1)).toBe(raw)
  })

  it.each([
    ['STS’s version', event('Action=GetCallerIdentity&Version=2011-06-15')],
    ['no version', event('Action=ListUsers')],
    ['the revocation without a version', event('Action=RevokeSessions')],
    ['tokens of others', event('Action=AssumeRoleWithWebIdentity&Version=2011-06-15')],
    ['assertions in another case', event('Action=AssumeRoleWithSaml&Version=2011-06-15')],
    ['the revocation in another case', event('Action=revokeSessions&Version=2011-06-15')],
    [
      'another action on its path',
      { ...event('Action=GetCallerIdentity&Version=2011-06-15'), rawPath: '/RevokeSessions' },
    ],
    ['an unknown version', event('Action=ListUsers&Version=2010-05-09')],
    ['what cannot be read', event('Action=ListUsers&Version=2010-05-08&Version=2010-05-08')],
    ['nothing', event('')],
  ])('leads to STS with %s', async (_what, raw) => expect((await handler(raw)).body).toBe('sts'))

  it('ends in a refusal for what is no event', async () => expect((await handler({})).statusCode).toBe(400))
})

describe('invoking another function', () => {
  const client = (text: string, headers: Record<string, string> = {}, sent: AwsCall[] = []): AwsClient => ({
    post: async (call) => {
      sent.push(call)
      return { status: 200, headers, body: Buffer.from(text) }
    },
    close: () => {},
  })

  it('sends the event and answers the answer', async () => {
    const sent: AwsCall[] = []
    const answer = { statusCode: 403, headers: {}, body: 'no', isBase64Encoded: false }
    const arn = 'arn:aws:lambda:us-east-1:111122223333:function:daypass-iam'
    expect(await invoke(client(JSON.stringify(answer), {}, sent), arn)({ any: 'event' })).toEqual(answer)
    expect(sent).toMatchObject([
      { path: `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`, body: '{"any":"event"}' },
    ])
  })

  it.each([
    ['failed', '{"errorMessage":"secret"}', { 'x-amz-function-error': 'Unhandled' }],
    ['answered nothing', '', {}],
  ])('that %s is a fault, told without its words', async (_what, text, headers) => {
    await expect(invoke(client(text, headers), 'daypass-iam')({})).rejects.toThrow(/^(?!.*secret)daypass-iam failed/)
  })
})
