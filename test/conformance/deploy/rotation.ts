import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { parseStoredRing } from '@daypass/core/credentials/key-ring.ts'
import { rotateRing } from '@daypass/core/credentials/ring-rotation.ts'

/**
 * Rotates a ring by the deployed function, with its role's rights; the emulator has no rotation of its own, so this stands in
 * for Secrets Manager. Answers the version that is in force then.
 */
export async function rotateDeployedRing(
  { lambda, secrets }: { readonly lambda: LambdaClient; readonly secrets: SecretsManagerClient },
  SecretId: string,
): Promise<string> {
  const before = parseStoredRing((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '')
  const version = randomUUID()
  const next = JSON.stringify(rotateRing(before, 'session', Date.now()))
  const waiting = { ClientRequestToken: version, VersionStages: ['AWSPENDING'] }
  await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: next, ...waiting }))
  for (const Step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) {
    const event = JSON.stringify({ SecretId, Step, ClientRequestToken: version })
    const command = new InvokeCommand({ FunctionName: 'daypass-key-rotation', Payload: event })
    const { FunctionError, Payload } = await lambda.send(command)
    assert.equal(FunctionError, undefined, Buffer.from(Payload ?? []).toString())
  }
  const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }))
  assert.ok(VersionIdsToStages[version]?.includes('AWSCURRENT'))
  const after = parseStoredRing((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '')
  assert.equal(after.keys.length, before.keys.length + 1)
  return version
}
