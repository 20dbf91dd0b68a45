import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allow, EVERYTHING, exportOf, policy } from '../core/minio-import/archives.ts'
import { endLocalHosts, startLocalHost } from '../support/local-host.ts'

const SCRIPT = fileURLToPath(new URL('../../scripts/import-minio.ts', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daypass-import-'))
})
afterAll(async () => {
  await endLocalHosts()
  await rm(folder, { recursive: true })
})

async function put(name: string, files: Readonly<Record<string, unknown>>): Promise<string> {
  await writeFile(join(folder, name), exportOf(files))
  return join(folder, name)
}

async function run(...args: string[]) {
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, INIT_CWD: folder },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

const read = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'))

describe('the import of an export of MinIO', () => {
  it('writes a document with which the local host starts and knows the users', async () => {
    await put('minio-iam-info.zip', EVERYTHING)
    const { code, stdout, stderr } = await run('minio-iam-info.zip')
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 users, 3 groups and 3 policies'),
    })
    expect(stderr).toMatch(/^- access key ROOTKEY acts for minioadmin, /m)
    expect(stdout + stderr).not.toMatch(/alice-secret|key-of/)
    const { mode } = await stat(join(folder, 'minio-iam-info.bootstrap.json'))
    expect(mode & 0o777).toBe(0o600)

    const { url } = await startLocalHost({ bootstrap: await read('minio-iam-info.bootstrap.json') })
    const credentials = { accessKeyId: 'ALICEKEY', secretAccessKey: 'key-of-alice' }
    const s3 = new S3Client({ endpoint: url, region: 'us-east-1', forcePathStyle: true, credentials })
    await s3.send(new CreateBucketCommand({ Bucket: 'made' }))
    const { Buckets } = await s3.send(new ListBucketsCommand({}))
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['made'])
    s3.destroy()
  })

  it('writes where it is told, for the account that it is told', async () => {
    await put('a.zip', EVERYTHING)
    expect(await run('a.zip', 'there.json', '--account', '')).toMatchObject({ code: 0 })
    expect(await read('there.json')).toMatchObject({ accounts: [{ id: '' }] })
  })

  it('never writes over a file', async () => {
    await put('b.zip', EVERYTHING)
    await writeFile(join(folder, 'b.bootstrap.json'), 'mine')
    const { code, stderr } = await run('b.zip')
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') })
    expect(await readFile(join(folder, 'b.bootstrap.json'), 'utf8')).toBe('mine')
  })

  it('writes nothing that widens rights until it is told to', async () => {
    await put('c.zip', { 'policies.json': { p: policy({ ...allow(['s3:*']), Effect: 'Deny' }) } })
    const { code, stderr } = await run('c.zip')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^! policy p cannot be read alike/m)
    await expect(read('c.bootstrap.json')).rejects.toThrow('ENOENT')
    expect(await run('c.zip', '--allow-wider-rights')).toMatchObject({ code: 0 })
    expect(await read('c.bootstrap.json')).toMatchObject({ accounts: [{ policies: [] }] })
  })

  it.each([
    [[], 'Usage: '],
    [['a.zip', 'b', 'c'], 'Usage: '],
    [['a.zip', '--acount', '1'], 'Usage: '],
    [['a.zip', '--account', 'aws'], 'Usage: '],
    [['nowhere.zip'], 'cannot be read.'],
    [['broken.zip'], 'the archive is no zip file'],
  ])('with %j says in one sentence what to change', async (args, sentence) => {
    await writeFile(join(folder, 'broken.zip'), 'broken')
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
