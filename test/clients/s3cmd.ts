import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeCertificate } from '../infra/local/certificates.ts'
import { temporaryFolder } from '../support/local-host.ts'
import { POWERLESS_ROLE, startWorld, type World } from './world.ts'

const redirect = fileURLToPath(new URL('python', import.meta.url))

/** What s3cmd does at a local host with TLS; `s3cmd` is the path of the program. */
export function s3cmdJourneys(s3cmd: string): void {
  let world: World
  let address: string
  let cert: string
  beforeAll(async () => {
    const pair = makeCertificate(temporaryFolder(), 'server', { names: ['sts.amazonaws.com'] })
    cert = pair.cert
    world = await startWorld({ DAYPASS_TLS_CERT: pair.cert, DAYPASS_TLS_KEY: pair.key })
    address = new URL(world.host.url).host
    const settings = ['[default]', `host_base = ${address}`, `host_bucket = ${address}`, 'use_https = True']
    writeFileSync(join(world.home, 's3cfg'), [...settings, `ca_certs_file = ${cert}`, ''].join('\n'))
  })
  afterAll(() => world.end())

  const command = (args: string, env: Record<string, string> = {}) =>
    world.run(s3cmd, ['-c', join(world.home, 's3cfg'), '--no-progress', ...args.split(' ')], {
      ...world.webIdentity,
      PYTHONPATH: redirect,
      STS_ADDRESS: address,
      SSL_CERT_FILE: cert,
      ...env,
    })

  it('exchanges its token in a query string and works with objects byte for byte', async () => {
    const content = randomBytes(200_000)
    writeFileSync(join(world.home, 'file'), content)
    expect(await command('mb s3://s3cmd-bucket')).toMatchObject({ code: 0 })
    expect(await command('put file s3://s3cmd-bucket/folder/file')).toMatchObject({ code: 0 })
    expect((await command('ls')).stdout).toMatch(/s3:\/\/s3cmd-bucket\n$/)
    expect((await command('ls --recursive s3://s3cmd-bucket')).stdout).toMatch(
      / 200000 +s3:\/\/s3cmd-bucket\/folder\/file\n$/,
    )
    expect(await command('get s3://s3cmd-bucket/folder/file back')).toMatchObject({ code: 0 })
    expect(readFileSync(join(world.home, 'back')).equals(content)).toBe(true)
    expect(await command('rm s3://s3cmd-bucket/folder/file')).toMatchObject({ code: 0 })
    expect(await command('rb s3://s3cmd-bucket')).toMatchObject({ code: 0 })
  })

  it('gets nowhere with a token for another audience', async () => {
    const AWS_WEB_IDENTITY_TOKEN_FILE = world.tokenFile('other', { aud: 'other' })
    const outcome = await command('ls', { AWS_WEB_IDENTITY_TOKEN_FILE })
    expect(outcome.code).not.toBe(0)
    expect(world.host.stderr()).toContain('"errorCode":"InvalidIdentityToken"')
  })

  it('gets nowhere with a role that has no rights', async () => {
    const outcome = await command('ls', { AWS_ROLE_ARN: POWERLESS_ROLE })
    expect(outcome).toMatchObject({ code: 77, stderr: expect.stringContaining('(AccessDenied)') })
  })
}
