import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { RingKind } from '@daypass/core/credentials/ring-rotation.ts'
import { readEnvironment } from '@daypass/core/environment.ts'
import type { SecretsManagerRotationEvent } from 'aws-lambda'
import { clock, log } from '../lambda/live.ts'
import { rotateStep } from './action.ts'
import { versionedSecret } from './versioned-secret.ts'

const env = readEnvironment(process.env, ['sessionRing', 'longTermRing'])
const client = new SecretsManagerClient({})
const kinds: ReadonlyMap<string, RingKind> = new Map([
  [env.sessionRing, 'session'],
  [env.longTermRing, 'long-term'],
])

export async function handler({ SecretId, Step, ClientRequestToken }: SecretsManagerRotationEvent): Promise<void> {
  const kind = kinds.get(SecretId)
  if (!kind) throw new Error('This function rotates the key rings of its own deployment and no other secret.')
  await rotateStep({ secret: versionedSecret(client, SecretId), kind, clock, log }, Step, ClientRequestToken)
}
