import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../../support/local-host.ts'
import { recipe } from '../shared/part.ts'
import { makeFiles, mintSession, type Place, revokeSession, variablesOf } from './place.ts'
import { type Program, programOf } from './program.ts'
import { CLOSED, roleArn } from './trust.ts'

const DENIED = /AccessDenied|Access Denied|Forbidden|StatusCode: 403/

function prepare(place: Place, command: string): Program {
  const REMOTE = { TYPE: 's3', PROVIDER: 'Other', ENV_AUTH: 'true', ENDPOINT: place.url, REGION: 'us-east-1' }
  const remote = Object.fromEntries(Object.entries(REMOTE).map(([key, value]) => [`RCLONE_CONFIG_X_${key}`, value]))
  const once = { RCLONE_RETRIES: '1', RCLONE_LOW_LEVEL_RETRIES: '1' }
  const trusted = place.authority === undefined ? {} : { RCLONE_CA_CERT: place.authority }
  return programOf(command, {
    HOME: temporaryFolder(),
    AWS_EC2_METADATA_DISABLED: 'true',
    ...remote,
    ...once,
    ...trusted,
  })
}

async function* objects(
  program: Program,
  bucket: string,
  env: Readonly<Record<string, string>>,
): AsyncGenerator<string> {
  const { folder, contents } = makeFiles()
  await program.works(['mkdir', `x:${bucket}`], env)
  await program.works(['copy', '--s3-upload-cutoff', '5M', folder, `x:${bucket}/folder`], env)
  await program.works(['check', '--download', folder, `x:${bucket}/folder`], env)
  const target = temporaryFolder()
  await program.works(['sync', `x:${bucket}/folder`, target], env)
  for (const [name, bytes] of contents) {
    assert.ok((await readFile(join(target, name))).equals(bytes), `${name} came back otherwise`)
  }
  const listed = String(await program.works(['lsf', '--format', 'ps', `x:${bucket}/folder`], env))
  assert.deepEqual(
    listed.trim().split('\n').sort(),
    [...contents].map(([name, { length }]) => `${name};${length}`).sort(),
  )
  await program.refused(['lsf', `x:${CLOSED}`], DENIED, env)
  await program.refused(['cat', `x:${CLOSED}/object`], DENIED, env)
  await program.refused(['copy', folder, `x:${CLOSED}`], DENIED, env)
  await program.works(['purge', `x:${bucket}`], env)
  yield 'mkdir, copy, check, sync byte for byte, lsf and purge; another bucket refused'
}

/** The distribution's rclone, with ready credentials of a session. */
export async function* rclone(place: Place): AsyncGenerator<string> {
  const program = prepare(place, 'rclone')
  const session = await mintSession(place)
  const ready = variablesOf(session)
  yield* objects(program, 'open-rclone', ready)
  await program.works(['mkdir', 'x:open-rclone'], ready)
  const { AWS_SESSION_TOKEN: _token, ...withoutToken } = ready
  await program.refused(['lsf', 'x:open-rclone'], /InvalidAccessKeyId|403/, withoutToken)
  yield 'refused: a session without its token'
  await revokeSession(place, session)
  await program.refused(['lsf', 'x:open-rclone'], /InvalidToken/, ready)
  yield 'refused: a revoked session'
}

const NEWER = join(recipe('rclone').folder, 'rclone')

/** Whether the newer rclone was built before, by the recipe `rclone`: that takes minutes, and this run does not wait for it. */
export const hasNewerRclone = () => existsSync(NEWER)

/** A newer rclone, whose SDK exchanges tokens by itself. */
export async function* newerRclone(place: Place): AsyncGenerator<string> {
  const program = prepare(place, NEWER)
  const identity = (file: string, role: string) => ({
    AWS_ENDPOINT_URL_STS: place.url,
    AWS_ROLE_ARN: roleArn(role),
    AWS_WEB_IDENTITY_TOKEN_FILE: file,
    ...(place.authority === undefined ? {} : { AWS_CA_BUNDLE: place.authority }),
  })
  yield* objects(program, 'open-rclone-newer', identity(place.tokens.alice, 'files'))
  await program.refused(['lsf', 'x:open-rclone'], /AccessDenied/, identity(place.tokens.alice, 'others'))
  yield 'refused: a role for another subject'
  await program.refused(['lsf', 'x:open-rclone'], /ExpiredToken/, identity(place.tokens.expired, 'files'))
  yield 'refused: an expired token'
}
