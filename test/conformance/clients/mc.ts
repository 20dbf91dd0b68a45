import assert from 'node:assert/strict'
import { join } from 'node:path'
import { temporaryFolder } from '../../support/local-host.ts'
import { makeFiles, mintSession, type Place, revokeSession } from './place.ts'
import { type Program, programOf } from './program.ts'
import { CLOSED, OPEN, ROOT, roleArn, UPLOADER } from './trust.ts'

const DENIED = /AccessDenied|Access Denied|Insufficient permissions/

/** MinIO's command line client, by a long-term key and by a token with and without a role. */
export async function* mc(place: Place, folder: string): AsyncGenerator<string> {
  const trusted = place.authority === undefined ? {} : { SSL_CERT_FILE: place.authority }
  const program = programOf(join(folder, 'mc'), { HOME: temporaryFolder(), ...trusted })
  const { AccessKeyId, SecretAccessKey } = UPLOADER
  await program.works(['alias', 'set', 'x', place.url, AccessKeyId, SecretAccessKey, '--api', 'S3v4'])
  yield* objects(program, 'a long-term key', 'open-mc-key', {})
  await program.refused(['ls', 'wrong'], /SignatureDoesNotMatch|signature/, {
    MC_HOST_wrong: place.url.replace('://', `://${AccessKeyId}:${ROOT.SecretAccessKey}@`),
  })
  yield "refused: another's secret"

  const session = await mintSession(place)
  const ready = {
    MC_HOST_x: place.url.replace(
      '://',
      `://${session.AccessKeyId}:${session.SecretAccessKey}:${session.SessionToken}@`,
    ),
  }
  await program.works(['ls', `x/${OPEN}`], ready)
  await program.refused(['ls', `x/${CLOSED}`], DENIED, ready)
  await revokeSession(place, session)
  await program.refused(['ls', `x/${OPEN}`], /token is malformed|InvalidToken/, ready)
  yield 'ready credentials work, and no more once the session is revoked'

  const identity = (file: string, role?: string) => ({
    MC_HOST_x: place.url,
    MC_STS_ENDPOINT_x: place.url,
    MC_WEB_IDENTITY_TOKEN_FILE_x: file,
    ...(role === undefined ? {} : { MC_ROLE_ARN_x: roleArn(role) }),
  })
  const { alice, expired, forged } = place.tokens
  yield* objects(program, 'a token and a role', 'open-mc-role', identity(alice, 'files'))
  yield* objects(program, 'a token that names a policy', 'open-mc-claim', identity(alice))
  // Without credentials mc goes on as nobody, so that a refused exchange ends at the bucket.
  await program.works(['ls', `x/${OPEN}`], identity(alice, 'files'))
  for (const [what, env] of [
    ['a role for another subject', identity(alice, 'others')],
    ['an expired token', identity(expired, 'files')],
    ['an expired token without a role', identity(expired)],
    ["a token of a key that is not the issuer's", identity(forged, 'files')],
  ] as const) {
    await program.refused(['ls', `x/${OPEN}`], DENIED, env)
    yield `refused: ${what}`
  }
}

async function* objects(
  program: Program,
  by: string,
  bucket: string,
  env: Readonly<Record<string, string>>,
): AsyncGenerator<string> {
  const { folder, contents } = makeFiles()
  await program.works(['mb', `x/${bucket}`], env)
  for (const [name, bytes] of contents) {
    const object = `x/${bucket}/folder/${name}`
    await program.works(['cp', '--quiet', '--tags', 'team=a', join(folder, name), object], env)
    assert.ok((await program.works(['cat', object], env)).equals(bytes), `${object} came back otherwise`)
    const { size } = JSON.parse(String(await program.works(['stat', '--json', object], env)))
    assert.equal(size, bytes.length)
    const tags = JSON.parse(String(await program.works(['tag', 'list', '--json', object], env)))
    assert.deepEqual(tags.tagset, { team: 'a' })
    await program.works(['tag', 'set', object, 'team=b&purpose=trial'], env)
    const later = JSON.parse(String(await program.works(['tag', 'list', '--json', object], env)))
    assert.deepEqual(later.tagset, { team: 'b', purpose: 'trial' })
  }
  const list = async () =>
    String(await program.works(['ls', '--json', '--recursive', `x/${bucket}/`], env))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  assert.deepEqual(
    (await list()).map(({ key, size }) => [key, size]).sort(),
    [...contents].map(([name, bytes]) => [`folder/${name}`, bytes.length]).sort(),
  )
  yield `${by}: mb, cp, cat, stat, tag and ls of ${[...contents.values()].map(({ length }) => length).join(' and ')} bytes`

  const [small = ''] = contents.keys()
  for (const args of [
    ['ls', `x/${CLOSED}`],
    ['cat', `x/${CLOSED}/object`],
    ['cp', '--quiet', join(folder, small), `x/${CLOSED}/new`],
    ['rm', `x/${CLOSED}/object`],
    ['tag', 'set', `x/${CLOSED}/object`, 'a=b'],
    ['mb', 'x/elsewhere'],
  ]) {
    await program.refused(args, DENIED, env)
  }
  yield `${by}: refused what no policy allows`

  await program.works(['rm', '--recursive', '--force', `x/${bucket}/`], env)
  assert.deepEqual(await list(), [])
  await program.works(['rb', `x/${bucket}`], env)
  yield `${by}: rm and rb`
}
