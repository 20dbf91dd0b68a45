import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { id_kp_serverAuth } from '@peculiar/asn1-x509'
import { afterAll, describe, expect, it } from 'vitest'
import { sendRaw } from '../../s3/authorization/support/raw-request.ts'
import { dns, type Made, makeAuthority, makeCertificate } from '../../support/certificate-maker.ts'
import { endLocalHosts, startLocalHost, temporaryFolder } from '../../support/local-host.ts'
import { ACCOUNT, s3Client } from './clients.ts'

afterAll(endLocalHosts)

const ROOT = { AccessKeyId: 'root-key', SecretAccessKey: 'root-secret' }
const SIGNER = { accessKeyId: ROOT.AccessKeyId, secretAccessKey: ROOT.SecretAccessKey }
const STORE_KEY = { AccessKeyId: 'store-key', SecretAccessKey: 'store-secret' }
const bootstrap = (rootAccessKey: typeof ROOT) => ({ accounts: [{ id: ACCOUNT, rootAccessKey }] })

const authority = makeAuthority()
const serverCertificate = (more = {}) =>
  makeCertificate({
    by: authority,
    subject: { CN: 'store' },
    names: [dns('localhost')],
    purposes: [id_kp_serverAuth],
    ...more,
  })

const folder = temporaryFolder()
function fileOf(name: string, content: string): string {
  writeFileSync(join(folder, name), content, { mode: 0o600 })
  return join(folder, name)
}
const trusted = { NODE_EXTRA_CA_CERTS: fileOf('ca.pem', authority.pem) }

/** A gateway whose store is on this port, called by a name that its certificate is to have. */
const gatewayBefore = (port: string | number, env: Readonly<Record<string, string>>) =>
  startLocalHost({
    bootstrap: bootstrap(ROOT),
    env: {
      DAYPASS_S3_ENDPOINT: `https://localhost:${port}`,
      DAYPASS_S3_ACCESS_KEY_ID: STORE_KEY.AccessKeyId,
      DAYPASS_S3_SECRET_ACCESS_KEY: STORE_KEY.SecretAccessKey,
      ...env,
    },
  })

describe('a store behind the gateway that is reached over TLS', () => {
  it('takes and gives objects byte for byte, where NODE_EXTRA_CA_CERTS names its authority', async () => {
    const { pem, keyPem } = serverCertificate()
    const store = await startLocalHost({
      bootstrap: bootstrap(STORE_KEY),
      env: { DAYPASS_TLS_CERT: fileOf('cert.pem', pem), DAYPASS_TLS_KEY: fileOf('key.pem', keyPem) },
    })
    const host = await gatewayBefore(new URL(store.url).port, trusted)
    const s3 = s3Client(host.url, ROOT)
    await s3.send(new CreateBucketCommand({ Bucket: 'behind' }))
    const read = async (Key: string, Range?: string) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'behind', Key, Range }))
      return Buffer.from((await Body?.transformToByteArray()) ?? [])
    }
    for (const size of [0, 1, 5 * 1024 * 1024 + 1]) {
      const content = randomBytes(size)
      const Key = `of ${size}`
      await s3.send(new PutObjectCommand({ Bucket: 'behind', Key, Body: content }))
      expect((await read(Key)).equals(content)).toBe(true)
      if (size > 1) expect((await read(Key, 'bytes=1000000-4000000')).equals(content.subarray(1e6, 4e6 + 1))).toBe(true)
    }
  })

  it.each<[string, Made, Readonly<Record<string, string>>, RegExp]>([
    ['is from an authority that nobody trusts', serverCertificate(), {}, /unable to verify the first certificate/],
    [
      'is of an authority of the same name',
      serverCertificate({ by: makeAuthority() }),
      trusted,
      /certificate signature failure/,
    ],
    [
      'is of another host',
      serverCertificate({ names: [dns('elsewhere.test')] }),
      trusted,
      /does not match certificate's altnames/,
    ],
    ['has expired', serverCertificate({ to: Date.parse('2025-02-01T00:00:00Z') }), trusted, /certificate has expired/],
  ])(
    'is told nothing when its certificate %s: the log says why, the answer does not',
    async (_flaw, made, env, why) => {
      let asked = 0
      const server = createServer({ cert: made.pem, key: made.keyPem }, (_req, res) => {
        asked += 1
        res.writeHead(500).end()
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      try {
        const host = await gatewayBefore((server.address() as AddressInfo).port, env)
        const answer = await sendRaw(host.url, { method: 'PUT', path: '/behind', as: SIGNER })
        expect([answer.status, answer.code]).toEqual([503, 'ServiceUnavailable'])
        expect(answer.body).not.toMatch(/certificate|localhost|store/i)
        await host.stop()
        const logged = host
          .stderr()
          .split('\n')
          .filter((line) => line.includes('"code":"ServiceUnavailable"'))
        expect(logged).toEqual([expect.stringMatching(why)])
        expect(asked).toBe(0)
      } finally {
        server.closeAllConnections()
        server.close()
      }
    },
  )
})
