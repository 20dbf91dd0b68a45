import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeIssuer, startFakeIssuer } from '../support/fake-issuer.ts'
import { leaveOut } from '../support/local-host.ts'
import { buildGoProgram, GO_PROGRAM as program } from './go-program.ts'
import { expired, type Programs, startPrograms } from './world.ts'

const missing = await buildGoProgram()
if (missing !== undefined) leaveOut('the journeys of minio-go without a role', missing)

const CLIENT = 'minio'
const WHOLE = { whole: true, names: ['folder/käy + more'] }

describe.skipIf(missing !== undefined)('minio-go, started with an environment file of MinIO', () => {
  let issuer: FakeIssuer
  let programs: Programs
  beforeAll(async () => {
    issuer = await startFakeIssuer()
    programs = await startPrograms(
      { id: '000000000000' },
      {
        MINIO_IDENTITY_OPENID_CONFIG_URL: `${issuer.url}/.well-known/openid-configuration`,
        MINIO_IDENTITY_OPENID_CLIENT_ID: CLIENT,
        MINIO_IDENTITY_OPENID_CLAIM_NAME: 'policy',
      },
    )
  })
  afterAll(async () => {
    await programs.end()
    await issuer.close()
  })

  async function run(journey: string, claims: Readonly<Record<string, unknown>>): Promise<unknown> {
    const file = join(programs.home, 'token')
    writeFileSync(file, issuer.sign({ policy: 'readwrite', ...claims }))
    const { stdout, stderr } = await programs.run(program, [journey, programs.host.url, file, ''])
    expect(stderr).toBe('')
    return JSON.parse(stdout)
  }

  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['minio', 'an id_token', { sub: 'alice', aud: CLIENT }],
    ['minio', 'a list of policies', { sub: 'alice', aud: CLIENT, policy: ['diagnostics', 'readwrite'] }],
    ['minio-client-grants', 'a client’s own token', { sub: undefined, aud: [CLIENT], azp: CLIENT }],
    ['minio-client-grants', 'an access token of a user', { sub: 'alice', aud: 'account', azp: CLIENT }],
  ])('exchanges (%s) %s without a role and works with an object', async (journey, _what, claims) => {
    expect(await run(journey, claims)).toEqual(WHOLE)
  })

  it.each<[string, string, Readonly<Record<string, unknown>>, string]>([
    ['minio', 'names no policy', { aud: CLIENT, policy: undefined }, 'AccessDenied'],
    ['minio', 'may only read', { aud: CLIENT, policy: 'readonly' }, 'AccessDenied'],
    ['minio', 'is for another client', { aud: 'other' }, 'InvalidIdentityToken'],
    ['minio', 'has no subject', { aud: CLIENT, azp: CLIENT, sub: undefined }, 'InvalidIdentityToken'],
    ['minio', 'has expired', { aud: CLIENT, ...expired() }, 'ExpiredTokenException'],
    ['minio-client-grants', 'names no policy', { azp: CLIENT, policy: undefined }, 'AccessDenied'],
    ['minio-client-grants', 'is another client’s', { azp: 'other' }, 'InvalidIdentityToken'],
    ['minio-client-grants', 'has expired', { azp: CLIENT, ...expired() }, 'ExpiredTokenException'],
  ])('is refused (%s) when its token %s', async (journey, _what, claims, error) => {
    expect(await run(journey, claims)).toEqual({ error })
  })
})
