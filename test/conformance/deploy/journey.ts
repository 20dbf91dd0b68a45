import assert from 'node:assert/strict'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { clientsOf, type Deployment, type Keys, refused, rejected, VERSION } from './clients.ts'
import { ACCOUNT, CLIENT_ID, FOREIGN_ROLE_ARN, ROLE_ARN, SUBJECT } from './trial-document.ts'

const BUCKET = 'trial-journey'
const SESSION_ARN = `arn:aws:sts::${ACCOUNT}:assumed-role/Trial/journey`

/** What a user with a token does, and what must be refused, by name; each step fails by throwing. */
export async function* journey(deployment: Deployment): AsyncGenerator<string> {
  const { issuer } = deployment
  const { root, sts, s3, send, signed } = clientsOf(deployment)
  const whoAmI = (credentials: Keys, path: string) => signed(credentials, path, { Action: 'GetCallerIdentity' })

  const token = (claims: Readonly<Record<string, unknown>> = {}) =>
    issuer.sign({ sub: SUBJECT, aud: CLIENT_ID, ...claims })
  const exchange = (changes: Record<string, string> = {}) => ({
    Action: 'AssumeRoleWithWebIdentity',
    Version: VERSION,
    RoleArn: ROLE_ARN,
    RoleSessionName: 'journey',
    WebIdentityToken: token(),
    ...changes,
  })
  const health = await send('GET', '_daypass/health')
  assert.equal(health.status, 200, health.body)
  yield 'the health page answers'

  const discovery = JSON.parse((await send('GET', '.well-known/openid-configuration')).body)
  const keySet = JSON.parse((await send('GET', '.well-known/jwks.json')).body)
  assert.ok(discovery.jwks_uri)
  assert.deepEqual(keySet.keys.map((key: { alg: string }) => key.alg).sort(), ['ES384', 'RS256'])
  assert.ok(keySet.keys.every((key: object) => !('d' in key)))
  yield 'the well-known documents answer, with public keys alone'

  const { Credentials: got } = await sts({ accessKeyId: '', secretAccessKey: '' }).send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn: ROLE_ARN, RoleSessionName: 'journey', WebIdentityToken: token() }),
  )
  assert.ok(got?.AccessKeyId && got.SecretAccessKey && got.SessionToken)
  const keys = { accessKeyId: got.AccessKeyId, secretAccessKey: got.SecretAccessKey, sessionToken: got.SessionToken }
  assert.match(keys.accessKeyId, /^ASIA[A-Z2-7]{16}$/)
  yield 'the SDK exchanges a token at the front door'

  for (const [path, how] of [
    ['', 'the front door'],
    ['AssumeRoleWithWebIdentity', "the action's own function"],
  ] as const) {
    const posted = await send('POST', path, exchange())
    assert.equal(posted.status, 200, posted.body)
    assert.match(posted.body, /<AccessKeyId>ASIA/)
    const asked = await send('GET', `${path}?${new URLSearchParams(exchange())}`)
    assert.equal(asked.status, 200, asked.body)
    yield `a form and a query exchange a token at ${how}`
  }

  const { Arn, Account } = await sts(keys).send(new GetCallerIdentityCommand({}))
  assert.deepEqual([Arn, Account], [SESSION_ARN, ACCOUNT])
  yield 'the SDK signs with the session'
  for (const path of ['', 'GetCallerIdentity']) {
    assert.match((await whoAmI(keys, path)).body, new RegExp(`<Arn>${SESSION_ARN}</Arn>`))
    assert.match((await whoAmI(root, path)).body, new RegExp(`<Arn>arn:aws:iam::${ACCOUNT}:root</Arn>`))
    yield `/${path} knows the session and the root key`
  }

  await s3(keys).send(new CreateBucketCommand({ Bucket: BUCKET }))
  const { Buckets } = await s3(keys).send(new ListBucketsCommand({}))
  assert.deepEqual(
    Buckets?.map(({ Name }) => Name),
    [BUCKET],
  )
  yield 'the session makes a bucket and sees it'

  const Body = Buffer.from('trial content'.repeat(1000))
  await s3(keys).send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a//b/../c', Body }))
  const object = await s3(keys).send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a//b/../c' }))
  assert.deepEqual(Buffer.from((await object.Body?.transformToByteArray()) ?? []), Body)
  yield 'the session writes an object and reads it again'

  const badSecret = { ...keys, secretAccessKey: 'x'.repeat(40) }
  const badToken = { ...keys, sessionToken: `${keys.sessionToken.slice(0, -4)}AAAA` }
  const noToken = { accessKeyId: keys.accessKeyId, secretAccessKey: keys.secretAccessKey }
  const unknown = { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x'.repeat(40) }
  for (const path of ['', 'GetCallerIdentity']) {
    await refused(whoAmI(badSecret, path), 403, 'SignatureDoesNotMatch')
    await refused(whoAmI(badToken, path), 403, 'InvalidClientTokenId')
    await refused(whoAmI(noToken, path), 403, 'InvalidClientTokenId')
    await refused(whoAmI(unknown, path), 403, 'InvalidClientTokenId')
    const bare = { Action: 'GetCallerIdentity', Version: VERSION }
    await refused(send('POST', path, bare), 403, 'MissingAuthenticationToken')
    yield `/${path} refuses a wrong secret, a damaged or missing token, an unknown key and no signature`
  }
  await rejected(s3(badSecret).send(new ListBucketsCommand({})), 'SignatureDoesNotMatch')
  await rejected(s3(unknown).send(new ListBucketsCommand({})), 'InvalidAccessKeyId')
  await rejected(s3(keys).send(new CreateBucketCommand({ Bucket: 'other-bucket' })), 'AccessDenied')
  yield 'S3 refuses a wrong secret, an unknown key and what the role does not allow'

  for (const path of ['', 'AssumeRoleWithWebIdentity']) {
    const ask = (changes: Record<string, string>) => send('POST', path, exchange(changes))
    const past = Math.floor(Date.now() / 1000) - 3600
    await refused(ask({ WebIdentityToken: token({ exp: past, iat: past - 60 }) }), 400, 'ExpiredTokenException')
    await refused(ask({ WebIdentityToken: token({ aud: 'another-client' }) }), 400, 'InvalidIdentityToken')
    await refused(ask({ WebIdentityToken: token({ iss: 'https://unknown.example' }) }), 400, 'InvalidIdentityToken')
    await refused(ask({ WebIdentityToken: `${token().slice(0, -8)}AAAAAAAA` }), 400, 'InvalidIdentityToken')
    await refused(ask({ WebIdentityToken: token({ sub: 'somebody-else' }) }), 403, 'AccessDenied')
    await refused(ask({ RoleArn: FOREIGN_ROLE_ARN }), 403, 'AccessDenied')
    await refused(ask({ RoleArn: `${ROLE_ARN}-missing` }), 403, 'AccessDenied')
    yield `/${path} refuses tokens that are expired, foreign or forged, and roles that do not trust them`
  }
  await refused(
    send('POST', 'AssumeRoleWithWebIdentity', exchange({ Action: 'GetCallerIdentity' })),
    400,
    'InvalidAction',
  )
  yield "an action's own path refuses another action"

  await s3(keys).send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'a//b/../c' }))
  await s3(keys).send(new DeleteBucketCommand({ Bucket: BUCKET }))
  yield 'the session clears up'
}
