import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { openBrowser } from './login/browser.ts'
import { listenForCallback } from './login/callback.ts'
import { discover, type Login, loginUrl, newAttempt, redeem } from './login/provider.ts'
import { port, readArguments, required, url } from './shared/arguments.ts'
import { type Credentials, exchange } from './shared/exchange.ts'
import { ProgramError, runProgram } from './shared/program.ts'

const USAGE = `A user logs in at an OpenID provider and sees credentials and the buckets that they open (AssumeRoleWithWebIdentity).

  npm run sample:web-identity -- --config-endpoint URL --client-id ID [options]

  --config-endpoint URL   the provider's discovery document: https://…/.well-known/openid-configuration
  --client-id ID          this program's client there; its redirect URI is http://127.0.0.1:8888/oauth2/callback
  --client-secret SECRET  the client's secret, if it has one; or set CLIENT_SECRET
  --scopes "A B"          what to ask the provider for; default: openid
  --port PORT             where the browser comes back to; default: 8888
  --endpoint URL          the STS and S3 endpoint; default: http://127.0.0.1:9500
  --role-arn ARN          the role to take; default: the rights that the token itself names
  --no-open               only print the link, and open no browser`

/** Prints `{"buckets": […], "credentials": {…}}` once somebody has logged in, and shows the same in the browser. */
async function main(): Promise<void> {
  const given = readArguments(process.argv.slice(2), {
    'config-endpoint': { type: 'string' },
    'client-id': { type: 'string' },
    'client-secret': { type: 'string' },
    scopes: { type: 'string', default: 'openid' },
    port: { type: 'string', default: '8888' },
    endpoint: { type: 'string', default: 'http://127.0.0.1:9500' },
    'role-arn': { type: 'string' },
    'no-open': { type: 'boolean', default: false },
  })
  const configEndpoint = url('config-endpoint', given['config-endpoint'])
  const secret = given['client-secret'] ?? process.env.CLIENT_SECRET
  const client = { id: required('client-id', given['client-id']), ...(secret ? { secret } : {}) }
  const endpoint = url('endpoint', given.endpoint)
  const listenAt = port('port', given.port)

  const provider = await discover(configEndpoint)
  const callback = await listenForCallback(listenAt)
  try {
    const attempt = newAttempt(callback.redirectUri)
    const login = loginUrl(provider, client, given.scopes, attempt)
    console.error(`Log in here:\n\n  ${login}\n`)
    if (!given['no-open']) openBrowser(login)
    await callback.waitFor(attempt.state, provider.issuer, async (code) => {
      const credentials = await exchangeLogin(
        endpoint,
        await redeem(provider, client, attempt, code),
        given['role-arn'],
      )
      const result = JSON.stringify({ buckets: await listBuckets(endpoint, credentials), credentials }, undefined, 2)
      console.log(result)
      return { sentence: 'These credentials open these buckets. You can close this page.', result }
    })
  } finally {
    await callback.close()
  }
}

function exchangeLogin(endpoint: URL, { idToken, claims }: Login, roleArn: string | undefined): Promise<Credentials> {
  return exchange(endpoint, {
    Action: 'AssumeRoleWithWebIdentity',
    WebIdentityToken: idToken,
    ...(roleArn === undefined ? {} : { RoleArn: roleArn, RoleSessionName: sessionName(claims.sub ?? '') }),
  })
}

/** A session name has 2 to 64 characters of `[\w+=,.@-]`. */
const sessionName = (subject: string) => `user-${subject.replace(/[^\w+=,.@-]/g, '-')}`.slice(0, 64)

async function listBuckets(endpoint: URL, credentials: Credentials): Promise<readonly string[]> {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = credentials
  const s3 = new S3Client({
    endpoint: endpoint.href,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  })
  try {
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}))
    return Buckets.map(({ Name = '' }) => Name)
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    if (cause.name !== 'AccessDenied')
      throw new ProgramError(`The buckets cannot be listed: ${cause.message}`, { cause })
    console.error('The credentials open no bucket that they may list.')
    return []
  } finally {
    s3.destroy()
  }
}

await runProgram(USAGE, main)
