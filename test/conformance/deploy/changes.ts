import assert from 'node:assert/strict'
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { clientsOf, type Deployment } from './clients.ts'
import { CLIENT_ID, LATER_ROLE_ARN, ROLE_ARN, SUBJECT } from './trial-document.ts'

/** An update, and one that fails and is rolled back, while a session of before lives on; each step fails by throwing. */
export async function* changes(
  deployment: Deployment,
  deploy: () => Promise<unknown>,
  synthesize: (change: Record<string, string>) => Promise<void>,
): AsyncGenerator<string> {
  const { sts } = clientsOf(deployment)
  const exchange = async (RoleArn: string) => {
    const WebIdentityToken = deployment.issuer.sign({ sub: SUBJECT, aud: CLIENT_ID })
    const input = { RoleArn, RoleSessionName: 'changes', WebIdentityToken }
    const anonymous = sts({ accessKeyId: '', secretAccessKey: '' })
    const { Credentials } = await anonymous.send(new AssumeRoleWithWebIdentityCommand(input))
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = Credentials ?? {}
    assert.ok(accessKeyId && secretAccessKey && sessionToken)
    return { accessKeyId, secretAccessKey, sessionToken }
  }
  const before = await exchange(ROLE_ARN)
  const lives = () => sts(before).send(new GetCallerIdentityCommand({}))
  await assert.rejects(exchange(LATER_ROLE_ARN), { name: 'AccessDenied' })

  await synthesize({ DAYPASS_TRIAL_CHANGE: 'sound' })
  await deploy()
  await exchange(LATER_ROLE_ARN)
  await lives()
  yield 'an update adds a role of the bootstrap document, and sessions of before live on'

  await synthesize({ DAYPASS_TRIAL_CHANGE: 'broken' })
  await assert.rejects(deploy(), /nobody-made-it|AppliedBootstrap/)
  await exchange(LATER_ROLE_ARN)
  await lives()
  yield 'an update that fails is rolled back, with the reason in its events; everything works as before'
}
