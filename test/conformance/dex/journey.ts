import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { s3Client, whoAmI } from '../../infra/local/clients.ts'
import { SmallBrowser } from '../../samples/browser.ts'
import { runSample } from '../../samples/programs.ts'
import type { Secrets } from '../shared/secrets.ts'
import { flawsOf, stsOf } from '../shared/sts.ts'
import { CLIENT_SECRET, type Dex, PASSWORD, passwordGrant } from './dex.ts'
import { ACCOUNT, ROOT, roleArn } from './trust.ts'

interface World {
  /** Trusts `main` and `brief` for a role each. */
  readonly endpoint: string
  /** Trusts `main` by MinIO's variables: the client `app` by a role policy, `minio` by a claim. */
  readonly withoutRoles: string
  readonly main: Dex
  /** Its tokens last for a few seconds. */
  readonly brief: Dex
  /** Not registered. */
  readonly stranger: Dex
  readonly callbackPort: number
  readonly secrets: Secrets
}

/** Forged keys are asked for this often. */
const FORGERIES = 20

/** Each step is told when it is done; one that does not come out as it must throws. */
export async function* journey(world: World): AsyncGenerator<string> {
  const { endpoint, main, secrets } = world
  for (const secret of [PASSWORD, CLIENT_SECRET, ROOT.SecretAccessKey]) secrets.keep(secret)
  await s3Client(endpoint, ROOT).send(new CreateBucketCommand({ Bucket: 'mail' }))
  yield* logins(world)
  yield* exchanges(world)
  yield* refusals(world)
  yield* withoutRoles(world)

  const token = await passwordGrant(main.issuer, 'app')
  await main.stop()
  await stsOf(endpoint, secrets).granted(byRole(token, 'main'))
  yield 'while Dex is down its tokens stay good by the keys that are known'
}

const byRole = (WebIdentityToken: string, role: string) => ({
  Action: 'AssumeRoleWithWebIdentity',
  RoleArn: roleArn(role),
  RoleSessionName: 'dex-user',
  WebIdentityToken,
})

async function* logins(world: World): AsyncGenerator<string> {
  const { endpoint, secrets } = world
  for (const [kind, client, more] of [
    ['public', 'app', []],
    ['secret', 'minio', ['--client-secret', CLIENT_SECRET]],
  ] as const) {
    const { code, stdout, stderr, status } = await logIn(world, client, 'alice', more)
    assert.deepEqual([code, status], [0, 200], stderr)
    const { buckets, credentials } = JSON.parse(stdout)
    assert.deepEqual(buckets, ['mail'])
    assert.match(await whoAmI(endpoint, credentials), new RegExp(`:${ACCOUNT}:assumed-role/main/user-`))
    secrets.keep(credentials.SecretAccessKey)
    secrets.keep(credentials.SessionToken)
    yield `alice logs in at Dex through the ${kind} client (code, PKCE, nonce) and sees the bucket`
  }
  for (const [who, client, user, refusal] of [
    ['bob, whom the role does not trust, logs in and gets nothing', 'app', 'bob', '403 AccessDenied'],
    [
      'alice logs in for a client that is not registered and gets nothing',
      'unregistered',
      'alice',
      '400 InvalidIdentityToken',
    ],
  ] as const) {
    const { code, stdout, stderr, status } = await logIn(world, client, user, [])
    assert.deepEqual([code, stdout, status], [1, '', 400])
    assert.match(stderr, new RegExp(`AssumeRoleWithWebIdentity was refused \\(${refusal}\\)`))
    yield who
  }
}

/** Runs the sample and logs in at Dex's own page. */
async function logIn({ endpoint, main, callbackPort }: World, client: string, user: string, more: readonly string[]) {
  const run = runSample('web-identity', [
    ...['--config-endpoint', `${main.issuer}/.well-known/openid-configuration`, '--client-id', client],
    ...['--endpoint', endpoint, '--role-arn', roleArn('main'), '--scopes', 'openid email'],
    ...['--port', String(callbackPort), '--no-open', ...more],
  ])
  const [, link = ''] = await run.until(/Log in here:\s+(\S+)/)
  const browser = new SmallBrowser()
  const page = await browser.go(link)
  const { status } = await browser.submit(page, { login: `${user}@example.com`, password: PASSWORD })
  return { status, code: (await run.ended).code, ...run.output }
}

async function* exchanges({ endpoint, main, secrets }: World): AsyncGenerator<string> {
  const sts = stsOf(endpoint, secrets)
  for (const client of ['app', 'minio']) {
    const { result, key } = await sts.granted(byRole(await passwordGrant(main.issuer, client), 'main'))
    assert.deepEqual([result.Audience, result.Provider], [client, main.issuer])
    assert.equal(await whoAmI(endpoint, key), `arn:aws:sts::${ACCOUNT}:assumed-role/main/dex-user`)
  }
  yield 'id_tokens of the password grant, of a public and of a secret client, become credentials'

  const fetched = () => [main.proxy.asked('/openid-configuration'), main.proxy.asked('/keys')]
  const token = await passwordGrant(main.issuer, 'app')
  const before = fetched()
  for (let time = 0; time < FORGERIES; time++) await sts.granted(byRole(token, 'main'))
  assert.deepEqual(fetched(), before)
  yield `${FORGERIES} more exchanges fetch nothing from Dex`
}

async function* refusals({ endpoint, main, brief, stranger, secrets }: World): AsyncGenerator<string> {
  const sts = stsOf(endpoint, secrets)
  const token = await passwordGrant(main.issuer, 'app')
  for (const [what, flawed] of flawsOf(token)) {
    await sts.refused(byRole(flawed, 'main'), 'InvalidIdentityToken')
    yield `refused: alice's token with ${what}`
  }
  await sts.refused(byRole(await passwordGrant(main.issuer, 'unregistered'), 'main'), 'InvalidIdentityToken')
  yield 'refused: her token for another audience'
  await sts.refused(byRole(await passwordGrant(stranger.issuer, 'app'), 'main'), 'InvalidIdentityToken')
  assert.deepEqual([stranger.proxy.asked('/openid-configuration'), stranger.proxy.asked('/keys')], [0, 0])
  yield 'refused: her token of a Dex that is not registered, which is asked for nothing'
  await sts.refused(byRole(await passwordGrant(brief.issuer, 'app'), 'main'), 'AccessDenied')
  yield 'refused: her token of another registered Dex for the first one’s role'
  const { Action, WebIdentityToken } = byRole(token, '')
  await sts.refused({ Action, WebIdentityToken }, 'ValidationError')
  yield 'refused: her token without a role, as Dex is only registered, not configured as a source'

  const shortLived = await passwordGrant(brief.issuer, 'app')
  await sts.granted(byRole(shortLived, 'brief'))
  const { exp } = JSON.parse(Buffer.from(shortLived.split('.')[1] ?? '', 'base64url').toString())
  await delay(Math.max(0, exp * 1000 - Date.now()) + 100)
  await sts.refused(byRole(shortLived, 'brief'), 'ExpiredTokenException')
  yield 'refused: a token that was good until its end came'

  const [header = '', ...rest] = token.split('.')
  const before = main.proxy.asked('/keys')
  for (let time = 0; time < FORGERIES; time++) {
    const kid = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), kid: `forged-${time}` }
    const forged = [Buffer.from(JSON.stringify(kid)).toString('base64url'), ...rest].join('.')
    await sts.refused(byRole(forged, 'main'), 'InvalidIdentityToken')
  }
  assert.ok(main.proxy.asked('/keys') - before <= 1, `${main.proxy.asked('/keys') - before} fetches`)
  yield `refused: ${FORGERIES} tokens of keys that Dex never had, with at most one fetch in 30 seconds`
}

async function* withoutRoles({ withoutRoles: endpoint, main, secrets }: World): AsyncGenerator<string> {
  const sts = stsOf(endpoint, secrets)
  const named = async (client: string) => ({
    Action: 'AssumeRoleWithWebIdentity',
    WebIdentityToken: await passwordGrant(main.issuer, client),
  })
  const { key } = await sts.granted(await named('app'))
  assert.match(await whoAmI(endpoint, key), new RegExp(`^arn:aws:sts::${ACCOUNT}:federated-user/oidc/default/`))
  await assert.rejects(s3Client(endpoint, key).send(new CreateBucketCommand({ Bucket: 'more' })), {
    name: 'AccessDenied',
  })
  yield 'a role policy of MinIO’s variables gives all of Dex’s users what it says, and no more'
  await sts.refused(await named('minio'), 'AccessDenied')
  yield 'refused: a client of MinIO’s claim mode, as Dex sends no policy claim'
  await sts.refused(await named('unregistered'), 'InvalidIdentityToken')
  yield 'refused: a client that no source is for'
}
