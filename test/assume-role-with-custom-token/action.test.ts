import type { RequestListener } from 'node:http'
import { webhookFetch } from '@daypass/core/decision-webhook/ask.ts'
import { parseCustomTokenSources } from '@daypass/core/identity/custom-token/settings.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FakeWebhook, saying, startFakeWebhook } from '../core/decision-webhook/fake-webhook.ts'
import { ACCOUNT, type Answer, credentialsOf, type Deployment, deploymentWith } from '../support/deployment.ts'

const ROLE_POLICY = 'arn:minio:iam:::role/idmp-ours'
const ROOT = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root-secret-root-secret-root-secret-0123' }

let hook: FakeWebhook
let daypass: Deployment
beforeAll(async () => {
  hook = await startFakeWebhook()
})
afterAll(() => hook.close())

const trust = (provider: string, condition?: object, action = 'sts:AssumeRoleWithCustomToken') => ({
  Version: '2012-10-17' as const,
  Statement: {
    Effect: 'Allow' as const,
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:token-provider/${provider}` },
    Action: action,
    ...(condition ? { Condition: condition } : {}),
  },
})
const account = () => ({
  id: ACCOUNT,
  rootAccessKey: { AccessKeyId: ROOT.accessKeyId, SecretAccessKey: ROOT.secretAccessKey },
  roles: [
    { RoleName: 'any', AssumeRolePolicyDocument: trust('default'), MaxSessionDuration: 7200 },
    {
      RoleName: 'team',
      AssumeRolePolicyDocument: trust('default', {
        StringEquals: { 'jwt:sub': 'custom:alice', 'sts:RoleSessionName': 'alice' },
        'ForAnyValue:StringEquals': { 'jwt:groups': 'projecta' },
      }),
    },
    { RoleName: 'partners', AssumeRolePolicyDocument: trust('partners') },
    {
      RoleName: 'both',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17' as const,
        Statement: [trust('default').Statement, trust('partners').Statement],
      },
    },
    { RoleName: 'web', AssumeRolePolicyDocument: trust('default', undefined, 'sts:AssumeRoleWithWebIdentity') },
    {
      RoleName: 'oidc',
      AssumeRolePolicyDocument: {
        ...trust('x'),
        Statement: {
          ...trust('x').Statement,
          Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/default` },
        },
      },
    },
  ],
})
const arn = (role: string) => `arn:aws:iam::${ACCOUNT}:role/${role}`

const deploy = async (env: Record<string, string> = {}, more: object = {}) => {
  const all = {
    MINIO_IDENTITY_PLUGIN_URL: hook.url.href,
    MINIO_IDENTITY_PLUGIN_ROLE_POLICY: 'readonly,missing',
    MINIO_IDENTITY_PLUGIN_ROLE_ID: 'ours',
    ...env,
  }
  const sources = parseCustomTokenSources(all, ACCOUNT)
  daypass = await deploymentWith({ customTokens: { sources, fetch: webhookFetch() }, ...more }, account(), {
    id: '111122223333',
    roles: [{ RoleName: 'any', AssumeRolePolicyDocument: trust('default') }],
  })
}
const say = (change: object = {}) =>
  hook.answer(
    saying(JSON.stringify({ user: 'alice', maxValiditySeconds: 3600, claims: { groups: ['projecta'] }, ...change })),
  )
beforeEach(async () => {
  hook.asked.length = 0
  say()
  await deploy()
})

const grant = (params: Record<string, string> = {}) =>
  daypass.post({ Action: 'AssumeRoleWithCustomToken', Token: 'aaa', RoleArn: ROLE_POLICY, ...params })
const refusal = ({ error, status }: Answer) => [error?.Code, status]
const who = async (answer: Answer) =>
  (await daypass.signed(credentialsOf(answer), { Action: 'GetCallerIdentity' })).result?.Arn

describe('AssumeRoleWithCustomToken', () => {
  it('gives the users of a webhook the policies of its role, under MinIO’s ARN', async () => {
    const answer = await grant()
    expect(answer.status).toBe(200)
    expect(answer.body).toContain(
      '<AssumeRoleWithCustomTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">',
    )
    const { AssumedUser, AssumedRoleUser, Credentials } = answer.result
    expect(AssumedUser).toBe('custom:alice')
    expect(AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:federated-user/token/default/alice`)
    expect(Credentials.Expiration).toBe('2026-01-01T01:00:00Z')
    expect(await who(answer)).toBe(AssumedRoleUser.Arn)
  })

  it('takes the only webhook’s role when none is named', async () => {
    expect(
      (await daypass.post({ Action: 'AssumeRoleWithCustomToken', Token: 'aaa' })).result.AssumedRoleUser.Arn,
    ).toContain('/token/default/alice')
  })

  it('is called by a query string and an empty body too, as minio-go does', async () => {
    const query = { Action: 'AssumeRoleWithCustomToken', Version: '2011-06-15', RoleArn: ROLE_POLICY, Token: 'a b&c' }
    const rawQuery = new URLSearchParams(query).toString()
    for (const method of ['POST', 'GET']) {
      expect((await daypass.handle({ method, rawQuery })).status).toBe(200)
      expect(new URL(hook.asked.at(-1)?.path ?? '', hook.url).searchParams.get('token')).toBe('a b&c')
    }
    expect((await daypass.handle({ path: '/AssumeRoleWithCustomToken', rawQuery })).status).toBe(200)
  })

  it('makes one read, one question and one write', async () => {
    for (const RoleArn of [ROLE_POLICY, arn('team')]) {
      hook.asked.length = 0
      const before = daypass.trips.total()
      expect((await grant({ RoleArn })).status).toBe(200)
      expect([daypass.trips.total() - before, hook.asked.length]).toEqual([2, 1])
    }
  })

  it('gives a role that trusts the webhook, under the user’s name', async () => {
    const answer = await grant({ RoleArn: arn('team') })
    expect(answer.result.AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/team/alice`)
    expect(answer.result.AssumedUser).toBe('custom:alice')
    expect(await who(answer)).toBe(answer.result.AssumedRoleUser.Arn)
  })

  it.each<[string, string, object]>([
    ['does not exist', arn('missing'), {}],
    ['is spelt in another case', arn('TEAM'), {}],
    ['has a path that it has not', arn('path/team'), {}],
    ['is in another account', 'arn:aws:iam::111122223333:role/any', {}],
    ['trusts another webhook', arn('partners'), {}],
    ['trusts an OpenID provider of that name', arn('oidc'), {}],
    ['trusts the webhook for another action', arn('web'), {}],
    ['trusts other users', arn('team'), { user: 'bob' }],
    ['trusts other groups', arn('team'), { claims: { groups: ['other'] } }],
    ['trusts a claim that the webhook cannot set', arn('team'), { user: 'bob', claims: { sub: 'custom:alice' } }],
  ])('refuses a role that %s, in the same words', async (_which, RoleArn, change) => {
    say(change)
    const answer = await grant({ RoleArn })
    expect(refusal(answer)).toEqual(['AccessDenied', 403])
    expect(answer.error?.Message).toMatch(/^Not authorized to perform sts:AssumeRoleWithCustomToken/)
  })

  it.each([
    ['of another role id', 'arn:minio:iam:::role/idmp-other'],
    ['that is no role', `arn:aws:iam::${ACCOUNT}:user/alice`],
  ])('refuses an ARN %s without asking', async (_which, RoleArn) => {
    expect(refusal(await grant({ RoleArn }))).toEqual(['AccessDenied', 403])
    expect(hook.asked).toEqual([])
  })

  it('refuses everybody without a webhook, and what is no ARN', async () => {
    expect(refusal(await grant({ RoleArn: 'nonsense-that-is-no-arn' }))).toEqual(['ValidationError', 400])
    daypass = await deploymentWith({}, account())
    expect(refusal(await grant())).toEqual(['AccessDenied', 403])
    expect(hook.asked).toEqual([])
  })

  it('gives no rights beside roles to a webhook without a role policy', async () => {
    await deploy({ MINIO_IDENTITY_PLUGIN_ROLE_POLICY: '' })
    expect(refusal(await grant())).toEqual(['AccessDenied', 403])
    say({ claims: { policy: 'readwrite', groups: ['projecta'] } })
    expect(refusal(await grant())).toEqual(['AccessDenied', 403])
    expect((await grant({ RoleArn: arn('team') })).status).toBe(200)
  })

  it('refuses when none of the policies exists', async () => {
    await deploy({ MINIO_IDENTITY_PLUGIN_ROLE_POLICY: 'missing' })
    expect(refusal(await grant())).toEqual(['AccessDenied', 403])
  })

  it.each([
    ['says no', 403, '{"reason":"expired"}', ['AccessDenied', 403]],
    ['fails', 500, '', ['IDPCommunicationError', 400]],
    ['lies', 200, '{"user":"a/b","maxValiditySeconds":900}', ['IDPCommunicationError', 400]],
  ])('grants nothing when the webhook %s', async (_what, status, body, expected) => {
    hook.answer((_request, response) => void response.writeHead(status).end(body))
    const before = daypass.trips.total()
    expect(refusal(await grant())).toEqual(expected)
    expect(refusal(await grant({ RoleArn: arn('team') }))).toEqual(expected)
    expect(daypass.trips.total() - before).toBe(2)
  })

  it.each<[string, Record<string, string>, number, string]>([
    ['an hour unless asked', {}, 43_200, '01:00:00'],
    ['as long as asked', { DurationSeconds: '900' }, 43_200, '00:15:00'],
    ['as long as asked, beyond an hour', { DurationSeconds: '7200' }, 43_200, '02:00:00'],
    ['as long as the webhook lets it', { DurationSeconds: '7200' }, 1000, '00:16:40'],
    ['as long as the webhook lets it, unasked', {}, 900, '00:15:00'],
  ])('lasts %s', async (_what, params, maxValiditySeconds, expected) => {
    say({ maxValiditySeconds })
    for (const RoleArn of [ROLE_POLICY, arn('any')]) {
      expect((await grant({ RoleArn, ...params })).result.Credentials.Expiration).toBe(`2026-01-01T${expected}Z`)
    }
  })

  it('lasts as long as the deployment’s own setting says', async () => {
    await deploy({}, { stsDurationSeconds: 1800 })
    expect((await grant()).result.Credentials.Expiration).toBe('2026-01-01T00:30:00Z')
  })

  it.each<[string, Record<string, string>]>([
    ['less than 900 seconds', { DurationSeconds: '899' }],
    ['more than 12 hours', { DurationSeconds: '43201' }],
    ['longer than the role allows', { DurationSeconds: '7201', RoleArn: arn('any') }],
    ['an empty token', { Token: '' }],
    ['a token that is too long', { Token: 'x'.repeat(8193) }],
  ])('refuses %s', async (_what, params) => {
    expect(refusal(await grant(params))).toEqual(['ValidationError', 400])
  })

  it('asks for a token', async () => {
    expect(refusal(await daypass.post({ Action: 'AssumeRoleWithCustomToken', RoleArn: ROLE_POLICY }))[0]).toBe(
      'ValidationError',
    )
  })

  it('keeps the session within the policies that were passed', async () => {
    const Policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}'
    expect(Number((await grant({ Policy })).result.PackedPolicySize)).toBeGreaterThan(0)
    expect(refusal(await grant({ Policy: '{' }))).toEqual(['MalformedPolicyDocument', 400])
    expect(refusal(await grant({ 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/Missing' }))[0]).toBe(
      'ValidationError',
    )
  })

  it('writes who, from where and the token’s hash into the audit record, never the token', async () => {
    await grant({ Token: 'secret-token-of-alice' })
    expect(JSON.stringify(daypass.logged)).not.toContain('secret-token-of-alice')
    expect(daypass.logged.at(-1)).toMatchObject({ source: 'token/default', subject: 'alice' })
    expect(String(daypass.logged.at(-1)?.tokenSha256)).toMatch(/^[0-9a-f]{64}$/)
  })

  describe('with several webhooks', () => {
    let partners: FakeWebhook
    beforeAll(async () => {
      partners = await startFakeWebhook()
    })
    afterAll(() => partners.close())
    beforeEach(async () => {
      partners.asked.length = 0
      partners.answer(saying('{"user":"partner","maxValiditySeconds":3600}'))
      await deploy({ DAYPASS_IDENTITY_PLUGIN_URL_PARTNERS: partners.url.href })
    })

    it('asks the one that the role trusts, and shows the token to no other', async () => {
      const { result } = await grant({ RoleArn: arn('partners') })
      expect(result.AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/partners/partner`)
      expect([hook.asked.length, partners.asked.length]).toEqual([0, 1])
      await grant({ RoleArn: arn('team') })
      expect([hook.asked.length, partners.asked.length]).toEqual([1, 1])
    })

    const no: RequestListener = (_request, response) =>
      void response.writeHead(403).end('{"reason":"no token of these partners"}')
    const failing: RequestListener = (_request, response) => void response.writeHead(500).end()
    const ROLES = ['partners', 'missing', 'oidc', 'both'].map((role) => [role] as const)

    it.each<[string, RequestListener, string, number, RegExp]>([
      ['does not accept the token', no, 'AccessDenied', 403, /^The identity webhook does not accept the token\.$/],
      ['fails', failing, 'IDPCommunicationError', 400, /^The identity webhook could not be used\./],
    ])(
      'answers alike, after the same work, when a role’s webhook %s, it trusts none or it is not there',
      async (...given) => {
        const [, listener, code, status, words] = given
        hook.answer(listener)
        partners.answer(listener)
        for (const [role] of ROLES) {
          const before = [daypass.trips.total(), hook.asked.length + partners.asked.length] as const
          const answer = await grant({ RoleArn: arn(role), Token: `token-for-${role}` })
          expect([role, ...refusal(answer)]).toEqual([role, code, status])
          expect(answer.error?.Message).toMatch(words)
          expect([daypass.trips.total() - before[0], hook.asked.length + partners.asked.length - before[1]]).toEqual([
            1, 1,
          ])
        }
      },
    )

    it('shows the token of a role that has no webhook to none of them, and asks the same one each time', async () => {
      for (const RoleArn of [
        arn('oidc'),
        arn('both'),
        ...Array.from({ length: 20 }, (_, at) => arn(`missing-${at}`)),
      ]) {
        const asked = [hook, partners].map((each) => each.asked.length)
        for (let times = 0; times < 2; times++) {
          const answer = await grant({ RoleArn, Token: 'the-token' })
          expect(refusal(answer)).toEqual(['AccessDenied', 403])
          expect(answer.error?.Message).toBe('Not authorized to perform sts:AssumeRoleWithCustomToken')
        }
        const more = [hook, partners].map((each, at) => each.asked.length - (asked[at] ?? 0))
        expect(more.sort()).toEqual([0, 2])
      }
      const all = [...hook.asked, ...partners.asked]
      expect(all.some(({ path }) => path?.includes('the-token'))).toBe(false)
      expect(Math.min(hook.asked.length, partners.asked.length)).toBeGreaterThan(0)
      expect(daypass.logged.at(-1)).toMatchObject({ reason: 'there is no such role' })
    })

    it('asks none for no role, and tells the reason of one that the request names', async () => {
      const without = await daypass.post({ Action: 'AssumeRoleWithCustomToken', Token: 'aaa' })
      expect(refusal(without)).toEqual(['ValidationError', 400])
      expect([hook.asked.length, partners.asked.length]).toEqual([0, 0])
      hook.answer(no)
      expect((await grant()).error?.Message).toBe(
        'The identity webhook does not accept the token: no token of these partners',
      )
    })
  })

  describe('its sessions', () => {
    const revoke = () =>
      daypass.signed(ROOT, {
        Action: 'RevokeSessions',
        ProviderArn: `arn:aws:iam::${ACCOUNT}:token-provider/default`,
      })

    it.each([ROLE_POLICY, arn('team')])('of %s end when the webhook’s sessions are revoked', async (RoleArn) => {
      const answer = await grant({ RoleArn })
      expect(await who(answer)).toBeDefined()
      expect((await revoke()).status).toBe(200)
      expect(await who(answer)).toBeUndefined()
      daypass.clock.advance(1000)
      expect(await who(await grant({ RoleArn }))).toBeDefined()
    })

    it('keep the claims for a decision webhook', async () => {
      await deploy({}, { keepClaims: true })
      say({ claims: { department: 'research' } })
      for (const RoleArn of [ROLE_POLICY, arn('any')]) expect((await grant({ RoleArn })).status).toBe(200)
    })
  })
})
