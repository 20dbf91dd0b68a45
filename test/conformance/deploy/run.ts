/**
 * Deploys the stacks to an emulator over HTTPS with IAM enforced, lives through a user's journey there, and destroys them.
 * Needs python3, curl, openssl and the recipes for the emulator; the first run installs into ~/.cache and takes minutes.
 *   DAYPASS_RECIPES       folder of the recipes (default: ../shared/recipes beside the repository)
 *   DAYPASS_CACHE         what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { startFakeIssuer } from '../../support/fake-issuer.ts'
import { type Bundle, bundlesOf, installRuntime, timeBundle } from './bundles.ts'
import { changes } from './changes.ts'
import { run } from './command.ts'
import { type Emulator, startEmulator } from './emulator.ts'
import { trialOf } from './events.ts'
import { everyAction } from './every-action.ts'
import { iamJourney } from './iam-journey.ts'
import { journey } from './journey.ts'
import { installLinters, lint } from './lint.ts'
import { rotateDeployedRing } from './rotation.ts'
import { stsJourney } from './sts-journey.ts'

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url))
const RECIPES = resolve(REPOSITORY, process.env.DAYPASS_RECIPES ?? '../shared/recipes')
const CACHE = process.env.DAYPASS_CACHE ?? join(homedir(), '.cache/daypass-conformance')
/** In bytes. A cold start loads it all; past this, look at what came into the bundle. */
const LARGEST_BUNDLE = 400_000
/** IAM has a shape for each of its operations. */
const LARGER_BUNDLES: ReadonlyMap<string, number> = new Map([['iam', 450_000]])

const say = (line: string) => console.log(line)

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'daypass-deploy-'))
  const linters = await installLinters(CACHE)
  const client = await installRuntime(CACHE)
  const emulator = await startEmulator(RECIPES)
  const issuer = await startFakeIssuer()
  try {
    await checkDefaults(folder, linters)
    const cdkOut = join(folder, 'cdk.out')
    const trial = (change: Record<string, string> = {}) =>
      synthesize(fileURLToPath(new URL('./app.ts', import.meta.url)), cdkOut, {
        DAYPASS_TRIAL_ISSUER: issuer.url,
        DAYPASS_TRIAL_OBJECT_STORE: emulator.endpoint,
        ...change,
      })
    await trial()
    const bundles = await bundlesOf(cdkOut)
    checkSizes(bundles)

    const { DaypassApi: outputs = {} } = await emulator.deploy(cdkOut)
    say('ok deployed')
    const rootKey = await readRootKey(emulator, outputs.RootKeySecretArn ?? '')
    // The emulator serves HTTP APIs under a domain of its own.
    const stsUrl = (outputs.StsUrl ?? '').replace(/\.execute-api\.[^/]*/, '.execute-api.localhost')
    const deployment = { stsUrl, s3Url: outputs.S3Url ?? '', agent: emulator.agent, issuer, rootKey }
    for await (const step of journey(deployment)) say(`ok ${step}`)
    for await (const step of iamJourney(deployment)) say(`ok ${step}`)
    for await (const step of stsJourney(deployment)) say(`ok ${step}`)
    say(await everyAction(deployment, emulator))
    for await (const step of changes(deployment, () => emulator.deploy(cdkOut), trial)) say(`ok ${step}`)

    const aws = clientsOfAws(emulator)
    const rings = await settingsOf(aws.lambda, 'key-rotation')
    const ring = rings.DAYPASS_SESSION_RING_SECRET ?? ''
    const version = await rotateDeployedRing(aws, ring)
    say('ok the session ring is rotated by its function')

    for (const bundle of bundles) {
      const file = join(folder, `${bundle.name}.json`)
      const { event, answer } = trialOf(bundle.name, issuer, rootKey, { ring, version })
      await writeFile(file, JSON.stringify(event))
      const environment = { ...(await settingsOf(aws.lambda, bundle.name)), ...emulator.environment }
      const times = await timeBundle(RECIPES, client, bundle, file, answer, environment)
      say(`${bundle.name}: ${Math.ceil(bundle.bytes / 1000)} kB, ${times} from process start to answer`)
    }
    await emulator.destroy(cdkOut)
    say('ok destroyed')
  } finally {
    emulator.agent.destroy()
    await emulator.down()
    await issuer.close()
    await rm(folder, { recursive: true })
  }
}

/** The app as it stands in the repository, unchanged: it synthesizes with no account, and linters find nothing in it. */
async function checkDefaults(folder: string, linters: string): Promise<void> {
  const cdkOut = join(folder, 'defaults')
  await synthesize('infra/app.ts', cdkOut, {
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  })
  const templates = ['DaypassState', 'DaypassApi'].map((stack) => join(cdkOut, `${stack}.template.json`))
  await lint(linters, RECIPES, templates)
  say('ok the app synthesizes without an account, and cfn-lint and parliament find nothing')
}

async function synthesize(app: string, cdkOut: string, env: Readonly<Record<string, string>>): Promise<void> {
  await run('cdk', ['synth', '-q', '--app', `node ${app}`, '--output', cdkOut], { cwd: REPOSITORY, env })
}

function checkSizes(bundles: readonly Bundle[]): void {
  const large = bundles.filter(({ name, bytes }) => bytes > (LARGER_BUNDLES.get(name) ?? LARGEST_BUNDLE))
  if (large.length > 0)
    throw new Error(
      `bundles over their size: ${large.map(({ name, bytes }) => `${name} ${Math.ceil(bytes / 1000)} kB`).join(', ')}`,
    )
}

async function readRootKey(emulator: Emulator, arn: string) {
  const { SecretString = '' } = await clientsOfAws(emulator).secrets.send(new GetSecretValueCommand({ SecretId: arn }))
  return JSON.parse(SecretString)
}

async function settingsOf(lambda: LambdaClient, name: string): Promise<Record<string, string>> {
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: `daypass-${name}` }))
  return Environment?.Variables ?? {}
}

/** Clients of AWS's own services, as the emulator has them. */
function clientsOfAws({ environment, endpoint, agent }: Emulator) {
  const settings = { ...sdkSettings(environment), endpoint, requestHandler: { httpsAgent: agent } }
  return { lambda: new LambdaClient(settings), secrets: new SecretsManagerClient(settings) }
}

function sdkSettings(environment: Readonly<Record<string, string>>) {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = environment
  return { region: environment.AWS_REGION ?? '', credentials: { accessKeyId, secretAccessKey } }
}

await main()
