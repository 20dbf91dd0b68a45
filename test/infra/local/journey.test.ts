import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterEach, describe, expect, it } from 'vitest'
import {
  endLocalHosts,
  failToStart,
  type LocalHostProcess,
  startLocalHost,
  temporaryFolder,
} from '../../support/local-host.ts'
import { type KeyPair, s3Client, whoAmI } from './clients.ts'

afterEach(endLocalHosts)

interface Printed {
  readonly buckets: readonly string[]
  readonly credentials: Required<KeyPair> & { readonly Expiration: string }
}

/** The JSON object that stands between the lines for people. */
async function printed(host: LocalHostProcess): Promise<Printed> {
  await host.until(/Daypass keeps serving/)
  const [json = ''] = await host.until(/^\{\n[\s\S]*?^\}$/m)
  return JSON.parse(json)
}

const start = (dataDir: string, env = {}) => startLocalHost({ script: 'start', dataDir, env })

describe('npm start', () => {
  it('logs in, exchanges the token, prints buckets and credentials that work, and says what to try', async () => {
    const host = await start(temporaryFolder())
    const { buckets, credentials } = await printed(host)
    expect(host.stdout()).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+$/m)
    expect(buckets).toEqual(['demo-bucket'])
    expect(Object.keys(credentials).sort()).toEqual(['AccessKeyId', 'Expiration', 'SecretAccessKey', 'SessionToken'])
    expect(credentials.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
    expect(Date.parse(credentials.Expiration)).toBeGreaterThan(Date.now())
    expect(await whoAmI(host.url, credentials)).toBe('arn:aws:sts::000000000000:assumed-role/demo/demo')
    const { Buckets = [] } = await s3Client(host.url, credentials).send(new ListBucketsCommand({}))
    expect(Buckets.map(({ Name }) => Name)).toEqual(buckets)
    expect(host.stdout()).toContain(`AWS_ENDPOINT_URL=${host.url}`)
    expect(await host.stop('SIGINT')).toEqual({ code: 0, signal: null })
    expect(host.stderr()).toBe('')
  })

  it('works again on the same folder with another issuer port, and ends nothing that was given out before', async () => {
    const dataDir = temporaryFolder()
    const first = await start(dataDir)
    const before = await printed(first)
    await first.stop()
    const second = await start(dataDir)
    const after = await printed(second)
    expect(after.buckets).toEqual(before.buckets)
    expect(second.stdout()).not.toContain('root access key')
    expect(await whoAmI(second.url, before.credentials)).toBe(await whoAmI(second.url, after.credentials))
    const s3 = s3Client(second.url, after.credentials)
    await s3.send(new PutObjectCommand({ Bucket: 'demo-bucket', Key: 'k', Body: 'v' }))
  })

  it('works in an account with an empty id', async () => {
    const host = await start(temporaryFolder(), { DAYPASS_ACCOUNT_ID: '' })
    const { buckets, credentials } = await printed(host)
    expect(buckets).toEqual(['demo-bucket'])
    expect(await whoAmI(host.url, credentials)).toBe('arn:aws:sts:::assumed-role/demo/demo')
  })

  it('finds another bucket name when the plain one belongs to another account', async () => {
    const dataDir = temporaryFolder()
    const first = await start(dataDir)
    await printed(first)
    await first.stop()
    const { buckets } = await printed(await start(dataDir, { DAYPASS_ACCOUNT_ID: '111122223333' }))
    expect(buckets).toEqual([expect.stringMatching(/^demo-bucket-[0-9a-f]{12}$/)])
  })

  it('writes no secret and no token into its log', async () => {
    const dataDir = temporaryFolder()
    const host = await start(dataDir)
    const { credentials } = await printed(host)
    await host.stop()
    const [, rootSecret = ''] = /SecretAccessKey {2}(\S+)/.exec(host.stdout()) ?? []
    const log = readFileSync(join(dataDir, 'log.jsonl'), 'utf8')
    const records = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records).toContainEqual(
      expect.objectContaining({
        eventName: 'AssumeRoleWithWebIdentity',
        eventVersion: '1.11',
        responseElements: { credentials: { accessKeyId: credentials.AccessKeyId } },
      }),
    )
    for (const secret of [rootSecret, credentials.SecretAccessKey, credentials.SessionToken]) {
      expect(secret.length).toBeGreaterThan(30)
      expect(log).not.toContain(secret)
    }
    expect(log).not.toMatch(/eyJ[\w-]+\.eyJ|demo-password/)
  })

  it('says one sentence when the port of its OpenID provider is in use, and has made nothing by then', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const port = String((other.address() as AddressInfo).port)
    const dataDir = temporaryFolder()
    const env = { DAYPASS_DEMO_ISSUER_PORT: port }
    const { code, stderr, stdout } = await failToStart({ script: 'start', dataDir, env })
    other.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(new RegExp(`^Port ${port} [^\\n]*DAYPASS_DEMO_ISSUER_PORT[^\\n]*\\n$`))
    expect(stdout).not.toContain('root access key')
    expect(readdirSync(dataDir)).toEqual(['log.jsonl'])
  })
})
