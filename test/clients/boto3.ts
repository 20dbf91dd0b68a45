import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expired, POWERLESS_ROLE, ROLE, startWorld, type World } from './world.ts'

const script = fileURLToPath(new URL('python/boto3_journey.py', import.meta.url))

/** What a program with boto3 does at a local host; `python` is the interpreter that has it. */
export function boto3Journeys(python: string): void {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.end())

  const boto = async (journey: string, args: string[] = [], env: Record<string, string> = world.webIdentity) => {
    const { code, stdout, stderr } = await world.run(python, [script, journey, ...args], env)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }

  it.each(['us-east-1', 'eu-central-1', ''])('says who it is when it signs for the region %j', async (region) => {
    expect(await boto('identity', [region])).toEqual({ arn: 'arn:aws:sts::000000000000:assumed-role/full/pod' })
  })

  it('exchanges a token that it read with its newline', async () => {
    const file = world.webIdentity.AWS_WEB_IDENTITY_TOKEN_FILE
    expect(await boto('assume', [ROLE, file], {})).toEqual({
      credentials: ['AccessKeyId', 'Expiration', 'SecretAccessKey', 'SessionToken'],
      subject: 'system:serviceaccount:default:app',
    })
  })

  it('is told of an expired token: ExpiredTokenException', async () => {
    const file = world.tokenFile('expired', expired())
    expect(await boto('assume', [ROLE, file], {})).toEqual({ error: 'ExpiredTokenException' })
  })

  it('keeps objects under awkward keys apart and whole', async () => {
    expect(await boto('round_trip', ['boto-bucket'])).toEqual({
      whole: true,
      listed: true,
      part: [10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    })
  })

  it('moves objects in parts with checksums of each kind, copies, tags and removes them', async () => {
    const { CRC64NVME = [true, 'FULL_OBJECT', true], ...outcome } = await boto('in_parts', ['boto-parts'])
    expect({ ...outcome, CRC64NVME }).toEqual({
      CRC32: [true, 'COMPOSITE', true],
      SHA256: [true, 'COMPOSITE', true],
      CRC64NVME: [true, 'FULL_OBJECT', true],
      copy: true,
      tags: [
        ['team', 'blue'],
        ['a', 'b c'],
      ],
      deleted: true,
    })
  })

  it('is told AccessDenied for a role without rights', async () => {
    const env = { ...world.webIdentity, AWS_ROLE_ARN: POWERLESS_ROLE }
    expect(await boto('round_trip', ['boto-forbidden'], env)).toEqual({ error: 'AccessDenied' })
  })

  it('presigns an object and its own identity for anyone to fetch, and for nothing else', async () => {
    const { object, identity } = await boto('presigned', ['boto-presigned'])
    expect(await (await fetch(object)).text()).toBe('presigned content')
    expect((await fetch(object, { method: 'DELETE' })).status).toBe(403)
    expect((await fetch(object.replace('%C3%A4', 'other'))).status).toBe(403)
    expect((await fetch(object.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=604800'))).status).toBe(403)

    const answer = await fetch(identity, { headers: { accept: 'application/json' } })
    expect(await answer.json()).toMatchObject({
      GetCallerIdentityResponse: {
        GetCallerIdentityResult: { Arn: 'arn:aws:sts::000000000000:assumed-role/full/pod' },
      },
    })
    const other = identity.replace('Action=GetCallerIdentity', 'Action=GetSessionToken')
    expect((await fetch(other)).ok).toBe(false)
  })
}
