/**
 * Lets a real Open Policy Agent decide on the S3 of a real local host, by both paths that MinIO's documentation names.
 * Needs Go and the recipe for OPA; the first run installs into ~/.cache and takes minutes.
 *   DAYPASS_RECIPES       folder of the recipes (default: ../shared/recipes beside the repository)
 *   DAYPASS_CACHE         what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */
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
import { endLocalHosts, type LocalHostProcess, startLocalHost } from '../../support/local-host.ts'
import { freePort, install, recipe, startPart } from '../shared/part.ts'
import { Secrets } from '../shared/secrets.ts'

const POLICY = fileURLToPath(new URL('./policy.rego', import.meta.url))
const secrets = new Secrets()
for (const name of ['root', 'alice', 'bob']) secrets.keep(`${name}-secret`)

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
  await install('opa')
  const { script, folder } = recipe('opa')
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const opa = await startPart('bash', [script, folder, String(port), POLICY], `${origin}/health`)
  const hosts: LocalHostProcess[] = []
  const start = async (path: string) => {
    const env = { MINIO_POLICY_PLUGIN_URL: origin + path }
    const host = await startLocalHost({ env, bootstrap: BOOTSTRAP })
    hosts.push(host)
    return host
  }
  try {
    for (const path of ['/v1/data/daypass/authz', '/v1/data/daypass/authz/allow']) {
      const host = await start(path)
      await journey(host.url, path)
      await host.stop()
    }
    const { url } = await start('/v1/data/daypass/nothing')
    await refused('root at a rule that does not exist', () => clientOf(url, 'root').send(new ListBucketsCommand({})))
    await opa.stop()
    await refused('root while OPA is down', () => clientOf(url, 'root').send(new ListBucketsCommand({})))
    const count = secrets.assertAbsent(hosts.map((host) => host.stdout() + host.stderr()).join('\n'))
    report(`none of ${count} secrets and tokens is in a log`, true)
  } finally {
    await opa.stop()
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
  for (const secret of [secretAccessKey, SessionToken]) secrets.keep(secret)
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

await main()
