import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POWERLESS_ROLE, startWorld, type World } from './world.ts'

const program = fileURLToPath(new URL('javascript/default-chain.mjs', import.meta.url))

describe('the JavaScript SDK', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.end())

  const outcome = async (env: Record<string, string> = {}) => {
    const { stdout, stderr } = await world.run(process.execPath, [program], { ...world.webIdentity, ...env })
    expect(stderr).toBe('')
    return JSON.parse(stdout)
  }

  it('finds role and token file by its default chain, and works with objects byte for byte', async () => {
    expect(await outcome()).toEqual({
      arn: 'arn:aws:sts::000000000000:assumed-role/full/pod',
      whole: true,
      inParts: true,
      buckets: ['js-bucket'],
    })
  })

  it.each([
    ['an expired token', 'ExpiredTokenException', { exp: 1_600_000_000 }],
    ['a token for another audience', 'InvalidIdentityTokenException', { aud: 'other' }],
    ['a token of another subject', 'AccessDenied', { sub: 'system:serviceaccount:default:other' }],
  ])('is told of %s: %s', async (_flaw, error, claims) => {
    expect(await outcome({ AWS_WEB_IDENTITY_TOKEN_FILE: world.tokenFile('flawed', claims) })).toEqual({ error })
  })

  it('is told AccessDenied for a role without rights', async () => {
    expect(await outcome({ AWS_ROLE_ARN: POWERLESS_ROLE })).toEqual({ error: 'AccessDenied' })
  })
})
