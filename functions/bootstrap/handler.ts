import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { jsonLog, systemClock } from '@daypass/core/deps.ts'
import { readEnvironment } from '@daypass/core/environment.ts'
import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import type { CloudFormationCustomResourceEvent } from 'aws-lambda'
import { proberAccount } from '../prober/trusted.ts'
import { bootstrapDeployment } from './action.ts'
import { answerCloudFormation } from './custom-resource.ts'
import { ensureRotation, parseRotation } from './rotation.ts'
import { secretsManager } from './secrets.ts'

const log = jsonLog((line) => process.stdout.write(`${line}\n`))

/** Wires at each event, not at the cold start: a setting that is missing must reach CloudFormation as a failure too. */
export const handler = (event: CloudFormationCustomResourceEvent): Promise<void> =>
  answerCloudFormation(event, () => apply(event), log)

async function apply(event: CloudFormationCustomResourceEvent): Promise<void> {
  const settings = readEnvironment(process.env, [
    'table',
    'accountId',
    'sessionRing',
    'longTermRing',
    'rootKey',
    'keyRotationFunction',
  ])
  const store = openDynamoDbStore({ tableName: settings.table })
  const client = new SecretsManagerClient({})
  const secrets = secretsManager(client)
  const deps = { store, secrets, clock: systemClock, log, secretArns: settings, accountId: settings.accountId }
  const { Document, ProberIssuer, Rotation = {} } = event.ResourceProperties
  const plans = parseRotation(Rotation, settings)
  await bootstrapDeployment(deps, Document, typeof ProberIssuer === 'string' ? [proberAccount(ProberIssuer)] : [])
  for (const plan of plans) await ensureRotation(client, plan)
}
