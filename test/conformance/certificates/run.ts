/**
 * Lets real clients show certificates that OpenSSL made to a real local host: minio-go over mutual TLS, and AWS's protocol of
 * IAM Roles Anywhere by the PyPI package iam-rolesanywhere-session, whose canonical requests botocore writes. Needs OpenSSL 3,
 * Go and Python 3.9; the first run installs into ~/.cache.
 *   DAYPASS_CACHE   what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { buildGoProgram, GO_PROGRAM } from '../../clients/go-program.ts'
import { endLocalHosts, startLocalHost, temporaryFolder } from '../../support/local-host.ts'

const run = promisify(execFile)
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const ACCOUNT = '000000000000'
const PACKAGES = ['iam-rolesanywhere-session==3.0.0', 'boto3==1.44.5']
const anywhere = (kind: string, name = 'default') => `arn:aws:rolesanywhere:us-east-1:${ACCOUNT}:${kind}/${name}`
const ROLE = `arn:aws:iam::${ACCOUNT}:role/machine`
const BOOTSTRAP = {
  accounts: [
    {
      id: ACCOUNT,
      roles: [
        {
          RoleName: 'machine',
          attachedPolicies: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'],
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { Service: 'rolesanywhere.amazonaws.com' },
              Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
              Condition: {
                StringEquals: { 'aws:PrincipalTag/x509SAN/URI': 'spiffe://example.org/ns/default/sa/app' },
                ArnEquals: { 'aws:SourceArn': anywhere('trust-anchor') },
              },
            },
          },
        },
      ],
    },
  ],
}

const unbuilt = await buildGoProgram()
if (unbuilt !== undefined) throw new Error(unbuilt)
const python = await pythonWithPackages()
const folder = temporaryFolder()
await run('bash', [here('authority.sh'), folder])
const file = (name: string) => join(folder, name)
const pair = (name: string) => [file(`${name}.pem`), file(`${name}-key.pem`)] as const

try {
  const host = await startLocalHost({
    bootstrap: BOOTSTRAP,
    env: {
      DAYPASS_TLS_CERT: file('server.pem'),
      DAYPASS_TLS_KEY: file('server-key.pem'),
      DAYPASS_TLS_CLIENT_CA: file('ca.pem'),
      MINIO_IDENTITY_TLS_ENABLE: 'on',
      DAYPASS_IDENTITY_TLS_CRL: file('lists.pem'),
    },
  })
  for (const name of ['good', 'rsa']) {
    assert.deepEqual(await minioGo(host.url, name), { s3: { whole: true, names: ['folder/käy + more'] }, minutes: 60 })
    report(`minio-go works with S3 by the certificate "${name}"`)
  }
  for (const name of ['expired', 'wrong-purpose', 'no-purpose', 'stranger', 'revoked']) {
    assert.deepEqual(await minioGo(host.url, name), { error: 'InvalidIdentityToken' })
    report(`minio-go is refused with the certificate "${name}"`)
  }

  for (const [name, chain] of [['good'], ['rsa'], ['below', 'sub']] as const) {
    const seen = await rolesAnywhere(host.url, name, { chain })
    assert.deepEqual(Object.keys(seen), ['caller', 'buckets'])
    assert.match(String(seen.caller), /^arn:aws:sts::000000000000:assumed-role\/machine\/[0-9a-f]+$/)
    report(`Roles Anywhere gives the role to the certificate "${name}"`)
  }
  const untrusted = /certificate/
  for (const [name, options, message] of [
    ['below', {}, untrusted],
    ['expired', {}, untrusted],
    ['wrong-purpose', {}, untrusted],
    ['no-purpose', {}, untrusted],
    ['stranger', {}, untrusted],
    ['revoked', {}, untrusted],
    ['good', { anchor: 'other' }, untrusted],
    ['good', { key: 'rsa' }, /signature/],
    ['good', { role: `${ROLE}2` }, /Not authorized/],
  ] as const) {
    const { refused } = await rolesAnywhere(host.url, name, options)
    assert.match(String(refused), /403/)
    assert.match(String(refused), message)
    report(`Roles Anywhere refuses the certificate "${name}" ${JSON.stringify(options)}`)
  }
  assert.doesNotMatch(host.stdout() + host.stderr(), /MII[A-Za-z0-9+/]{40}|Signature=[0-9a-f]{8}/)
  report('no certificate and no signature is in the log')
} finally {
  await endLocalHosts()
}

async function minioGo(endpoint: string, name: string): Promise<Record<string, unknown>> {
  const env = { PATH: process.env.PATH, HOME: folder, SSL_CERT_FILE: file('ca.pem') }
  const { stdout } = await run(GO_PROGRAM, ['minio-certificate', endpoint, ...pair(name)], { env })
  return JSON.parse(stdout)
}

async function rolesAnywhere(
  endpoint: string,
  name: string,
  options: { readonly chain?: string | undefined; anchor?: string; key?: string; role?: string },
): Promise<Record<string, unknown>> {
  const [certificate] = pair(name)
  const [, key] = pair(options.key ?? name)
  const chain = options.chain === undefined ? '-' : file(`${options.chain}.pem`)
  const arns = [options.role ?? ROLE, anywhere('trust-anchor', options.anchor), anywhere('profile', options.anchor)]
  const args = [here('roles_anywhere.py'), endpoint, file('ca.pem'), certificate, key, chain, ...arns]
  const { stdout } = await run(python, args, { env: { PATH: process.env.PATH, HOME: folder } })
  return JSON.parse(stdout)
}

/** A Python of its own with the packages, installed once. */
async function pythonWithPackages(): Promise<string> {
  const cache = process.env.DAYPASS_CACHE ?? join(homedir(), '.cache', 'daypass-conformance')
  const home = join(cache, 'roles-anywhere-python')
  const executable = join(home, 'bin', 'python')
  const marker = join(home, `${PACKAGES.join('_')}.installed`)
  if (existsSync(marker)) return executable
  console.log(`installing ${PACKAGES.join(', ')} (once) …`)
  mkdirSync(cache, { recursive: true })
  await run('python3', ['-m', 'venv', home])
  await run(executable, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES])
  writeFileSync(marker, '')
  return executable
}

function report(what: string): void {
  console.log(`ok ${what}`)
}
