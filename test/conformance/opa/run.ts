/**
 * Lets a real Open Policy Agent decide on the S3 of a real local host, by both paths that MinIO's documentation names.
 * Needs Go and the recipe for OPA; the first run installs into ~/.cache and takes minutes.
 *   DAYPASS_RECIPES       folder of the recipes (default: ../shared/recipes beside the repository)
 *   DAYPASS_CACHE         what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { endLocalHosts, startLocalHost } from '../../support/local-host.ts'

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url))
const RECIPE = join(resolve(REPOSITORY, process.env.DAYPASS_RECIPES ?? '../shared/recipes'), 'opa.sh')
const FOLDER = join(process.env.DAYPASS_CACHE ?? join(homedir(), '.cache/daypass-conformance'), 'opa')
const POLICY = fileURLToPath(new URL('./policy.rego', import.meta.url))
/** Between looks at whether OPA answers, and how often. */
const [PAUSE_MS, MOST_LOOKS] = [100, 100]

const key = (name: string) => ({ AccessKeyId: `${name}-key`, SecretAccessKey: `${name}-secret` })
const DENY = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] }
const BOOTSTRAP = {
  accounts: [
    {
      id: '000000000000',
      rootAccessKey: key('root'),
      groups: [{ GroupName: 'projecta' }],
      users: [
        { UserName: 'alice', accessKeys: [key('alice')], groups: ['projecta'] },
        // What policies say of S3 has no say here.
        { UserName: 'bob', accessKeys: [key('bob')], policies: { none: DENY } },
      ],
    },
  ],
}

async function main(): Promise<void> {
  execFileSync('bash', [RECIPE, FOLDER], { stdio: 'inherit' })
  const port = await freePort()
  const opa = spawn('bash', [RECIPE, FOLDER, String(port), POLICY], { stdio: 'inherit' })
  try {
    const origin = `http://127.0.0.1:${port}`
    await untilAnswers(`${origin}/health`)
    for (const path of ['/v1/data/daypass/authz', '/v1/data/daypass/authz/allow']) {
      const env = { MINIO_POLICY_PLUGIN_URL: origin + path }
      const host = await startLocalHost({ env, bootstrap: BOOTSTRAP })
      await journey(host.url, path)
      await host.stop()
    }
    const env = { MINIO_POLICY_PLUGIN_URL: `${origin}/v1/data/daypass/nothing` }
    const { url } = await startLocalHost({ env, bootstrap: BOOTSTRAP })
    await refused('root at a rule that does not exist', () => clientOf(url, 'root').send(new ListBucketsCommand({})))
  } finally {
    opa.kill()
    await endLocalHosts()
  }
}

async function journey(endpoint: string, path: string): Promise<void> {
  const [root, alice, bob] = [clientOf(endpoint, 'root'), clientOf(endpoint, 'alice'), clientOf(endpoint, 'bob')]
  const put = (client: S3Client, Bucket: string, Key: string) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
  const get = (client: S3Client, Bucket: string, Key: string) => client.send(new GetObjectCommand({ Bucket, Key }))
  const list = (client: S3Client, Prefix: string) => client.send(new ListObjectsV2Command({ Bucket: 'others', Prefix }))

  console.log(`by ${path}:`)
  for (const Bucket of ['projecta', 'frozen', 'others']) {
    await allowed(`root makes ${Bucket}`, () => root.send(new CreateBucketCommand({ Bucket })))
  }
  await allowed('root puts', () => put(root, 'others', 'public/a'))
  await allowed('root puts', () => put(root, 'others', 'private/a'))
  await refused('root puts into what is frozen', () => put(root, 'frozen', 'a'))
  await allowed('alice puts into the bucket of her group', () => put(alice, 'projecta', 'a'))
  await refused('alice puts elsewhere', () => put(alice, 'others', 'a'))
  await refused('bob puts into the bucket of that group', () => put(bob, 'projecta', 'b'))
  await allowed('bob fetches what is public', () => get(bob, 'others', 'public/a'))
  await refused('bob fetches what is not', () => get(bob, 'others', 'private/a'))
  await allowed('bob lists his prefix', () => list(bob, 'bob/'))
  await refused("bob lists alice's prefix", () => list(bob, 'alice/'))
  const anonymous = await fetch(`${endpoint}/others/public/a`)
  report('nobody fetches what is public', anonymous.status === 403)

  const sts = new STSClient({ endpoint, region: 'us-east-1', credentials: credentialsOf('root') })
  const onlyGet = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] }
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: 'arn:xxx:xxx:xxx:xxxx',
      RoleSessionName: 'less',
      Policy: JSON.stringify(onlyGet),
    }),
  )
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken = '' } = Credentials ?? {}
  const less = clientWith(endpoint, { accessKeyId, secretAccessKey, sessionToken: SessionToken })
  await allowed("root's limited session fetches", () => get(less, 'others', 'private/a'))
  await refused("root's limited session puts", () => put(less, 'others', 'b'))
}

const credentialsOf = (name: string) => ({ accessKeyId: `${name}-key`, secretAccessKey: `${name}-secret` })
const clientOf = (endpoint: string, name: string) => clientWith(endpoint, credentialsOf(name))
const clientWith = (
  endpoint: string,
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
) => new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials, maxAttempts: 1 })

async function allowed(step: string, act: () => Promise<unknown>): Promise<void> {
  await act()
  report(step, true)
}

async function refused(step: string, act: () => Promise<unknown>): Promise<void> {
  const error: unknown = await act().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  report(`refused: ${step}`, error instanceof Error && error.name === 'AccessDenied')
}

function report(step: string, ok: boolean): void {
  if (!ok) throw new Error(`not as it should be: ${step}`)
  console.log(`ok ${step}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function untilAnswers(url: string): Promise<void> {
  for (let look = 1; ; look++) {
    const ok = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ok) return
    if (look === MOST_LOOKS) throw new Error(`nothing answers at ${url}`)
    await delay(PAUSE_MS)
  }
}

await main()
