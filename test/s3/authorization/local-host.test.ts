import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSettings } from '../../../infra/local/settings.ts'
import { endLocalHosts, type LocalHostProcess, startLocalHost } from '../../support/local-host.ts'
import { sendRaw } from './support/raw-request.ts'

const ROOT = { AccessKeyId: 'root-key', SecretAccessKey: 'root-secret' }
const as = { accessKeyId: ROOT.AccessKeyId, secretAccessKey: ROOT.SecretAccessKey }

let host: LocalHostProcess
beforeAll(async () => {
  host = await startLocalHost({
    env: { DAYPASS_S3_DOMAIN: 's3.test, Objects.test' },
    bootstrap: { accounts: [{ id: '000000000000', rootAccessKey: ROOT }] },
  })
  await sendRaw(host.url, { method: 'PUT', path: '/bkt', as })
}, 120_000)
afterAll(endLocalHosts)

describe('a local host with a domain', () => {
  it.each(['bkt.s3.test', 'bkt.objects.test'])('serves %s as the bucket and as nothing else', async (name) => {
    const headers = { host: name }
    const put = await sendRaw(host.url, { method: 'PUT', path: '/AssumeRole', headers, as, body: 'an object' })
    expect(put.status).toBe(200)
    expect((await sendRaw(host.url, { path: '/AssumeRole', headers, as })).body).toBe('an object')
    for (const path of ['/_daypass/health', '/.well-known/jwks.json']) {
      expect((await sendRaw(host.url, { path, headers, as })).code).toBe('NoSuchKey')
    }
    const post = await sendRaw(host.url, {
      method: 'POST',
      path: '/',
      headers,
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    })
    expect(post.code).toBe('PreconditionFailed')
  })

  it.each(['s3.test', 'elsewhere.test', '127.0.0.1'])('serves everything under %s', async (name) => {
    const headers = { host: name }
    expect((await sendRaw(host.url, { path: '/_daypass/health', headers })).status).toBe(200)
    expect((await sendRaw(host.url, { path: '/bkt/AssumeRole', headers, as })).status).toBe(200)
  })
})

describe('DAYPASS_S3_DOMAIN', () => {
  const domains = (env: Record<string, string>) => readSettings(env).s3Domains
  it('has MINIO_DOMAIN as an alias, and is empty by default', () => {
    expect(domains({})).toEqual([])
    expect(domains({ MINIO_DOMAIN: 'a.test' })).toEqual(['a.test'])
    expect(domains({ MINIO_DOMAIN: 'a.test', DAYPASS_S3_DOMAIN: 'b.test,C.test' })).toEqual(['b.test', 'c.test'])
  })

  it.each(['http://s3.test', '*.s3.test', 's3 test', '.s3.test'])('as %s stops the start', (DAYPASS_S3_DOMAIN) => {
    expect(() => domains({ DAYPASS_S3_DOMAIN })).toThrow('DAYPASS_S3_DOMAIN must be host names')
  })
})
