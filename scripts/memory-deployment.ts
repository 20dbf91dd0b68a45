import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { jsonLog, systemClock } from '@daypass/core/deps.ts'
import { ENVIRONMENT } from '@daypass/core/environment.ts'
import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import type { Store } from '@daypass/core/store/port.ts'
import { bootstrapDeployment } from '../functions/bootstrap/action.ts'
import { secretsManager } from '../functions/bootstrap/secrets.ts'
import { startDynamoDb } from '../test/support/dynalite.ts'
import { startSecrets } from './local-secrets.ts'

const SECRET_ARNS = { sessionRing: 'session-ring', longTermRing: 'long-term-ring', rootKey: 'root-key' }

export interface MemoryDeployment {
  /** What functions are told of it, AWS's own variables included. */
  readonly environment: Readonly<Record<string, string>>
  readonly store: Store
  /** The root access key of its default account, as its secret holds it: JSON. */
  rootKey(): Promise<string>
  close(): Promise<void>
}

/** The table and the secrets that `cdk deploy` makes, with a bootstrap document applied, in this process on free loopback ports. */
export async function deployInMemory(accountId: string, bootstrapText: string): Promise<MemoryDeployment> {
  const [dynamoDb, localSecrets] = await Promise.all([startDynamoDb(), startSecrets()])
  const { endpoint: secretsEndpoint } = localSecrets
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const region = 'us-east-1'
  const store = openDynamoDbStore({
    tableName: dynamoDb.tableName,
    config: { endpoint: dynamoDb.endpoint, region, credentials },
  })
  const secrets = secretsManager(new SecretsManagerClient({ endpoint: secretsEndpoint, region, credentials }))
  const log = jsonLog((line) => process.stderr.write(`${line}\n`))
  const deps = { store, secrets, clock: systemClock, log, accountId }
  await bootstrapDeployment({ ...deps, secretArns: SECRET_ARNS }, bootstrapText)
  return {
    environment: {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsEndpoint,
      [ENVIRONMENT.table]: dynamoDb.tableName,
      [ENVIRONMENT.accountId]: accountId,
      [ENVIRONMENT.privateAddresses]: 'allow',
      [ENVIRONMENT.sessionRing]: SECRET_ARNS.sessionRing,
      [ENVIRONMENT.longTermRing]: SECRET_ARNS.longTermRing,
      [ENVIRONMENT.rootKey]: SECRET_ARNS.rootKey,
      [ENVIRONMENT.proberKey]: 'prober-key',
      [ENVIRONMENT.ownUrl]: 'https://sts.example/',
      [ENVIRONMENT.iamFunction]: 'daypass-iam',
      [ENVIRONMENT.getWebIdentityTokenFunction]: 'daypass-get-web-identity-token',
      [ENVIRONMENT.checkDirectoryFunction]: 'daypass-check-directory',
      [ENVIRONMENT.revokeSessionsFunction]: 'daypass-revoke-sessions',
      [ENVIRONMENT.assumeRoleWithCertificateFunction]: 'daypass-assume-role-with-certificate',
      [ENVIRONMENT.assumeRoleWithSamlFunction]: 'daypass-assume-role-with-saml',
    },
    store,
    rootKey: async () => (await secrets.find(SECRET_ARNS.rootKey)) ?? '',
    close: async () => {
      await store.close()
      await Promise.all([dynamoDb.close(), localSecrets.close()])
    },
  }
}
