import { type AwsClient, type AwsConfig, awsClient } from './client.ts'
import { repeated } from './repeat.ts'

/** Reads the value of a secret by its ARN. Rejects when there is none, or when it cannot be read. */
export type ReadSecret = (secretArn: string, options?: { readonly signal?: AbortSignal }) => Promise<string>

/** Secrets Manager's GetSecretValue. */
export function secretReader(config: AwsConfig = {}): ReadSecret {
  let client: AwsClient | undefined
  return async (secretArn, { signal } = {}) => {
    client ??= awsClient('secretsmanager', config)
    const { post } = client
    const call = { headers: HEADERS, body: JSON.stringify({ SecretId: secretArn }), signal }
    const { body } = await repeated(() => post(call))
    const { SecretString } = JSON.parse(body.toString('utf8')) as { readonly SecretString?: unknown }
    if (typeof SecretString !== 'string') throw new Error('The secret has no text')
    return SecretString
  }
}

const HEADERS = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.GetSecretValue' }
