import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { Agent } from 'node:https'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { run } from './command.ts'

const PORT = process.env.DEPLOY_LOCAL_PORT ?? '4599'
const ROOT = process.env.DEPLOY_LOCAL_DIR ?? join(homedir(), '.cache/deploy-local')
const CA = join(ROOT, 'tls/ca.pem')

export interface Emulator {
  /** Where AWS's own APIs answer, S3's included. */
  readonly endpoint: string
  /** For the SDK, and for bundles that are run beside the emulator: its endpoint, its CA, an administrator's keys. */
  readonly environment: Readonly<Record<string, string>>
  /** Leads every HTTPS connection to the emulator, whatever the name in the URL; names stay in `Host`. */
  readonly agent: Agent
  deploy(cdkOut: string): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>>
  destroy(cdkOut: string): Promise<void>
  down(): Promise<void>
}

/** Starts the recipe's emulator, with the rules that emulator.py adds to it. */
export async function startEmulator(recipes: string): Promise<Emulator> {
  const folder = await mkdtemp(join(tmpdir(), 'daypass-emulator-'))
  const script = join(folder, 'deploy-local.sh')
  await symlink(join(recipes, 'deploy/deploy-local.sh'), script)
  await symlink(join(recipes, 'deploy/ministack_fixed.py'), join(folder, 'recipe.py'))
  await symlink(fileURLToPath(new URL('emulator.py', import.meta.url)), join(folder, 'ministack_fixed.py'))
  await symlink(fileURLToPath(new URL('streaming.mjs', import.meta.url)), join(folder, 'streaming.mjs'))
  const recipe = (...args: string[]) => run('bash', [script, ...args], { env: { DEPLOY_LOCAL_PORT: PORT } })

  await recipe('down') // One that an interrupted run left behind.
  await recipe('up')
  const ca = await readFile(CA, 'utf8')
  const endpoint = `https://127.0.0.1:${PORT}`

  return {
    endpoint,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      NODE_EXTRA_CA_CERTS: CA,
    },
    agent: agentTo(Number(PORT), ca),
    async deploy(cdkOut) {
      await recipe('deploy', cdkOut)
      return JSON.parse(await readFile(join(ROOT, `state-${PORT}`, 'outputs.json'), 'utf8'))
    },
    async destroy(cdkOut) {
      await recipe('destroy', cdkOut)
    },
    async down() {
      await recipe('down')
      await rm(folder, { recursive: true })
    },
  }
}

function agentTo(port: number, ca: string): Agent {
  const agent = new Agent({ keepAlive: true })
  agent.createConnection = () =>
    connect({ host: '127.0.0.1', port, servername: 'localhost', ca, ALPNProtocols: ['http/1.1'] })
  return agent
}
