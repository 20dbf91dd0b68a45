import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '../../support/local-host.ts'
import { mintSession, type Place, revokeSession, variablesOf } from './place.ts'
import { programOf } from './program.ts'
import { CLOSED, OPEN, roleArn, UPLOADER } from './trust.ts'

const run = promisify(execFile)
const SOURCE = fileURLToPath(new URL('java/Clients.java', import.meta.url))
const STORE_PASSWORD = 'changeit'
const ACCESS_DENIED = /^refused AccessDenied$/m

/** Compiles the program against the jars that the recipe brought; answers its class path. */
export async function compileJava(folder: string): Promise<string> {
  const [jars, classes] = [join(folder, 'lib', '*'), temporaryFolder()]
  await run('javac', ['-encoding', 'UTF-8', '-cp', jars, '-d', classes, SOURCE])
  return `${classes}:${jars}`
}

/** Java trusts no PEM file: a store of its own that holds it. */
async function trustOf({ authority }: Place): Promise<string[]> {
  if (authority === undefined) return []
  const store = join(temporaryFolder(), 'trust.p12')
  const into = ['-keystore', store, '-storepass', STORE_PASSWORD, '-storetype', 'PKCS12']
  await run('keytool', ['-importcert', '-noprompt', '-alias', 'authority', '-file', authority, ...into])
  return [`-Djavax.net.ssl.trustStore=${store}`, `-Djavax.net.ssl.trustStorePassword=${STORE_PASSWORD}`]
}

/** The AWS SDK for Java v2: AssumeRole, a token, and its default chain. */
export async function* java(place: Place, classPath: string): AsyncGenerator<string> {
  const { url, tokens } = place
  // No run is long enough for more than the first compiler.
  const options = [
    '-XX:TieredStopAtLevel=1',
    '-Dfile.encoding=UTF-8',
    ...(await trustOf(place)),
    '-cp',
    classPath,
    'Clients',
  ]
  const isolated = { AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'us-east-1', AWS_MAX_ATTEMPTS: '1' }
  const program = programOf('java', { HOME: temporaryFolder(), ...isolated })
  const args = (way: string, { role = 'files', token = tokens.alice, bucket = OPEN } = {}) => [
    ...options,
    way,
    url,
    roleArn(role),
    token,
    bucket,
  ]
  const endpoints = { AWS_ENDPOINT_URL_STS: url, AWS_ENDPOINT_URL_S3: url }
  const chain = (file: string, role = 'files') => ({
    ...endpoints,
    AWS_ROLE_ARN: roleArn(role),
    AWS_ROLE_SESSION_NAME: 'java',
    AWS_WEB_IDENTITY_TOKEN_FILE: file,
  })
  const user = variablesOf(UPLOADER)

  for (const [what, way, env] of [
    ['AssumeRole', 'assume-role', user],
    ['AssumeRoleWithWebIdentity', 'web-identity', {}],
    ['the default chain with a token file', 'default', chain(tokens.alice)],
  ] as const) {
    const said = String(await program.works(args(way), env))
    assert.match(said, /^caller arn:aws:sts::000000000000:assumed-role\/files\/java$/m)
    assert.match(said, /^objects 3$/m)
    yield `${what}, then objects of S3 byte for byte`
    await program.refused(args(way, { bucket: CLOSED }), ACCESS_DENIED, env)
    yield `${what}: refused another bucket`
  }
  for (const [what, saying, env, wanted] of [
    ['AssumeRole of a role that does not trust the user', ACCESS_DENIED, user, args('assume-role', { role: 'others' })],
    ['a role for another subject', ACCESS_DENIED, {}, args('web-identity', { role: 'others' })],
    ['an expired token', /^refused ExpiredToken(Exception)?$/m, {}, args('web-identity', { token: tokens.expired })],
    ['a forged token', /^refused InvalidIdentityToken$/m, {}, args('web-identity', { token: tokens.forged })],
    [
      'a role for another subject, by the chain',
      /AccessDenied|Not authorized/,
      chain(tokens.alice, 'others'),
      args('default'),
    ],
  ] as const) {
    await program.refused(wanted, saying, env)
    yield `refused: ${what}`
  }
  const session = await mintSession(place)
  const ready = { ...endpoints, ...variablesOf(session) }
  assert.match(String(await program.works(args('default'), ready)), /^objects 3$/m)
  await revokeSession(place, session)
  await program.refused(args('default'), /^refused InvalidClientTokenId$/m, ready)
  yield 'ready credentials work, and no more once the session is revoked'
}
