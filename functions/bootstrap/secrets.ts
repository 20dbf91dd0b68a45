import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'

/** Secrets by ARN, as the deployment makes them: there, but without a value at first. */
export interface Secrets {
  /** `undefined` when the secret never had a value. Rejects for every other reason that it cannot be read. */
  find(arn: string): Promise<string | undefined>
  /** Gives the secret its first value. Rejects when it has had one, so that two deploys at once cannot both make one. */
  fill(arn: string, value: string): Promise<void>
  replace(arn: string, value: string): Promise<void>
}

/** The id of every secret's first version; Secrets Manager refuses a second version of the same id with another content. */
const FIRST_VERSION = '00000000-0000-4000-8000-000000000001'

/** Secrets over Secrets Manager. */
export function secretsManager(client: SecretsManagerClient): Secrets {
  const put = async (arn: string, value: string, version?: string) => {
    const token = version ? { ClientRequestToken: version } : {}
    await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: value, ...token }))
  }
  return {
    async find(arn) {
      try {
        const { SecretString: value } = await client.send(new GetSecretValueCommand({ SecretId: arn }))
        return value || undefined
      } catch (error) {
        // A secret without a value; one that does not exist at all is refused when it is filled.
        if (error instanceof ResourceNotFoundException) return undefined
        throw error
      }
    },
    fill: (arn, value) => put(arn, value, FIRST_VERSION),
    replace: (arn, value) => put(arn, value),
  }
}

/** The secret's value, made and kept now if it never had one. */
export async function ensureSecret(
  secrets: Secrets,
  arn: string,
  make: () => string | Promise<string>,
): Promise<string> {
  const known = await secrets.find(arn)
  if (known !== undefined) return known
  const made = await make()
  await secrets.fill(arn, made)
  return made
}
