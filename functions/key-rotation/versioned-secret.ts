import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'

/** One secret with its versions, as rotation sees it. A version is named by the token of the rotation that makes it. */
export interface VersionedSecret {
  /** The staging labels of every version that has one. */
  stages(): Promise<Readonly<Record<string, readonly string[]>>>
  /** The value that is in force; `undefined` before the first deploy has filled it. */
  current(): Promise<string | undefined>
  /** The value of a version that waits; `undefined` when it has none yet. */
  pending(version: string): Promise<string | undefined>
  putPending(version: string, value: string): Promise<void>
  /** Puts the version in force, in the place of the other. */
  promote(version: string, inPlaceOf: string): Promise<void>
}

/** A secret in Secrets Manager. https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html */
export function versionedSecret(client: SecretsManagerClient, arn: string): VersionedSecret {
  const SecretId = arn
  const read = async (which: { VersionStage: string; VersionId?: string }) => {
    try {
      return (await client.send(new GetSecretValueCommand({ SecretId, ...which }))).SecretString || undefined
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined
      throw error
    }
  }
  return {
    stages: async () => (await client.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages ?? {},
    current: () => read({ VersionStage: 'AWSCURRENT' }),
    pending: (VersionId) => read({ VersionStage: 'AWSPENDING', VersionId }),
    async putPending(version, value) {
      const waiting = { ClientRequestToken: version, VersionStages: ['AWSPENDING'] }
      await client.send(new PutSecretValueCommand({ SecretId, SecretString: value, ...waiting }))
    },
    async promote(version, inPlaceOf) {
      const move = { VersionStage: 'AWSCURRENT', MoveToVersionId: version, RemoveFromVersionId: inPlaceOf }
      await client.send(new UpdateSecretVersionStageCommand({ SecretId, ...move }))
    },
  }
}
