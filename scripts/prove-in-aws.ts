/**
 * Proves in an AWS account what an emulator cannot: `npm run prove:aws -- --region <region>`, with credentials that may
 * deploy. Deploys a trial that keeps nothing, uses it from outside, rotates its keys, destroys it. Prints a line a step and
 * ends with 1 when one fails; the stacks are destroyed in any case.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CreateUserCommand, DeleteUserCommand, IAMClient } from '@aws-sdk/client-iam'
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda'
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))
const CDK = join(REPOSITORY, 'node_modules/.bin/cdk')
const APP = `node ${fileURLToPath(new URL('./proof-app.ts', import.meta.url))}`

const { values } = parseArgs({ options: { region: { type: 'string' } } })
const region = values.region ?? process.env.AWS_REGION ?? ''
if (region === '') {
  console.error('Say where: npm run prove:aws -- --region <region>')
  process.exit(2)
}
const env = { ...process.env, AWS_REGION: region, CDK_DEFAULT_REGION: region }

async function cdk(...args: string[]): Promise<number> {
  const child = spawn(CDK, args, { cwd: REPOSITORY, env, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  return code as number
}

/** Names of functions are fixed: one deployment has room in a region of an account. */
async function isDeployed(): Promise<boolean> {
  const lambda = new LambdaClient({ region })
  try {
    await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'daypass-front-door' }))
    return true
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false
    throw error
  }
}

async function step<T>(name: string, run: () => Promise<T>): Promise<T> {
  const began = Date.now()
  const result = await run()
  console.log(`ok ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
  return result
}

interface Outputs {
  readonly StsUrl: string
  readonly S3Url: string
  readonly RootKeySecretArn: string
}

async function prove({ StsUrl, S3Url, RootKeySecretArn }: Outputs): Promise<void> {
  const secrets = new SecretsManagerClient({ region })
  const lambda = new LambdaClient({ region })
  const probe = () => step('the prober finds every flaw refused and the good token granted', () => runProber(lambda))
  const rootKey = await step('the root key is in its secret', () => readRootKey(secrets, RootKeySecretArn))
  const sts = new STSClient({ region, endpoint: StsUrl, credentials: rootKey })

  await step('GetCallerIdentity over HTTPS, signed by the root key', () => sts.send(new GetCallerIdentityCommand({})))
  await probe()
  const { Credentials } = await step('GetSessionToken', () => sts.send(new GetSessionTokenCommand({})))
  const session = new STSClient({ region, endpoint: StsUrl, credentials: sessionKeys(Credentials) })
  await step('the session is believed', () => session.send(new GetCallerIdentityCommand({})))
  await step('IAM makes and deletes a user', () =>
    makeAndDeleteUser(new IAMClient({ region, endpoint: StsUrl, credentials: rootKey })),
  )
  const s3 = new S3Client({ region, endpoint: S3Url, forcePathStyle: true, credentials: rootKey })
  await step('S3 lists buckets through the Function URL', () => s3.send(new ListBucketsCommand({})))

  for (const name of ['SESSION_RING', 'LONG_TERM_RING']) {
    await step(`Secrets Manager rotates ${name}`, () => rotate(secrets, lambda, name))
  }
  await step('the session of before is believed', () => session.send(new GetCallerIdentityCommand({})))
  await probe()
}

async function runProber(lambda: LambdaClient): Promise<void> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: 'daypass-prober', Payload: '{}' }),
  )
  const found = JSON.parse(Buffer.from(Payload ?? []).toString() || 'null')
  const sound = !FunctionError && found?.forbiddenGrants?.length === 0 && found.surprises?.length === 0
  if (!sound) throw new Error(`the prober found ${JSON.stringify(found)}`)
}

async function readRootKey(secrets: SecretsManagerClient, SecretId: string) {
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }))
  const { AccessKeyId, SecretAccessKey } = JSON.parse(SecretString)
  return { accessKeyId: String(AccessKeyId), secretAccessKey: String(SecretAccessKey) }
}

function sessionKeys(
  credentials: {
    AccessKeyId?: string | undefined
    SecretAccessKey?: string | undefined
    SessionToken?: string | undefined
  } = {},
) {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = credentials
  if (!accessKeyId || !secretAccessKey || !sessionToken) throw new Error('the answer lacks credentials')
  return { accessKeyId, secretAccessKey, sessionToken }
}

async function makeAndDeleteUser(iam: IAMClient): Promise<void> {
  await iam.send(new CreateUserCommand({ UserName: 'proof' }))
  await iam.send(new DeleteUserCommand({ UserName: 'proof' }))
}

/** Which secret a ring lies in is told by the function that rotates it. */
async function rotate(secrets: SecretsManagerClient, lambda: LambdaClient, name: string): Promise<void> {
  const { Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: 'daypass-key-rotation' }),
  )
  const SecretId = Environment?.Variables?.[`DAYPASS_${name}_SECRET`] ?? ''
  const { VersionId } = await secrets.send(new RotateSecretCommand({ SecretId }))
  for (let tries = 0; tries < 60; tries += 1) {
    const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }))
    if (VersionIdsToStages[VersionId ?? '']?.includes('AWSCURRENT')) return
    await wait(2000)
  }
  throw new Error('the rotation did not end within two minutes')
}

const folder = await mkdtemp(join(tmpdir(), 'daypass-proof-'))
let failed = false
if (await isDeployed()) {
  console.error('A deployment stands here already: choose another region or account.')
  process.exit(2)
}
try {
  const outputs = join(folder, 'outputs.json')
  const deployed = await cdk('deploy', '--all', '--app', APP, '--require-approval', 'never', '--outputs-file', outputs)
  if (deployed !== 0) throw new Error('the stacks could not be deployed')
  await prove(JSON.parse(await readFile(outputs, 'utf8')).DaypassApi)
} catch (error) {
  failed = true
  console.error(error instanceof Error ? `FAILED: ${error.message}` : error)
} finally {
  const left = await cdk('destroy', '--all', '--app', APP, '--force')
  console.log(left === 0 ? 'ok destroyed' : 'FAILED: destroy by hand what CloudFormation left')
  failed ||= left !== 0
  await rm(folder, { recursive: true })
}
process.exitCode = failed ? 1 : 0
