import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { type FakeIssuer, startFakeIssuer } from '../support/fake-issuer.ts'
import { earlierBoto3 } from '../support/python-clients.ts'
import { type Keys, type Programs, startPrograms, user } from './world.ts'

const script = fileURLToPath(new URL('python/ceph_programs.py', import.meta.url))
const TESTER: Keys = { AWS_ACCESS_KEY_ID: 'TESTER', AWS_SECRET_ACCESS_KEY: 'test123' }
const TESTER1: Keys = { AWS_ACCESS_KEY_ID: 'TESTER1', AWS_SECRET_ACCESS_KEY: 'test1234' }
const KEYS = {
  TESTER_ACCESS_KEY: TESTER.AWS_ACCESS_KEY_ID,
  TESTER_SECRET_KEY: TESTER.AWS_SECRET_ACCESS_KEY,
  TESTER1_ACCESS_KEY: TESTER1.AWS_ACCESS_KEY_ID,
  TESTER1_SECRET_KEY: TESTER1.AWS_SECRET_ACCESS_KEY,
}

/** The policy that Ceph's STS Lite gives to a user: S3 by sessions only. */
const SESSIONS_ONLY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Action: 's3:*',
      Resource: ['*'],
      Condition: { BoolIfExists: { 'sts:authentication': 'false' } },
    },
    {
      Effect: 'Allow',
      Action: 'sts:GetSessionToken',
      Resource: '*',
      Condition: { BoolIfExists: { 'sts:authentication': 'false' } },
    },
  ],
}

/** The documented programs of Ceph's administrators, unchanged; `python` is the interpreter that has boto3. */
export function cephJourneys(python: string): void {
  let world: Programs
  let issuer: FakeIssuer | undefined
  afterEach(async () => {
    await world.end()
    await issuer?.close()
    issuer = undefined
  })

  /** An account without an id, as Ceph has it; `users` are what radosgw-admin would have made. */
  const start = async (...users: readonly object[]) => {
    world = await startPrograms({ id: '', users }, { DAYPASS_ACCOUNT_ID: '' })
  }
  const roleAdministrator = (name = 'TESTER') => user(name, TESTER, ['arn:aws:iam::aws:policy/IAMFullAccess'])
  const program = async (name: string, env: Readonly<Record<string, string>> = {}) => {
    const settings = { ...KEYS, S3_REGION: 'default', ...env }
    const { code, stdout, stderr } = await world.run(python, [script, name], settings)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }

  /** Ceph's programs as they are written run with a boto3 of their time only. */
  const asWritten = async () => ({ PYTHONPATH: await earlierBoto3(python), S3_REGION: '' })
  const releases = [
    ['the boto3 of its time', asWritten],
    ["today's boto3", async () => ({})],
  ] as const

  it.each(releases)(
    'makes a role by %s that another user takes, whose session makes and lists buckets',
    async (_release, env) => {
      await start(roleAdministrator(), user('TESTER1', TESTER1))
      expect(await program('assume_role', await env())).toEqual({
        role: 'arn:aws:iam:::role/S3Access',
        session: 'arn:aws:sts:::assumed-role/S3Access/Bob',
        buckets: ['my-bucket'],
      })
    },
  )

  it.each([
    ['the role does not trust', { WHO: 'TESTER' }, 'AssumeRole', 'AccessDenied'],
    ['has another secret', { TESTER1_SECRET_KEY: 'test12345' }, 'AssumeRole', 'SignatureDoesNotMatch'],
    ['nobody knows', { TESTER1_ACCESS_KEY: 'TESTER2' }, 'AssumeRole', 'InvalidClientTokenId'],
    [
      'may not make roles',
      { TESTER_ACCESS_KEY: KEYS.TESTER1_ACCESS_KEY, TESTER_SECRET_KEY: KEYS.TESTER1_SECRET_KEY },
      'CreateRole',
      'AccessDenied',
    ],
  ])('refuses a user whom %s', async (_who, env, by, error) => {
    await start(roleAdministrator(), user('TESTER1', TESTER1))
    expect(await program('assume_role', env)).toEqual({ error, by })
  })

  const token = async (claims: Readonly<Record<string, unknown>>) => {
    issuer = await startFakeIssuer({ path: '/auth/realms/demo' })
    return { ISSUER: issuer.url, TOKEN: issuer.sign({ aud: 'customer-portal', ...claims }) }
  }

  it.each(releases)(
    'registers a plain-http issuer with a path by %s and gives its token a session',
    async (_release, env) => {
      await start(roleAdministrator(), user('TESTER1', TESTER1))
      const issued = await token({ aud: ['account', 'customer-portal'] })
      expect(await program('assume_role_with_web_identity', { ...issued, ...(await env()) })).toEqual({
        provider: `arn:aws:iam:::oidc-provider/${issued.ISSUER.replace('http://', '')}`,
        role: 'arn:aws:iam:::role/S3Access',
        session: 'arn:aws:sts:::assumed-role/S3Access/Bob',
        buckets: ['my-bucket'],
      })
    },
  )

  it.each([
    ['is for another application', { aud: 'other' }, 'InvalidIdentityToken'],
    ['has expired', { exp: 1_600_000_000 }, 'ExpiredTokenException'],
    [
      'comes from a realm that is not registered',
      { iss: 'http://127.0.0.1:1/auth/realms/other' },
      'InvalidIdentityToken',
    ],
    // It is a registered client's, but the role asks for an audience.
    ['names the application in azp alone', { aud: 'other', azp: 'customer-portal' }, 'AccessDenied'],
  ])('refuses a token that %s', async (_flaw, claims, error) => {
    await start(roleAdministrator(), user('TESTER1', TESTER1))
    expect(await program('assume_role_with_web_identity', await token(claims))).toEqual({
      error,
      by: 'AssumeRoleWithWebIdentity',
    })
  })

  it('tells a user and the session of a role under a path who they are', async () => {
    await start(roleAdministrator('tester'))
    expect(await program('get_caller_identity')).toEqual({
      identity: ['', 'arn:aws:sts:::assumed-role/S3Access/Bob'],
      own: ['', 'arn:aws:iam:::user/tester'],
    })
  })

  it('refuses the same by a key of another user', async () => {
    await start(user('tester', { ...TESTER, AWS_ACCESS_KEY_ID: 'TESTER3' }))
    expect(await program('get_caller_identity')).toEqual({ error: 'InvalidClientTokenId', by: 'CreateRole' })
  })

  it.each(releases)('gives a user of %s who may use S3 by sessions only a session that may', async (_release, env) => {
    const full = user('TESTER1', TESTER1, ['arn:aws:iam::aws:policy/AmazonS3FullAccess'])
    await start({ ...full, policies: { SessionsOnly: SESSIONS_ONLY } })
    expect(await program('get_session_token', await env())).toEqual({ by_key: 'AccessDenied', buckets: ['my-bucket'] })
  })
}
