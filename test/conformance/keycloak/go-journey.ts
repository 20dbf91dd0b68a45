import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { temporaryFolder } from '../../support/local-host.ts'
import type { Secrets } from '../shared/secrets.ts'
import { buildGoClients } from './go-clients.ts'
import { tokensOf } from './tokens.ts'
import { roleArn } from './trust.ts'

interface World {
  /** Has roles that trust the realm. */
  readonly withRoles: string
  /** Takes what the realm's claims name. */
  readonly withClaims: string
  readonly issuer: string
  readonly secrets: Secrets
}

/** What minio-go's providers do with Keycloak's tokens; each step is told when it is done, and a wrong one throws. */
export async function* goJourney({ withRoles, withClaims, issuer, secrets }: World): AsyncGenerator<string> {
  const tokens = tokensOf(issuer, secrets)
  const program = buildGoClients()
  const file = join(temporaryFolder(), 'token')
  const env = { PATH: process.env.PATH, HOME: temporaryFolder() }
  const run = async (journey: string, endpoint: string, token: string, ...role: readonly string[]) => {
    writeFileSync(file, `${token}\n`)
    const { stdout } = await promisify(execFile)(program, [journey, endpoint, file, ...role], { env })
    return JSON.parse(stdout)
  }
  const whole = { whole: true, names: ['folder/käy + more'] }
  const [user, other] = [await tokens.ofUser('minio', 'alice'), await tokens.ofUser('app', 'alice')]
  const service = await tokens.ofService('service')

  assert.deepEqual(await run('minio', withClaims, user.idToken, ''), whole)
  assert.deepEqual(await run('minio', withRoles, other.idToken, roleArn('project')), whole)
  yield 'minio-go’s WebIdentity works with objects, by a claim and by a role'
  assert.deepEqual(await run('minio-client-grants', withClaims, user.accessToken), whole)
  yield 'minio-go’s ClientGrants works with objects'
  assert.deepEqual(await run('minio-client-grants', withClaims, service.accessToken), { error: 'AccessDenied' })
  yield 'refused: minio-go with a service’s token of the policy readonly, when it makes a bucket'
  assert.deepEqual(await run('minio-client-grants', withClaims, other.accessToken), { error: 'InvalidIdentityToken' })
  assert.deepEqual(await run('minio', withClaims, other.idToken, ''), { error: 'InvalidIdentityToken' })
  yield 'refused: minio-go with tokens of a client that no source is for'
}
