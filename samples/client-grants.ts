import { readArguments, required, url } from './shared/arguments.ts'
import { exchange } from './shared/exchange.ts'
import { basic, fetchJson, oauthError, text } from './shared/http.ts'
import { ProgramError, runProgram } from './shared/program.ts'

const USAGE = `A service gets credentials with its own OAuth client credentials (AssumeRoleWithClientGrants).

  npm run sample:client-grants -- --client-id ID --client-secret SECRET --token-url URL [options]

  --client-id ID          the service's client at the identity provider
  --client-secret SECRET  its secret; or set CLIENT_SECRET, which other users of the machine cannot see
  --token-url URL         the provider's token endpoint
  --scopes "A B"          what to ask the provider for; default: nothing
  --endpoint URL          the STS endpoint; default: http://127.0.0.1:9500
  --role-arn ARN          the role to take; default: the rights that the token itself names
  --duration SECONDS      how long the credentials are to last`

/** Prints credentials as one JSON object. The access token is shown to the STS endpoint and to nobody else. */
async function main(): Promise<void> {
  const given = readArguments(process.argv.slice(2), {
    'client-id': { type: 'string' },
    'client-secret': { type: 'string', default: process.env.CLIENT_SECRET ?? '' },
    'token-url': { type: 'string' },
    scopes: { type: 'string' },
    endpoint: { type: 'string', default: 'http://127.0.0.1:9500' },
    'role-arn': { type: 'string' },
    duration: { type: 'string' },
  })
  const clientId = required('client-id', given['client-id'])
  const clientSecret = required('client-secret', given['client-secret'])
  const tokenUrl = url('token-url', given['token-url'])
  const endpoint = url('endpoint', given.endpoint)
  const { scopes, 'role-arn': roleArn, duration } = given

  const made = await exchange(endpoint, {
    Action: 'AssumeRoleWithClientGrants',
    Token: await fetchAccessToken(tokenUrl, clientId, clientSecret, scopes),
    ...(roleArn === undefined ? {} : { RoleArn: roleArn, RoleSessionName: sessionName(clientId) }),
    ...(duration === undefined ? {} : { DurationSeconds: duration }),
  })
  const {
    AccessKeyId: accessKey,
    SecretAccessKey: secretKey,
    SessionToken: sessionToken,
    Expiration: expiration,
  } = made
  console.log(JSON.stringify({ accessKey, secretKey, expiration, sessionToken }, undefined, 2))
}

/** The client credentials grant (RFC 6749 section 4.4). */
async function fetchAccessToken(tokenUrl: URL, id: string, secret: string, scopes?: string): Promise<string> {
  const { ok, status, document } = await fetchJson('The token endpoint', tokenUrl, {
    method: 'POST',
    headers: { accept: 'application/json', authorization: basic(id, secret) },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scopes === undefined ? {} : { scope: scopes }),
    }),
  })
  if (!ok) throw new ProgramError(`The token endpoint refused the client (${status}): ${oauthError(document)}.`)
  return text('The token endpoint', document, 'access_token')
}

/** A session name has 2 to 64 characters of `[\w+=,.@-]`. */
const sessionName = (clientId: string) => `client-${clientId.replace(/[^\w+=,.@-]/g, '-')}`.slice(0, 64)

await runProgram(USAGE, main)
