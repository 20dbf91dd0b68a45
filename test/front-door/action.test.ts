import { ensureSigningKeys } from '@daypass/core/issuer/signing-keys.ts'
import { createLocalJWKSet } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { frontDoor } from '../../functions/front-door/action.ts'
import { BLANK, type Deployment, deployment } from '../support/deployment.ts'

let daypass: Deployment
beforeAll(async () => {
  daypass = await deployment()
})

const get = (path: string) => daypass.handle({ method: 'GET', path, headers: { host: 'sts.example' } })

describe('the front door', () => {
  it('tells that it is ready', async () => {
    expect(await get('/_daypass/health')).toMatchObject({ status: 200, result: { status: 'ready' } })
  })

  it('serves the discovery document of the host that was asked', async () => {
    const { result } = await get('/.well-known/openid-configuration')
    expect(result).toMatchObject({
      issuer: 'https://sts.example',
      jwks_uri: 'https://sts.example/.well-known/jwks.json',
      id_token_signing_alg_values_supported: ['RS256', 'ES384'],
    })
  })

  it.each(['', 'a.example,b.example', 'a.example/x', 'a"b', 'a b'])('makes no issuer of the host %j', async (host) => {
    const path = '/.well-known/openid-configuration'
    const answer = await frontDoor(daypass.deps)({ ...BLANK, method: 'GET', path, headers: { host } })
    expect(answer.status).toBe(400)
  })

  it('serves the public halves of the issuer’s keys, made once', async () => {
    const deps = daypass.deps
    await ensureSigningKeys(deps)
    await ensureSigningKeys(deps)
    const { result, body } = await get('/.well-known/jwks.json')
    expect(result.keys.map(({ alg }: { alg: string }) => alg).sort()).toEqual(['ES384', 'RS256'])
    for (const { kid, alg, use } of result.keys) {
      expect(use).toBe('sig')
      await expect(createLocalJWKSet(result)({ alg, kid })).resolves.toMatchObject({ type: 'public' })
    }
    expect(body).not.toMatch(/"(?:d|p|q|dp|dq|qi)":/)
  })

  it.each([
    ['an unknown action', { Action: 'MakeCoffee' }, 'InvalidAction', 400],
    ['an action of another service', { Action: 'GetCallerIdentity', Version: '2010-05-08' }, 'InvalidAction', 400],
    ['no version', { Action: 'GetCallerIdentity', Version: '' }, 'InvalidAction', 400],
    ['no action', {}, 'MissingAction', 400],
  ])('refuses %s', async (_what, params: Record<string, string>, code, status) => {
    const answer = await daypass.post(params)
    expect([answer.error?.Code, answer.status]).toEqual([code, status])
  })

  it('itself knows no revocation: that function is isolated', async () => {
    const query = 'Action=RevokeSessions&Version=2011-06-15'
    const answer = await frontDoor(daypass.deps)({ ...BLANK, method: 'GET', rawQuery: query })
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('<Code>InvalidAction</Code>')])
    expect((await daypass.post({ Action: 'RevokeSessions' })).error?.Code).toBe('MissingAuthenticationToken')
  })

  it('refuses a path that names another action', async () => {
    const answer = await daypass.post({ Action: 'GetCallerIdentity' }, { path: '/AssumeRoleWithWebIdentity' })
    expect(answer.error?.Code).toBe('InvalidAction')
  })

  it('refuses a body over 256 KiB', async () => {
    const answer = await daypass.handle({ body: Buffer.alloc(256 * 1024 + 1, 'a') })
    expect([answer.error?.Code, answer.status]).toEqual(['RequestEntityTooLarge', 413])
  })

  it('says nothing of a fault of ours but that there was one', async () => {
    const broken = await deployment()
    await broken.deps.store.close()
    const answer = await broken.signed(
      { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
      { Action: 'GetCallerIdentity' },
    )
    expect([answer.error?.Code, answer.status, answer.error?.Type]).toEqual(['ServiceUnavailable', 503, 'Receiver'])
    expect(answer.body).not.toContain('store')
  })
})
