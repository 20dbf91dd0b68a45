import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { endLocalHosts, failToStart, startLocalHost, temporaryFolder } from '../../support/local-host.ts'
import { signRequest } from '../../support/sign.ts'
import { hasOpenssl, selfSigned } from './certificates.ts'
import { ACCOUNT, s3Client } from './clients.ts'

const openssl = hasOpenssl()
if (!openssl) {
  if (process.env.CI) throw new Error('openssl is missing: the tests of TLS need it to make certificates')
  console.warn('SKIPPED: tests of TLS, because there is no openssl to make certificates with')
}

afterEach(endLocalHosts)

const ALICE = { AccessKeyId: 'alice-key', SecretAccessKey: 'alice-secret' }
const secureOnly = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Action: 's3:ListAllMyBuckets',
    Resource: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'true' } },
  },
}
const bootstrap = {
  accounts: [{ id: ACCOUNT, users: [{ UserName: 'alice', accessKeys: [ALICE], policies: { secureOnly } }] }],
}

async function listBuckets(url: string, tls: object = {}, headers: Record<string, string> = {}) {
  const signed = signRequest({
    accessKeyId: ALICE.AccessKeyId,
    secretAccessKey: ALICE.SecretAccessKey,
    method: 'GET',
    url: `${url}/`,
    headers,
    service: 's3',
    region: 'us-east-1',
    now: Date.now(),
  })
  const request = httpsRequest(`${url}/`, { headers: signed.headers, agent: false, ...tls }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { status: response.statusCode, body: await text(response) }
}

describe.skipIf(!openssl)('TLS', () => {
  it('serves over https, and policies see a secure transport', async () => {
    const { cert, key } = selfSigned(temporaryFolder(), 'server')
    const host = await startLocalHost({ bootstrap, env: { DAYPASS_TLS_CERT: cert, DAYPASS_TLS_KEY: key } })
    expect(host.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    expect(await listBuckets(host.url, { ca: readFileSync(cert) })).toMatchObject({ status: 200 })
    expect(await host.stop()).toEqual({ code: 0, signal: null })
  })

  it('tells policies of an insecure transport without it, whatever a header claims', async () => {
    const host = await startLocalHost({ bootstrap })
    const { ListBucketsCommand } = await import('@aws-sdk/client-s3')
    const s3 = s3Client(host.url, ALICE)
    s3.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: Record<string, string> }).headers, { 'x-forwarded-proto': 'https' })
        return next(args)
      },
      { step: 'build' },
    )
    await expect(s3.send(new ListBucketsCommand({}))).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  it('asks for a client certificate and serves those who have none, or one of an unknown authority', async () => {
    const folder = temporaryFolder()
    const { cert, key } = selfSigned(folder, 'server')
    const [known, stranger] = [selfSigned(folder, 'known'), selfSigned(folder, 'stranger')]
    const env = { DAYPASS_TLS_CERT: cert, DAYPASS_TLS_KEY: key, DAYPASS_TLS_CLIENT_CA: known.cert }
    const host = await startLocalHost({ bootstrap, env })
    const ca = readFileSync(cert)
    const shown = ({ cert, key }: { cert: string; key: string }) => ({
      cert: readFileSync(cert),
      key: readFileSync(key),
    })
    for (const client of [{}, shown(known), shown(stranger)]) {
      expect(await listBuckets(host.url, { ca, ...client })).toMatchObject({ status: 200 })
    }
  })

  it('lets npm start do its journey with a certificate that no authority knows', async () => {
    const { cert, key } = selfSigned(temporaryFolder(), 'server')
    const env = { DAYPASS_TLS_CERT: cert, DAYPASS_TLS_KEY: key }
    const host = await startLocalHost({ script: 'start', env })
    const [json = ''] = await host.until(/^\{\n[\s\S]*?^\}$/m)
    expect(JSON.parse(json)).toMatchObject({ buckets: ['demo-bucket'] })
  })

  it.each([
    ['a certificate that is none', ({ key }: { key: string }, none: string) => [none, key]],
    ['a key that is none', ({ cert }: { cert: string }, none: string) => [cert, none]],
    ['the certificate and key swapped', ({ cert, key }: { cert: string; key: string }) => [key, cert]],
  ])('refuses to start with %s, in one sentence', async (_flaw, choose) => {
    const folder = temporaryFolder()
    const none = join(folder, 'none.pem')
    writeFileSync(none, 'no PEM')
    const [cert = '', key = ''] = choose(selfSigned(folder, 'server'), none)
    const { code, stderr } = await failToStart({ env: { DAYPASS_TLS_CERT: cert, DAYPASS_TLS_KEY: key } })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^[^\n]*DAYPASS_TLS_CERT[^\n]*\.\n$/)
  })

  it('refuses to start with the key of another certificate, in one sentence', async () => {
    const folder = temporaryFolder()
    const env = {
      DAYPASS_TLS_CERT: selfSigned(folder, 'one').cert,
      DAYPASS_TLS_KEY: selfSigned(folder, 'other').key,
    }
    const { code, stderr } = await failToStart({ env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^[^\n]*DAYPASS_TLS_CERT[^\n]*\.\n$/)
  })
})
