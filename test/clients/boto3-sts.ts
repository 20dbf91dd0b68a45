import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ADMINISTRATOR, startWorld, type World } from './world.ts'

const script = fileURLToPath(new URL('python/boto3_sts.py', import.meta.url))
const ADMINISTRATOR_ARN = 'arn:aws:iam::000000000000:user/administrator'

/** What programs with boto3 do with sessions made of long-term keys; `python` is the interpreter that has it. */
export function boto3StsJourneys(python: string): void {
  let world: World
  beforeEach(async () => {
    world = await startWorld()
  })
  afterEach(() => world.end())

  const boto = async (journey: string) => {
    const { code, stdout, stderr } = await world.run(python, [script, journey], ADMINISTRATOR)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }

  it('takes three roles, one by the other, no hop longer than an hour and none past a role', async () => {
    expect(await boto('chain')).toEqual({
      arn: 'arn:aws:sts::000000000000:assumed-role/third/hop',
      hours: [12, 1],
      s3: 'ok',
      's3 of the second': 'AccessDenied',
      longer: 'ValidationError',
      'past one': 'AccessDenied',
    })
  })

  it('revokes the middle of a chain, and what came of it ends while all else goes on', async () => {
    expect(await boto('revoked')).toEqual({
      by_stranger: 'AccessDenied',
      before: 'ok',
      answer: 'ok',
      who: ['ok', 'InvalidClientTokenId', 'InvalidClientTokenId', 'ok', 'ok', 'ok'],
      s3: 'InvalidToken',
      itself: 'ok',
      after: 'InvalidClientTokenId',
    })
  })

  it('gives a guest what the session policy says and nothing besides', async () => {
    expect(await boto('federation')).toEqual({
      user: {
        FederatedUserId: '000000000000:guest',
        Arn: 'arn:aws:sts::000000000000:federated-user/guest',
      },
      hours: 12,
      arn: 'arn:aws:sts::000000000000:federated-user/guest',
      list: 'ok',
      make: 'AccessDenied',
      // As AWS has it: to IAM these credentials are none.
      iam: 'InvalidClientTokenId',
      assume: 'AccessDenied',
      again: 'AccessDenied',
      'without a policy': 'AccessDenied',
    })
  })

  it('makes a token for a Kubernetes cluster, good for that cluster alone', async () => {
    const { token } = await boto('eks_token')
    const url = Buffer.from(token.replace('k8s-aws-v1.', ''), 'base64url').toString()
    expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe('host;x-k8s-aws-id')
    const ask = (cluster?: string) =>
      fetch(url, { headers: { accept: 'application/json', ...(cluster && { 'x-k8s-aws-id': cluster }) } })
    const answer = await ask('cluster')
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(await answer.json()).toMatchObject({
      GetCallerIdentityResponse: { GetCallerIdentityResult: { Account: '000000000000', Arn: ADMINISTRATOR_ARN } },
    })
    expect((await ask('other')).status).toBe(403)
    expect((await ask()).ok).toBe(false)
    expect((await fetch(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'))).ok).toBe(false)
  })

  it('logs in to Vault by a form that Vault sends on, and that holds for that server alone', async () => {
    const { url, body, headers } = await boto('vault_login')
    const send = (more: Record<string, string> = {}, form = body) => {
      // Vault's HTTP client counts the bytes itself.
      const { 'Content-Length': _length, ...signed } = headers
      return fetch(url, { method: 'POST', body: form, headers: { ...signed, accept: 'application/json', ...more } })
    }
    const answer = await send()
    expect(await answer.json()).toMatchObject({
      GetCallerIdentityResponse: { GetCallerIdentityResult: { Arn: ADMINISTRATOR_ARN } },
    })
    expect((await send({ 'X-Vault-AWS-IAM-Server-ID': 'other.example.com' })).status).toBe(403)
    const other = await send({}, body.replace('GetCallerIdentity', 'GetSessionToken'))
    expect(other.status).toBe(403)
  })

  it('reads lists of users, roles and policies page by page', async () => {
    const listed = [['listed-0', 'listed-1'], ['listed-2', 'listed-3'], ['listed-4']]
    expect(await boto('pages')).toEqual({ list_users: listed, list_roles: listed, list_policies: listed })
  })
}
