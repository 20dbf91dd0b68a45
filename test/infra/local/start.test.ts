import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { systemClock } from '@daypass/core/deps.ts'
import { openEmbeddedStore } from '@daypass/core/store/embedded/embedded-store.ts'
import { accessKeyKey } from '@daypass/core/store/keys.ts'
import { afterEach, describe, expect, it } from 'vitest'
import { endLocalHosts, failToStart, startLocalHost, temporaryFolder } from '../../support/local-host.ts'
import { type KeyPair, ROOT, whoAmI } from './clients.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) server.close()
  await endLocalHosts()
})

async function busyPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return String((server.address() as AddressInfo).port)
}

function shownKeys(output: string): KeyPair[] {
  return [...output.matchAll(/AccessKeyId +(\S+)\n +SecretAccessKey +(\S+)/g)].map(
    ([, AccessKeyId = '', SecretAccessKey = '']) => ({ AccessKeyId, SecretAccessKey }),
  )
}

const ROOT_ARN = 'arn:aws:iam::000000000000:root'
const ALICE = { AccessKeyId: 'alice-key', SecretAccessKey: 'alice-secret' }
const documentWith = (user: object) => ({
  accounts: [{ id: '000000000000', rootAccessKey: ROOT, users: [{ UserName: 'alice', accessKeys: [ALICE], ...user }] }],
})

describe('the first start', () => {
  it('shows the root key once, and the key works then and after a restart that shows none', async () => {
    const dataDir = temporaryFolder()
    const first = await startLocalHost({ dataDir })
    const [key, ...more] = shownKeys(first.stdout())
    if (!key) throw new Error('no key was shown')
    expect(more).toEqual([])
    expect(key).toEqual({
      AccessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
    })
    expect(await whoAmI(first.url, key)).toBe(ROOT_ARN)
    const altered = { ...key, SecretAccessKey: `${key.SecretAccessKey}x` }
    await expect(whoAmI(first.url, altered)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
    expect(await first.stop()).toEqual({ code: 0, signal: null })
    expect(first.stderr()).not.toContain(key.SecretAccessKey)

    const second = await startLocalHost({ dataDir })
    expect(second.stdout()).toBe(`ready ${second.url}\n`)
    expect(await whoAmI(second.url, key)).toBe(ROOT_ARN)
  })

  it('shows the root key even when the port is in use after all, because no later start shows it', async () => {
    const dataDir = temporaryFolder()
    const { code, stdout } = await failToStart({ dataDir, env: { DAYPASS_PORT: await busyPort() } })
    expect(code).toBe(1)
    const host = await startLocalHost({ dataDir })
    const keys = shownKeys(stdout + host.stdout())
    expect(keys).toHaveLength(1)
    expect(await whoAmI(host.url, keys[0] ?? ROOT)).toBe(ROOT_ARN)
  })

  it('takes the root key of the environment, over that of the bootstrap document, and shows none', async () => {
    const env = { MINIO_ROOT_USER: 'env-root', MINIO_ROOT_PASSWORD: 'env-secret' }
    const host = await startLocalHost({ env, bootstrap: documentWith({}) })
    expect(host.stdout()).toBe(`ready ${host.url}\n`)
    expect(await whoAmI(host.url, { AccessKeyId: 'env-root', SecretAccessKey: 'env-secret' })).toBe(ROOT_ARN)
    await expect(whoAmI(host.url, ROOT)).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
  })

  it('serves the account whose id is empty', async () => {
    const host = await startLocalHost({ env: { DAYPASS_ACCOUNT_ID: '' } })
    expect(await whoAmI(host.url, shownKeys(host.stdout())[0] ?? ROOT)).toBe('arn:aws:iam:::root')
  })

  it('keeps its key rings, its log of sessions and its table from other users', async () => {
    const dataDir = temporaryFolder()
    await startLocalHost({ dataDir })
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(2)
    for (const { parentPath, name } of files) {
      const mode = statSync(join(parentPath, name)).mode & 0o077
      const folderMode = statSync(parentPath).mode & 0o077
      expect([name, mode === 0 || folderMode === 0]).toEqual([name, true])
    }
    for (const ring of ['session-ring.json', 'long-term-ring.json']) {
      expect(statSync(join(dataDir, ring)).mode & 0o777).toBe(0o600)
    }
  })
})

describe('the bootstrap document', () => {
  it('leaves what was changed since alone until it changes itself', async () => {
    const dataDir = temporaryFolder()
    const first = await startLocalHost({ dataDir, bootstrap: documentWith({}) })
    expect(await whoAmI(first.url, ALICE)).toBe('arn:aws:iam::000000000000:user/alice')
    await first.stop()
    await removeKey(dataDir, ALICE.AccessKeyId)

    const second = await startLocalHost({ dataDir, bootstrap: documentWith({}) })
    await expect(whoAmI(second.url, ALICE)).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
    expect(await whoAmI(second.url, ROOT)).toBe(ROOT_ARN)
    await second.stop()

    const third = await startLocalHost({ dataDir, bootstrap: documentWith({ Path: '/staff/' }) })
    expect(await whoAmI(third.url, ALICE)).toBe('arn:aws:iam::000000000000:user/staff/alice')
  })
})

async function removeKey(dataDir: string, accessKeyId: string): Promise<void> {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const store = await openEmbeddedStore({ directory: join(dataDir, 'table'), clock: systemClock, log })
  await store.remove(accessKeyKey(accessKeyId))
  await store.close()
}

describe('a start that cannot succeed', () => {
  const SENTENCE = /^[^\n]+[.!?]?\n$/

  async function complaint(options: Parameters<typeof failToStart>[0]): Promise<string> {
    const { code, stderr, stdout } = await failToStart(options)
    expect({ code, ready: /ready/.test(stdout) }).toEqual({ code: 1, ready: false })
    expect(stderr).toMatch(SENTENCE)
    expect(stderr).not.toMatch(/\n\s+at |node:internal|\.ts:\d/)
    return stderr
  }

  it.each([
    ['a port that is no number', { DAYPASS_PORT: 'http' }, /DAYPASS_PORT/],
    ['an address that is not of this machine', { DAYPASS_HOST: '192.0.2.1' }, /192\.0\.2\.1.*DAYPASS_HOST/],
    ['half a root key', { MINIO_ROOT_USER: 'admin' }, /MINIO_ROOT_USER.*MINIO_ROOT_PASSWORD/],
    ['a bootstrap file that is not there', { DAYPASS_BOOTSTRAP: '/nowhere/b.json' }, /DAYPASS_BOOTSTRAP.*b\.json/],
    ['a certificate that is not there', { DAYPASS_TLS_CERT: '/nowhere/c', DAYPASS_TLS_KEY: '/k' }, /DAYPASS_TLS_CERT/],
  ])('says one sentence about %s', async (_flaw, env, sentence) => {
    expect(await complaint({ env })).toMatch(sentence)
  })

  it.each([
    ['no JSON', '{', /not JSON/],
    ['a member that is misspelt', { accounts: [{ id: '', user: [] }] }, /accounts\[0\]\.user/],
    ['a policy of no known version', documentWith({ policies: { p: { Version: '1999-01-01' } } }), /policy p/],
    ['a policy that does not exist', documentWith({ attachedPolicies: ['arn:aws:iam::aws:policy/No'] }), /policy\/No/],
    [
      'one access key in two accounts',
      { accounts: ['', 'a'].map((id) => ({ id, rootAccessKey: ROOT })) },
      /root-access-key/,
    ],
  ])('says one sentence about a bootstrap document with %s', async (_flaw, bootstrap, sentence) => {
    const said = await complaint({ bootstrap })
    expect(said).toMatch(sentence)
    expect(said).not.toContain(ROOT.SecretAccessKey)
  })

  it('says one sentence about a port in use', async () => {
    const port = await busyPort()
    expect(await complaint({ env: { DAYPASS_PORT: port } })).toMatch(new RegExp(`^Port ${port} .*DAYPASS_PORT`))
  })

  it('says one sentence about a data folder that lies under a file', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    expect(await complaint({ dataDir: join(file, 'data') })).toMatch(/DAYPASS_DATA_DIR/)
  })

  it('says one sentence about a data folder that is a file', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    expect(await complaint({ dataDir: file })).toMatch(/DAYPASS_DATA_DIR/)
  })

  it('says one sentence about a data folder that another process has, which serves on', async () => {
    const dataDir = temporaryFolder()
    const host = await startLocalHost({ dataDir, bootstrap: documentWith({}) })
    expect(await complaint({ dataDir })).toMatch(/in use by another process/)
    expect(await whoAmI(host.url, ROOT)).toBe(ROOT_ARN)
  })

  it.each(['session-ring.json', 'long-term-ring.json'])(
    'says one sentence about a damaged %s and keeps it',
    async (ring) => {
      const dataDir = temporaryFolder()
      await (await startLocalHost({ dataDir })).stop()
      writeFileSync(join(dataDir, ring), '{"keys":[')
      expect(await complaint({ dataDir })).toContain(ring)
      expect(readFileSync(join(dataDir, ring), 'utf8')).toBe('{"keys":[')
    },
  )

  it.each(['session-ring.json', 'long-term-ring.json'])(
    'says one sentence about a %s that is a folder',
    async (ring) => {
      const dataDir = temporaryFolder()
      mkdirSync(join(dataDir, ring))
      expect(await complaint({ dataDir })).toContain(ring)
    },
  )

  it('says one sentence about a ring that was lost while what it sealed is still there', async () => {
    const dataDir = temporaryFolder()
    await (await startLocalHost({ dataDir, bootstrap: documentWith({}) })).stop()
    rmSync(join(dataDir, 'long-term-ring.json'))
    expect(await complaint({ dataDir, bootstrap: documentWith({}) })).toMatch(/long-term-ring\.json .*backup/)
  })
})
