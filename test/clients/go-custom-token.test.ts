import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeWebhook, startFakeWebhook } from '../core/decision-webhook/fake-webhook.ts'
import { leaveOut } from '../support/local-host.ts'
import { buildGoProgram, GO_PROGRAM } from './go-program.ts'
import { type Programs, startPrograms } from './world.ts'

const ACCOUNT = '000000000000'
const ROLE_POLICY = 'arn:minio:iam:::role/idmp-ours'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/bobs`

const missing = await buildGoProgram()
if (missing !== undefined) leaveOut('the journeys of minio-go with a custom token', missing)

describe.skipIf(missing !== undefined)('minio-go with a custom token', () => {
  let hook: FakeWebhook
  let programs: Programs
  beforeAll(async () => {
    hook = await startFakeWebhook()
    hook.answer((request, response) => {
      const user = new URL(request.url ?? '', hook.url).searchParams.get('token')?.replace(/^token of /, '')
      const known = ['alice', 'bob'].includes(user ?? '') && request.headers.authorization === 'Bearer of-the-host'
      const answer = known ? { user, maxValiditySeconds: 7200, claims: {} } : { reason: 'no such token' }
      response.writeHead(known ? 200 : 403, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
    programs = await startPrograms(
      {
        id: ACCOUNT,
        roles: [
          {
            RoleName: 'bobs',
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: {
                Effect: 'Allow',
                Principal: { Federated: `arn:aws:iam::${ACCOUNT}:token-provider/default` },
                Action: 'sts:AssumeRoleWithCustomToken',
                Condition: { StringEquals: { 'jwt:sub': 'custom:bob' } },
              },
            },
            attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'],
          },
        ],
      },
      {
        MINIO_IDENTITY_PLUGIN_URL: hook.url.href,
        MINIO_IDENTITY_PLUGIN_AUTH_TOKEN: 'Bearer of-the-host',
        MINIO_IDENTITY_PLUGIN_ROLE_POLICY: 'readwrite',
        MINIO_IDENTITY_PLUGIN_ROLE_ID: 'ours',
        MINIO_IDENTITY_PLUGIN_COMMENT: 'in a test',
      },
    )
  })
  afterAll(async () => {
    await programs.end()
    await hook.close()
  })

  const custom = async (...args: readonly string[]) => {
    const { stdout, stderr } = await programs.run(GO_PROGRAM, ['minio-custom-token', programs.host.url, ...args])
    expect(stderr).toBe('')
    return JSON.parse(stdout)
  }
  const s3 = { whole: true, names: ['folder/käy + more'] }

  it.each([
    ['the role policy, for as long as it asks', ['token of alice', ROLE_POLICY, '30m'], 30],
    ['the role policy, for an hour unless it asks', ['token of alice', ROLE_POLICY], 60],
    ['the role policy, for as long as the webhook lets it', ['token of alice', ROLE_POLICY, '3h'], 120],
    ['a role that trusts the webhook', ['token of bob', ROLE], 60],
  ])('works with S3 by %s', async (_which, args, minutes) => {
    expect(await custom(...args)).toEqual({ s3, minutes })
  })

  it.each([
    ['a token that the webhook does not know', ['token of eve', ROLE_POLICY]],
    ['a role that trusts another user', ['token of alice', ROLE]],
    ['the role of another webhook', ['token of alice', 'arn:minio:iam:::role/idmp-theirs']],
  ])('is refused with %s', async (_flaw, args) => {
    expect(await custom(...args)).toEqual({ error: '403 Forbidden' })
  })
})
