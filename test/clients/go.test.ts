import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leaveOut } from '../support/local-host.ts'
import { buildGoProgram, GO_PROGRAM as program } from './go-program.ts'
import { ADMINISTRATOR, expired, POWERLESS_ROLE, ROLE, startWorld, TRUSTING_ROLE, type World } from './world.ts'

const missing = await buildGoProgram()
if (missing !== undefined) leaveOut('the journeys of minio-go and the AWS SDK for Go', missing)

describe.skipIf(missing !== undefined)('Go clients', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.end())

  const minio = async (tokenFile: string, role = ROLE) => {
    const { stdout, stderr } = await world.run(program, ['minio', world.host.url, tokenFile, role])
    expect(stderr).toBe('')
    return JSON.parse(stdout)
  }
  const sdk = async (env: Record<string, string> = {}) => {
    // AWS_ENDPOINT_URL alone does not reach this SDK's web identity: it is read after the credentials are set up.
    const settings = { ...world.webIdentity, AWS_ENDPOINT_URL_STS: world.host.url, ...env }
    const { stdout, stderr } = await world.run(program, ['aws'], settings)
    expect(stderr).toBe('')
    return JSON.parse(stdout)
  }

  it('of MinIO exchange a token and work with an object byte for byte', async () => {
    expect(await minio(world.webIdentity.AWS_WEB_IDENTITY_TOKEN_FILE)).toEqual({
      whole: true,
      names: ['folder/käy + more'],
    })
  })

  it('of AWS find role and token file by their default chain', async () => {
    expect(await sdk()).toEqual({ arn: 'arn:aws:sts::000000000000:assumed-role/full/pod' })
  })

  it.each([
    ['an expired token', 'ExpiredTokenException', expired],
    ['a token for another audience', 'InvalidIdentityToken', () => ({ aud: 'other' })],
    ['a token of another subject', 'AccessDenied', () => ({ sub: 'system:serviceaccount:default:other' })],
  ])('are told of %s: %s', async (_flaw, code, claims) => {
    const file = world.tokenFile('flawed', claims())
    expect(await minio(file)).toEqual({ error: code })
    expect(await sdk({ AWS_WEB_IDENTITY_TOKEN_FILE: file })).toEqual({ error: code })
  })

  it('are told AccessDenied for a role without rights', async () => {
    expect(await minio(world.webIdentity.AWS_WEB_IDENTITY_TOKEN_FILE, POWERLESS_ROLE)).toEqual({
      error: 'AccessDenied',
    })
  })

  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = ADMINISTRATOR
  const assumeRole = async (...args: readonly string[]) => {
    const { stdout, stderr } = await world.run(program, ['minio-assume-role', world.host.url, ...args])
    expect(stderr).toBe('')
    return JSON.parse(stdout)
  }
  const policy = (Effect: string, Action: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::*' },
        { Effect, Action, Resource: 'arn:aws:s3:::*' },
      ],
    })
  const whole = { whole: true, names: ['folder/käy + more'] }

  it.each([
    ['no role', []],
    ['the placeholder for one that MinIO documents', ['arn:xxx:xxx:xxx:xxxx']],
    ['a policy that allows all that it does', ['', policy('Allow', 's3:ListBucket')]],
    ['a role that trusts it', [TRUSTING_ROLE]],
  ])('of MinIO take a session by a long-term key with %s', async (_which, more) => {
    expect(await assumeRole(id, secret, ...more)).toEqual(whole)
  })

  it.each([
    ['another secret', [id, `${secret.slice(0, -1)}x`], 'SignatureDoesNotMatch'],
    ['a key that nobody has', ['AKIANOBODYNOBODY7777', secret], 'InvalidClientTokenId'],
    ['a policy that denies what it does', [id, secret, '', policy('Deny', 's3:ListBucket')], 'AccessDenied'],
    ['a role that does not trust it', [id, secret, ROLE], 'AccessDenied'],
    ['a role that is not there', [id, secret, `${ROLE}-2`], 'AccessDenied'],
  ])('of MinIO are refused with %s', async (_flaw, args, error) => {
    expect(await assumeRole(...args)).toEqual({ error })
  })
})
