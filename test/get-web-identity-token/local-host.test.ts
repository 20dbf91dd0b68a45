import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  EnableOutboundWebIdentityFederationCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  GetCallerIdentityCommand,
  GetWebIdentityTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endLocalHosts, type LocalHostProcess, startLocalHost } from '../support/local-host.ts'

const ACCOUNT = '000000000000'
const ROOT = { accessKeyId: 'outbound-root', secretAccessKey: 'outbound-root-secret' }
const AUDIENCE = 'https://api.example'
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`

let host: LocalHostProcess
const client = (credentials = ROOT) => new STSClient({ endpoint: host.url, region: 'us-east-1', credentials })
beforeAll(async () => {
  const env = { DAYPASS_ROOT_ACCESS_KEY_ID: ROOT.accessKeyId, DAYPASS_ROOT_SECRET_ACCESS_KEY: ROOT.secretAccessKey }
  host = await startLocalHost({ env, bootstrap: document })
  const iam = new IAMClient({ endpoint: host.url, region: 'us-east-1', credentials: ROOT })
  const { IssuerIdentifier } = await iam.send(new EnableOutboundWebIdentityFederationCommand({}))
  expect(IssuerIdentifier).toBe(host.url)
  await trustOurselves(iam)
})
afterAll(endLocalHosts)

const mayGet = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sts:Get*', Resource: '*' } }

const document = {
  accounts: [
    {
      id: ACCOUNT,
      users: [
        {
          UserName: 'alice',
          accessKeys: [{ AccessKeyId: 'AKIAALICE', SecretAccessKey: 'alice-secret' }],
          policies: { any: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sts:*', Resource: '*' } } },
        },
      ],
      roles: [
        {
          RoleName: 'worker',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
              Action: 'sts:AssumeRole',
            },
          },
          policies: { get: mayGet },
        },
      ],
    },
  ],
}

/** Registers the host's own issuer with it, and a role that trusts the worker by it. */
async function trustOurselves(iam: IAMClient): Promise<void> {
  const issuer = host.url.replace('http://', '')
  const trust = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${issuer}:sub`]: role('worker') } },
    },
  }
  const RoleName = 'trusts-worker'
  await iam.send(new CreateOpenIDConnectProviderCommand({ Url: host.url, ClientIDList: [AUDIENCE] }))
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }))
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'get', PolicyDocument: JSON.stringify(mayGet) }))
}

async function worker() {
  const alice = { accessKeyId: 'AKIAALICE', secretAccessKey: 'alice-secret' }
  const { Credentials } = await client(alice).send(
    new AssumeRoleCommand({ RoleArn: role('worker'), RoleSessionName: 'job' }),
  )
  return session(Credentials)
}

function session(made: Credentials | undefined) {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = made ?? {}
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}

async function tokenOf(credentials: typeof ROOT, SigningAlgorithm = 'RS256'): Promise<string> {
  const command = new GetWebIdentityTokenCommand({ Audience: [AUDIENCE], SigningAlgorithm })
  return (await client(credentials).send(command)).WebIdentityToken ?? ''
}

/** As another service does it: knowing the issuer alone, it finds the keys by the discovery document. */
async function verify(token: string, audience = AUDIENCE) {
  const discovery = (await (await fetch(`${host.url}/.well-known/openid-configuration`)).json()) as {
    issuer: string
    jwks_uri: string
  }
  return jwtVerify(token, createRemoteJWKSet(new URL(discovery.jwks_uri)), { issuer: discovery.issuer, audience })
}

describe('a token that the local host has issued', () => {
  it.each(['RS256', 'ES384'])('is verified with %s by a service that knows the issuer alone', async (algorithm) => {
    const { payload, protectedHeader } = await verify(await tokenOf(await worker(), algorithm))
    expect([protectedHeader.alg, payload.sub]).toEqual([algorithm, role('worker')])
  })

  it('is refused by it when it is altered or for another', async () => {
    const token = await tokenOf(await worker())
    const [header = '', payload = '', signature = ''] = token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: role('admin') })).toString('base64url')
    await expect(verify(`${header}.${forged}.${signature}`)).rejects.toMatchObject({
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    })
    await expect(verify(token, 'https://other.example')).rejects.toMatchObject({ claim: 'aud' })
  })

  it('opens a role here only when the issuer is registered and the role trusts its subject', async () => {
    const exchange = async (WebIdentityToken: string) =>
      new STSClient({ endpoint: host.url, region: 'us-east-1' }).send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: role('trusts-worker'),
          RoleSessionName: 'back',
          WebIdentityToken,
        }),
      )
    const back = session((await exchange(await tokenOf(await worker()))).Credentials)
    const { Arn } = await client(back).send(new GetCallerIdentityCommand({}))
    expect(Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/trusts-worker/back`)
    const { payload } = await verify(await tokenOf(back))
    expect(payload['https://sts.amazonaws.com/']).toMatchObject({
      principal_id: role('trusts-worker'),
      federated_provider: `arn:aws:iam::${ACCOUNT}:oidc-provider/${host.url.replace('http://', '')}`,
    })
    await expect(exchange(await tokenOf(ROOT))).rejects.toMatchObject({ name: 'AccessDenied' })
  })
})
