import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../../support/local-host.ts'
import { makeFiles, mintSession, type Place, revokeSession, variablesOf } from './place.ts'
import { programOf } from './program.ts'
import { CLOSED } from './trust.ts'

const DENIED = /Access Denied/

/** Backs up and restores with ready credentials of a session. */
export async function* restic(place: Place): AsyncGenerator<string> {
  const session = await mintSession(place)
  const { folder, contents } = makeFiles()
  const password = { HOME: temporaryFolder(), RESTIC_PASSWORD: 'a repository of a trial', RESTIC_PROGRESS_FPS: '0' }
  const program = programOf('restic', { ...password, AWS_DEFAULT_REGION: 'us-east-1' })
  const trusted = place.authority === undefined ? [] : ['--cacert', place.authority]
  const at = (bucket: string, ...args: string[]) => [
    '--no-cache',
    ...trusted,
    '-r',
    `s3:${place.url}/${bucket}`,
    ...args,
  ]
  const ready = variablesOf(session)

  await program.works(at('open-restic', 'init'), ready)
  await program.works(at('open-restic', 'backup', folder), ready)
  const target = temporaryFolder()
  await program.works(at('open-restic', 'restore', 'latest', '--target', target), ready)
  for (const [name, bytes] of contents) {
    assert.ok((await readFile(join(target, folder, name))).equals(bytes), `${name} was restored otherwise`)
  }
  await program.works(at('open-restic', 'check', '--read-data'), ready)
  await program.works(at('open-restic', 'forget', '--prune', 'latest'), ready)
  yield 'init, backup, restore byte for byte, check, forget and prune by a session'

  await program.refused(at(CLOSED, 'init'), DENIED, ready)
  yield 'refused: another bucket'
  const { AWS_SESSION_TOKEN: _token, ...withoutToken } = ready
  await program.refused(at('open-restic', 'snapshots'), DENIED, withoutToken)
  yield 'refused: a session without its token'
  await revokeSession(place, session)
  await program.refused(at('open-restic', 'snapshots'), /unable to open config file/, ready)
  yield 'refused: a revoked session'
}
