import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { readEnvironment } from '@daypass/core/environment.ts'
import { fromHttpResponse, isHttpEvent, toHttpRequest } from '@daypass/core/http/api-gateway.ts'
import { ensureSecret, secretsManager } from '../bootstrap/secrets.ts'
import { clock, log, newRequestId } from '../lambda/live.ts'
import { countNow } from '../lambda/signals.ts'
import { probe } from './action.ts'
import { answerDocument, ISSUER_PATH } from './documents.ts'
import { stsProbeClient } from './live-client.ts'
import { newProbeKey, type ProbeKey, parseProbeKey } from './probe-key.ts'

const env = readEnvironment(process.env, ['proberKey', 'ownUrl'])
const endpoint = env.ownUrl.replace(/\/$/, '')
const issuer = endpoint + ISSUER_PATH
const secrets = secretsManager(new SecretsManagerClient({}))
let key: Promise<ProbeKey> | undefined

/** Answers for its issuer when API Gateway calls; probes when the schedule does. */
export async function handler(event: unknown) {
  if (isHttpEvent(event))
    return fromHttpResponse(answerDocument(toHttpRequest(event, newRequestId), issuer, await ownKey()))
  const found = await probe({ issuer, key: await ownKey(), ...stsProbeClient(endpoint), clock, log })
  countNow('ForbiddenGrants', found.forbiddenGrants.length)
  countNow('ProbeSurprises', found.surprises.length)
  return found
}

/** Made at the first run that needs it; a failure to read it is not kept. */
async function ownKey(): Promise<ProbeKey> {
  key ??= readKey()
  try {
    return await key
  } catch (error) {
    key = undefined
    throw error
  }
}

async function readKey(): Promise<ProbeKey> {
  return parseProbeKey(await ensureSecret(secrets, env.proberKey, newProbeKey))
}
