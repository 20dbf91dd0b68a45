import assert from 'node:assert/strict'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { exchange, s3Client, whoAmI } from '../../infra/local/clients.ts'
import { SmallBrowser } from '../../samples/browser.ts'
import { runSample, sample } from '../../samples/programs.ts'
import type { Secrets } from '../shared/secrets.ts'
import { flawsOf } from '../shared/sts.ts'
import { tokensOf } from './tokens.ts'
import { ACCOUNT, ROOT, roleArn } from './trust.ts'

interface World {
  readonly endpoint: string
  readonly issuer: string
  readonly secrets: Secrets
}

/** Each step is told when it is done; one that does not come out as it must throws. */
export async function* journey({ endpoint, issuer, secrets }: World): AsyncGenerator<string> {
  await s3Client(endpoint, ROOT).send(new CreateBucketCommand({ Bucket: 'project-a' }))
  const tokenUrl = `${issuer}/protocol/openid-connect/token`

  const service = ['--client-id', 'service', '--token-url', tokenUrl, '--endpoint', endpoint]
  const grants = (...more: string[]) => sample('client-grants', [...service, ...more])
  const granted = await grants('--client-secret', 'service-secret', '--role-arn', roleArn('service'))
  assert.equal(granted.code, 0, granted.stderr)
  const { accessKey, secretKey, sessionToken } = JSON.parse(granted.stdout)
  for (const secret of [secretKey, sessionToken]) secrets.keep(secret)
  const key = { AccessKeyId: accessKey, SecretAccessKey: secretKey, SessionToken: sessionToken }
  assert.equal(await whoAmI(endpoint, key), `arn:aws:sts::${ACCOUNT}:assumed-role/service/client-service`)
  yield 'a service exchanges the token of its client credentials'

  const wrongSecret = await grants('--client-secret', 'wrong', '--role-arn', roleArn('service'))
  assert.deepEqual([wrongSecret.code, wrongSecret.stdout], [1, ''])
  assert.match(wrongSecret.stderr, /refused the client \(401\): unauthorized_client/)
  yield 'a service with a wrong secret gets nothing'

  const foreignRole = await grants('--client-secret', 'service-secret', '--role-arn', roleArn('project'))
  assert.match(foreignRole.stderr, /AssumeRoleWithClientGrants was refused \(403 AccessDenied\)/)
  yield 'a service gets no role that trusts users alone'

  const alice = await logIn({ endpoint, issuer, secrets }, 'app', 'alice')
  assert.equal(alice.code, 0, alice.stderr)
  const { buckets, credentials } = JSON.parse(alice.stdout)
  assert.deepEqual(buckets, ['project-a'])
  for (const secret of [credentials.SecretAccessKey, credentials.SessionToken]) secrets.keep(secret)
  assert.match(await whoAmI(endpoint, credentials), /:assumed-role\/project\/user-[0-9a-f-]{36}$/)
  assert.equal(alice.page.status, 200)
  yield 'alice logs in at the login page (code, PKCE, nonce), takes the role of her group and sees its bucket'

  const bob = await logIn({ endpoint, issuer, secrets }, 'app', 'bob')
  assert.deepEqual([bob.code, bob.stdout, bob.page.status], [1, '', 400])
  assert.match(bob.stderr, /AssumeRoleWithWebIdentity was refused \(403 AccessDenied\)/)
  yield 'bob, who is not in the group, logs in and gets no role'

  const other = await logIn({ endpoint, issuer, secrets }, 'minio', 'alice', '--client-secret', 'minio-secret')
  assert.deepEqual([other.code, other.stdout], [1, ''])
  assert.match(other.stderr, /AssumeRoleWithWebIdentity was refused \(400 InvalidIdentityToken\)/)
  yield 'alice’s token for a client that is not registered is refused'

  const { idToken } = await tokensOf(issuer, secrets).ofUser('app', 'alice')
  await exchange(endpoint, idToken, 'project')
  for (const [what, token] of flawsOf(idToken)) {
    await assert.rejects(exchange(endpoint, token, 'project'), { name: 'InvalidIdentityTokenException' }, what)
  }
  yield `her token with ${flawsOf(idToken)
    .map(([what]) => what)
    .join(', ')} is refused`
}

/** Runs the sample and logs in at Keycloak's own page. */
async function logIn({ endpoint, issuer }: World, client: string, user: string, ...more: string[]) {
  const discovery = `${issuer}/.well-known/openid-configuration`
  const run = runSample('web-identity', [
    ...['--config-endpoint', discovery, '--client-id', client, '--endpoint', endpoint],
    ...['--role-arn', roleArn('project'), '--port', '0', '--no-open', ...more],
  ])
  const [, link = ''] = await run.until(/Log in here:\s+(\S+)/)
  const browser = new SmallBrowser()
  const page = await browser.submit(await browser.go(link), { username: user, password: `${user}-pw` })
  return { page, code: (await run.ended).code, ...run.output }
}
