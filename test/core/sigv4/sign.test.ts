import { hash } from 'node:crypto'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { canonicalPath } from '@daypass/core/sigv4/canonical.ts'
import { signHeaders } from '@daypass/core/sigv4/sign.ts'
import { expect, it } from 'vitest'

const REGION = 'eu-west-1'
const LONG_TERM = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example-secret' }
const OF_A_ROLE = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'example-secret', sessionToken: 'example/token+==' }
const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:daypass-iam'

interface SdkRequest {
  readonly method: string
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
  const { method, path, headers, body } = await signedBySdk(credentials, service)
  const { authorization = '', 'x-amz-date': date = '' } = headers
  const names = /SignedHeaders=([^,]*)/.exec(authorization)?.[1]?.split(';') ?? []
  const signed = Object.fromEntries(names.map((name) => [name, headers[name] ?? '']))
  const request = { method, path: canonicalPath(path, 'normalized'), query: [], headers: signed }
  const scope = { region: REGION, service, now: timeOf(date) }
  const payload = hash('sha256', Buffer.from(body))
  expect(signHeaders(request, payload, credentials, scope)).toEqual({ ...signed, authorization })
})
