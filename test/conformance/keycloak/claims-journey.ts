import assert from 'node:assert/strict'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { s3Client, whoAmI } from '../../infra/local/clients.ts'
import type { CountingProxy } from '../shared/counting-proxy.ts'
import type { Secrets } from '../shared/secrets.ts'
import { flawsOf, stsOf } from '../shared/sts.ts'
import { type Admin, adminOf } from './admin.ts'
import { tokensOf } from './tokens.ts'
import { ACCOUNT, ROOT } from './trust.ts'

interface World {
  /** Configured by MinIO's variables, through the proxy. */
  readonly endpoint: string
  readonly issuer: string
  readonly proxy: CountingProxy
  readonly secrets: Secrets
}

/** The client whose users' policy only UserInfo tells. */
const THIN = 'thin'

/** MinIO's variables: a source for each client, all of one realm. */
export function minioVariables(configUrl: string): Readonly<Record<string, string>> {
  const source = (suffix: string, clientId: string, more: Readonly<Record<string, string>> = {}) =>
    Object.entries({ CONFIG_URL: configUrl, CLIENT_ID: clientId, ...more }).map(([name, value]) => [
      `MINIO_IDENTITY_OPENID_${name}${suffix}`,
      value,
    ])
  return Object.fromEntries([
    ...source('', 'minio'),
    ...source('_SERVICE', 'service'),
    ...source('_THIN', THIN, { CLAIM_USERINFO: 'on' }),
  ])
}

/** An account whose policies and groups the realm's claims name. */
export function namedAccount() {
  const s3 = (Resource: readonly string[]) => ({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:*', Resource },
  })
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
  const home = s3(['arn:aws:s3:::home/${jwt:preferred_username}/*'])
  const projectb = s3(['arn:aws:s3:::project-b', 'arn:aws:s3:::project-b/*'])
  return {
    accounts: [
      {
        id: ACCOUNT,
        rootAccessKey: ROOT,
        policies: [{ PolicyName: 'home', PolicyDocument: home }],
        groups: [{ GroupName: 'projectb', policies: { bucket: projectb } }],
      },
    ],
  }
}

const webIdentity = (WebIdentityToken: string) => ({ Action: 'AssumeRoleWithWebIdentity', WebIdentityToken })
const clientGrants = (Token: string) => ({ Action: 'AssumeRoleWithClientGrants', Token })
const put = (s3: S3Client, Bucket: string, Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
const denied = { name: 'AccessDenied' }

/** Rights without a role, as MinIO gives them; each step is told when it is done, and a wrong one throws. */
export async function* claimsJourney({ endpoint, issuer, proxy, secrets }: World): AsyncGenerator<string> {
  const [sts, tokens, admin] = [stsOf(endpoint, secrets), tokensOf(issuer, secrets), adminOf(issuer)]
  const root = s3Client(endpoint, ROOT)
  for (const Bucket of ['home', 'project-b']) await root.send(new CreateBucketCommand({ Bucket }))
  await put(root, 'home', 'readme')

  const alice = await tokens.ofUser('minio', 'alice')
  for (const [what, params] of [
    ['id_token', webIdentity(alice.idToken)],
    ['access token', webIdentity(alice.accessToken)],
    ['access token by client grants', clientGrants(alice.accessToken)],
  ] as const) {
    const { key } = await sts.granted(params)
    assert.match(
      await whoAmI(endpoint, key),
      new RegExp(`^arn:aws:sts::${ACCOUNT}:federated-user/oidc/default/[0-9a-f-]{36}$`),
    )
    await put(s3Client(endpoint, key), 'home', 'anything')
    yield `the policy claim (a list) of alice’s ${what} gives readwrite`
  }
  for (const [flaw, flawed] of flawsOf(alice.idToken)) {
    await sts.refused(webIdentity(flawed), 'InvalidIdentityToken')
    await sts.refused(clientGrants(flawed), 'InvalidIdentityToken')
    yield `refused: her token with ${flaw}`
  }
  await sts.refused(webIdentity((await tokens.ofUser('app', 'alice')).idToken), 'InvalidIdentityToken')
  yield 'refused: her token of a client that no source is for'

  const { accessToken } = await tokens.ofService('service')
  const service = await sts.granted(clientGrants(accessToken))
  assert.match(await whoAmI(endpoint, service.key), /:federated-user\/oidc\/service\//)
  await s3Client(endpoint, service.key).send(new GetObjectCommand({ Bucket: 'home', Key: 'readme' }))
  await assert.rejects(put(s3Client(endpoint, service.key), 'home', 'more'), denied)
  yield 'a service’s own token reads by its policy readonly, and may not write'

  yield* users({ endpoint, issuer, secrets, admin })
  yield* userInfo({ endpoint, issuer, proxy, secrets, admin })
}

async function* users(world: Omit<World, 'proxy'> & { admin: Admin }): AsyncGenerator<string> {
  const { endpoint, issuer, secrets, admin } = world
  const [sts, tokens] = [stsOf(endpoint, secrets), tokensOf(issuer, secrets)]
  const bob = async () => webIdentity((await tokens.ofUser('minio', 'bob')).idToken)
  await sts.refused(await bob(), 'AccessDenied')
  yield 'refused: bob, for whom no policy and no group is named'

  await admin.joinGroup('bob', 'projectb')
  const inGroup = s3Client(endpoint, (await sts.granted(await bob())).key)
  await put(inGroup, 'project-b', 'plan')
  await assert.rejects(put(inGroup, 'home', 'bob/plan'), denied)
  yield 'bob, in a group now, works in his group’s bucket and nowhere else'

  await admin.setPolicy('bob', ['home', 'a-policy-that-is-not-there'])
  const atHome = s3Client(endpoint, (await sts.granted(await bob())).key)
  await put(atHome, 'home', 'bob/plan')
  await assert.rejects(put(atHome, 'home', 'alice/plan'), denied)
  await assert.rejects(put(inGroup, 'home', 'bob/plan'), denied)
  yield 'a policy with jwt:preferred_username gives bob his own folder; what is not there is skipped'
}

async function* userInfo({
  endpoint,
  issuer,
  proxy,
  secrets,
  admin,
}: World & { admin: Admin }): AsyncGenerator<string> {
  const [sts, tokens] = [stsOf(endpoint, secrets), tokensOf(issuer, secrets)]
  await admin.addClientWithUserInfoOnly(THIN)
  const [alice, bob] = [await tokens.ofUser(THIN, 'alice'), await tokens.ofUser(THIN, 'bob')]
  const asked = () => proxy.asked('/userinfo')
  const WebIdentityAccessToken = alice.accessToken
  const { key } = await sts.granted({ ...webIdentity(alice.idToken), WebIdentityAccessToken })
  await put(s3Client(endpoint, key), 'home', 'by-userinfo')
  assert.equal(asked(), 1)
  await sts.granted(clientGrants(alice.accessToken))
  assert.equal(asked(), 2)
  yield 'where tokens name no policy, UserInfo does, for both actions'
  await sts.refused(webIdentity(alice.idToken), 'ValidationError')
  assert.equal(asked(), 2)
  yield 'refused: the same token without an access token'
  await sts.refused({ ...webIdentity(bob.idToken), WebIdentityAccessToken }, 'InvalidIdentityToken')
  yield 'refused: bob’s token with alice’s access token'
  await sts.refused({ ...webIdentity(alice.idToken), WebIdentityAccessToken: 'nobody' }, 'InvalidIdentityToken')
  yield 'refused: an access token that UserInfo does not know'
}
