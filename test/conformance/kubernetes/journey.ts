import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Programs } from '../../clients/world.ts'
import type { PythonClients } from '../../support/python-clients.ts'
import type { Secrets } from '../shared/secrets.ts'
import { flawsOf } from '../shared/sts.ts'
import type { Cluster } from './cluster.ts'
import { ACCOUNT, AUDIENCE, roleArn } from './trust.ts'

interface World {
  readonly cluster: Cluster
  /** At a local host that knows the cluster's authority. */
  readonly programs: Programs
  /** The local host's own certificate. */
  readonly certificate: string
  /** At one that does not. */
  readonly unaware: Programs
  readonly clients: PythonClients
  readonly secrets: Secrets
}

/** s3cmd knows one STS only; a file there leads it to STS_ADDRESS. */
const REDIRECT = fileURLToPath(new URL('../../clients/python', import.meta.url))
const LIST_BUCKETS = `import boto3
print([bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]])`

/** What pods do; each step is told when it is done, and one that does not come out as it must throws. */
export async function* journey({ cluster, programs, certificate, unaware, clients, secrets }: World) {
  const { home, host } = programs
  const tokenFile = (token: string) => {
    const file = join(home, 'token')
    writeFileSync(file, `${secrets.keep(token)}\n`)
    return file
  }
  /** A pod has the role's ARN and the token's file, and where Daypass is. */
  const pod = (token: string, role = 's3-full-access') => ({
    AWS_ROLE_ARN: roleArn(role),
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile(token),
    AWS_CA_BUNDLE: certificate,
  })
  const aws = (args: string, env: Record<string, string>, at = programs) => at.run(clients.aws, args.split(' '), env)

  const token = await cluster.token('default', 's3-full-access', AUDIENCE)
  const { sub, iss } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  assert.deepEqual([sub, iss], ['system:serviceaccount:default:s3-full-access', cluster.issuer])
  yield `the token is of ${sub} at ${new URL(iss).protocol}//…`

  const who = await aws('sts get-caller-identity --query Arn --output text', pod(token))
  assert.match(who.stdout, new RegExp(`^arn:aws:sts::${ACCOUNT}:assumed-role/s3-full-access/\\S+\\n$`), who.stderr)
  assert.equal((await aws('s3 mb s3://pods', pod(token))).code, 0)
  assert.match((await aws('s3 ls', pod(token))).stdout, / pods\n$/)
  yield 'the AWS CLI takes the role by the two variables, makes a bucket and lists it'

  const boto = await programs.run(clients.python, ['-c', LIST_BUCKETS], pod(token))
  assert.deepEqual([boto.code, boto.stdout], [0, "['pods']\n"], boto.stderr)
  yield 'boto3 takes the role by the two variables and lists the bucket'

  const address = new URL(host.url).host
  const settings = ['[default]', `host_base = ${address}`, `host_bucket = ${address}`, 'use_https = True']
  writeFileSync(join(home, 's3cfg'), [...settings, `ca_certs_file = ${certificate}`, ''].join('\n'))
  const s3cmd = (given: string) =>
    programs.run(clients.s3cmd, ['-c', join(home, 's3cfg'), 'ls'], {
      ...pod(given),
      PYTHONPATH: REDIRECT,
      STS_ADDRESS: address,
      SSL_CERT_FILE: certificate,
    })
  const listed = await s3cmd(token)
  assert.match(listed.stdout, / s3:\/\/pods\n$/, listed.stderr)
  yield 's3cmd ls takes the role by the two variables and lists the bucket'

  const batch = await cluster.token('batch', 'nightly', AUDIENCE)
  const nested = await aws('s3 ls', pod(batch, 'batch'))
  assert.match(nested.stdout, / pods\n$/, nested.stderr)
  assert.match((await aws('s3 mb s3://more', pod(batch, 'batch'))).stderr, /AccessDenied/)
  yield 'a role that trusts a namespace (kubernetes.io.namespace) lists, and may do no more'

  for (const [what, refused, code] of [
    [
      'the account of that name in another namespace',
      await cluster.token('batch', 's3-full-access', AUDIENCE),
      'AccessDenied',
    ],
    ['another account of the namespace', await cluster.token('default', 'other', AUDIENCE), 'AccessDenied'],
    [
      'a token for another audience',
      await cluster.token('default', 's3-full-access', 'https://vault'),
      'InvalidIdentityToken',
    ],
    ...flawsOf(token).map(([flaw, flawed]) => [`the token with ${flaw}`, flawed, 'InvalidIdentityToken'] as const),
  ] as const) {
    const byCli = await aws('s3 ls', pod(refused))
    assert.notEqual(byCli.code, 0, what)
    assert.match(byCli.stderr, new RegExp(`\\(${code}\\)`), what)
    yield `refused: ${what} (${code})`
  }
  const foreign = await cluster.token('batch', 's3-full-access', AUDIENCE)
  const byBoto = await programs.run(clients.python, ['-c', LIST_BUCKETS], pod(foreign))
  const byS3cmd = await s3cmd(foreign)
  assert.deepEqual([byBoto.code !== 0, byS3cmd.code !== 0, byS3cmd.stdout], [true, true, ''])
  assert.match(byBoto.stderr, /\(AccessDenied\)/)
  yield 'refused: the other namespace’s account with boto3 and s3cmd too'

  const unknown = await aws('s3 ls', { ...pod(token) }, unaware)
  assert.match(unknown.stderr, /\(IDPCommunicationError\)/)
  yield 'refused: all tokens where Daypass does not know the cluster’s authority (NODE_EXTRA_CA_CERTS)'
}
