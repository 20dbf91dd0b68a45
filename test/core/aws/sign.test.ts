import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { type RequestToSign, requestSigner } from '@daypass/core/aws/sign.ts'
import { expect, it } from 'vitest'

const NOW = Date.parse('2026-03-04T05:06:07Z')
const REGION = 'eu-west-1'
const LONG_TERM = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example-secret' }
const OF_A_ROLE = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'example-secret', sessionToken: 'example/token+==' }
const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:daypass-iam'

interface SdkRequest {
  readonly method: string
  readonly hostname: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string | Uint8Array
}

/** What the SDK would send, signed by itself. */
async function signedBySdk(credentials: typeof LONG_TERM, service: 'lambda' | 'secretsmanager'): Promise<SdkRequest> {
  const sent: SdkRequest[] = []
  const handle = async (request: unknown) => {
    sent.push(request as SdkRequest)
    throw new Error('kept')
  }
  const settings = { region: REGION, credentials, requestHandler: { handle } as never, maxAttempts: 1 }
  const call =
    service === 'lambda'
      ? new LambdaClient(settings).send(new InvokeCommand({ FunctionName: ARN, Payload: '{"a":"ä"}' }))
      : new SecretsManagerClient(settings).send(new GetSecretValueCommand({ SecretId: 'arn:ä' }))
  await expect(call).rejects.toThrow('kept')
  const [request] = sent
  if (!request) throw new Error('nothing was sent')
  return request
}

const timeOf = (basic: string) => Date.parse(basic.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))

it.each([
  ['the key of a user, to Secrets Manager', LONG_TERM, 'secretsmanager'],
  ['the key of a role, to Secrets Manager', OF_A_ROLE, 'secretsmanager'],
  ['the key of a role, to Lambda, whose path holds an ARN', OF_A_ROLE, 'lambda'],
] as const)('signs as the SDK does with %s', async (_what, credentials, service) => {
  const { method, hostname, path, headers, body } = await signedBySdk(credentials, service)
  const { authorization = '', 'x-amz-date': date = '' } = headers
  const names = /SignedHeaders=([^,]*)/.exec(authorization)?.[1]?.split(';') ?? []
  const signed = Object.fromEntries(names.map((name) => [name, headers[name] ?? '']))
  const request = {
    method,
    url: new URL(`https://${hostname}${path}`),
    headers: signed,
    body: Buffer.from(body).toString('utf8'),
  }
  expect(requestSigner(service, REGION)(request, credentials, timeOf(date)).authorization).toBe(authorization)
})

const REQUEST: RequestToSign = {
  method: 'POST',
  url: new URL('https://dynamodb.eu-west-1.amazonaws.com/'),
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.GetItem' },
  body: '{}',
}

it('names every header that is sent as signed, the host and the session token among them', () => {
  const { authorization, ...sent } = requestSigner('dynamodb', REGION)(REQUEST, OF_A_ROLE, NOW)
  expect(sent).toEqual({
    ...REQUEST.headers,
    host: 'dynamodb.eu-west-1.amazonaws.com',
    'x-amz-date': '20260304T050607Z',
    'x-amz-security-token': OF_A_ROLE.sessionToken,
  })
  expect(authorization).toContain(`SignedHeaders=${Object.keys(sent).sort().join(';')},`)
})

it('signs with the day’s key and the secret of the moment, whatever it signed with before', () => {
  const kept = requestSigner('dynamodb', REGION)
  const [other, later] = [{ ...LONG_TERM, secretAccessKey: 'another' }, NOW + 86_400_000]
  for (const [credentials, now] of [
    [LONG_TERM, NOW],
    [other, NOW],
    [LONG_TERM, later],
    [LONG_TERM, NOW],
  ] as const) {
    const fresh = requestSigner('dynamodb', REGION)(REQUEST, credentials, now)
    expect(kept(REQUEST, credentials, now)).toEqual(fresh)
  }
})
