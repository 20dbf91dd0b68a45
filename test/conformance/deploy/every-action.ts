import { fileURLToPath } from 'node:url'
import { pythonClients } from '../../support/python-clients.ts'
import type { Deployment } from './clients.ts'
import { run } from './command.ts'
import type { Emulator } from './emulator.ts'
import { CLIENT_ID, ROLE_ARN, SUBJECT } from './trial-document.ts'

/** Every action that boto3 knows, called by it over HTTPS; answers a line for each. Rejects when one answers otherwise. */
export async function everyAction({ stsUrl, issuer, rootKey }: Deployment, emulator: Emulator): Promise<string> {
  const clients = await pythonClients()
  if (typeof clients === 'string') throw new Error(clients)
  const settings = {
    endpoint: stsUrl,
    port: Number(new URL(emulator.endpoint).port),
    ca: emulator.environment.NODE_EXTRA_CA_CERTS,
    rootKey,
    roleArn: ROLE_ARN,
    token: issuer.sign({ sub: SUBJECT, aud: CLIENT_ID }),
  }
  const script = fileURLToPath(new URL('every_action.py', import.meta.url))
  return (await run(clients.python, [script, JSON.stringify(settings)], { env: { AWS_CA_BUNDLE: undefined } })).trim()
}
