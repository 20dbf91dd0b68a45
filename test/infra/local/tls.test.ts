import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { pinnedAgent } from '../../../infra/local/demo/pinned-agent.ts'
import { readBody, toEvent, toRequest } from '../../../infra/local/event.ts'
import { listen } from '../../../infra/local/listener.ts'
import { endLocalHosts, failToStart, leaveOut, startLocalHost, temporaryFolder } from '../../support/local-host.ts'
import { signRequest } from '../../support/sign.ts'
import { hasOpenssl, makeCertificate } from './certificates.ts'
import { ACCOUNT, s3Client } from './clients.ts'

const openssl = hasOpenssl()
if (!openssl) leaveOut('the tests of TLS', 'openssl 3 is not here to make certificates')

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
    const { cert, key } = makeCertificate(temporaryFolder(), 'server')
    const host = await startLocalHost({ bootstrap, env: { DAYPASS_TLS_CERT: cert, DAYPASS_TLS_KEY: key } })
    expect(host.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    expect(await listBuckets(host.url, { ca: readFileSync(cert) })).toMatchObject({ status: 200 })
    expect(await host.stop()).toEqual({ code: 0, signal: null })
  })

  it('tells policies of its version, and of none that a header claims', async () => {
    const modern = {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Action: 's3:ListAllMyBuckets',
        Resource: '*',
        Condition: { NumericGreaterThanEquals: { 's3:TlsVersion': '1.3' } },
      },
    }
    const users = [{ UserName: 'alice', accessKeys: [ALICE], policies: { modern } }]
    const { cert, key } = makeCertificate(temporaryFolder(), 'server')
    const env = { DAYPASS_TLS_CERT: cert, DAYPASS_TLS_KEY: key }
    const host = await startLocalHost({ bootstrap: { accounts: [{ id: ACCOUNT, users }] }, env })
    const ask = async (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
      (await listBuckets(host.url, { ca: readFileSync(cert), maxVersion }, { 's3-tlsversion': '1.3' })).status
    expect([await ask('TLSv1.3'), await ask('TLSv1.2')]).toEqual([200, 403])
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
    const { cert, key } = makeCertificate(folder, 'server')
    const [known, stranger] = [makeCertificate(folder, 'known'), makeCertificate(folder, 'stranger')]
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

  it.each([
    ['a certificate of the configured authority', 'known', true],
    ['a certificate that it signed for itself', 'stranger', false],
    ['none', undefined, false],
  ])('tells handlers of the certificate of a client that shows %s: %s', async (_what, shown, told) => {
    const folder = temporaryFolder()
    const { cert, key } = makeCertificate(folder, 'server')
    const authority = makeCertificate(folder, 'authority')
    const clients = {
      known: makeCertificate(folder, 'known', { authority }),
      stranger: makeCertificate(folder, 'stranger'),
    }
    const client = clients[shown as keyof typeof clients]
    const tls = { cert, key, clientCa: authority.cert }
    const log = { info: () => {}, warn: () => {}, error: () => {} }
    const listener = await listen(
      { host: '127.0.0.1', port: 0, tls },
      async (request, response) => {
        const body = await readBody(request)
        response.end(JSON.stringify({ event: toEvent(request, body), read: toRequest(request, body) }))
      },
      log,
    )
    const identity = client ? { cert: readFileSync(client.cert), key: readFileSync(client.key) } : {}
    const request = httpsRequest(listener.url, { ca: readFileSync(cert), agent: false, ...identity }).end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const { event, read } = JSON.parse(await text(response))
    const { requestContext, headers } = event
    await listener.close()
    expect(headers['x-forwarded-proto']).toBe('https')
    const certificate = told && client ? readFileSync(client.cert, 'utf8') : undefined
    expect(requestContext.authentication?.clientCert.clientCertPem).toBe(certificate)
    expect(read).toMatchObject({ secure: true, headers })
    expect(read.clientCertificate).toBe(certificate)
  })

  it('is trusted by the demo for its very certificate alone, not for one that it signed', async () => {
    const folder = temporaryFolder()
    const own = makeCertificate(folder, 'own')
    const signed = makeCertificate(folder, 'signed', { authority: own })
    for (const [served, outcome] of [
      [own, 'trusted'],
      [signed, 'refused'],
    ] as const) {
      const log = { info: () => {}, warn: () => {}, error: () => {} }
      const listener = await listen(
        { host: '127.0.0.1', port: 0, tls: served },
        (_request, response) => response.end(),
        log,
      )
      const agent = pinnedAgent(own.cert)
      const request = httpsRequest(listener.url, { agent }).end()
      const met = await once(request, 'response').then(
        ([response]) => response.resume() && 'trusted',
        () => 'refused',
      )
      agent.destroy()
      await listener.close()
      expect(met).toBe(outcome)
    }
  })

  it('lets npm start do its journey with a certificate that no authority knows', async () => {
    const { cert, key } = makeCertificate(temporaryFolder(), 'server')
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
    const [cert = '', key = ''] = choose(makeCertificate(folder, 'server'), none)
    const { code, stderr } = await failToStart({ env: { DAYPASS_TLS_CERT: cert, DAYPASS_TLS_KEY: key } })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^[^\n]*DAYPASS_TLS_CERT[^\n]*\.\n$/)
  })

  it('refuses to start with the key of another certificate, in one sentence', async () => {
    const folder = temporaryFolder()
    const env = {
      DAYPASS_TLS_CERT: makeCertificate(folder, 'one').cert,
      DAYPASS_TLS_KEY: makeCertificate(folder, 'other').key,
    }
    const { code, stderr } = await failToStart({ env })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^[^\n]*DAYPASS_TLS_CERT[^\n]*\.\n$/)
  })
})
