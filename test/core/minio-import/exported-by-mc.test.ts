import { readFileSync } from 'node:fs'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { convertExport } from '@daypass/core/minio-import/convert.ts'
import { readMinioExport } from '@daypass/core/minio-import/export.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endLocalHosts, type LocalHostProcess, startLocalHost } from '../../support/local-host.ts'
import { exportOf } from './archives.ts'

/**
 * What `mc admin cluster iam export` (2025-03-13) wrote of a MinIO (2026-02-12) in which alice, bob and the disabled carol, the
 * groups staff and closed (disabled), a policy, and access keys of five sorts had been made by `mc admin`.
 */
const exported = JSON.parse(readFileSync(new URL('exported-by-mc.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, unknown>
>
const { document, notes } = convertExport(readMinioExport(exportOf(exported)), '000000000000')
const [account] = document.accounts

describe('an export that mc made of a real MinIO', () => {
  it.each([
    ['users.json', ['alice', 'bob', 'carol']],
    ['groups.json', ['closed', 'staff']],
    ['svcaccts.json', ['ALICEEXP1', 'ALICEOFF1', 'ALICESVC1', 'BOBSVC01', 'ROOTSVC1']],
    ['policies.json', ['consoleAdmin', 'diagnostics', 'own', 'readonly', 'readwrite', 'writeonly']],
  ])('has of %s each entry in the document, in what is built in, or in the list of what is left out', (file, names) => {
    expect(Object.keys(exported[file] ?? {}).sort()).toEqual(names)
    const said = `${JSON.stringify(document)} ${notes.map(({ what, why }) => `${what} ${why}`).join(' ')}`
    const builtIn = ['consoleAdmin', 'diagnostics', 'readonly', 'readwrite', 'writeonly']
    for (const name of names) if (!builtIn.includes(name)) expect(said).toContain(name)
  })

  it('is listed by name where something is missing', () => {
    expect(notes.map(({ what }) => what)).toEqual([
      'group closed',
      'user carol',
      'access key ALICEEXP1',
      'access key ALICEOFF1',
      'access key BOBSVC01',
      'access key ROOTSVC1',
    ])
  })

  it('keeps its policies, members and mappings', () => {
    expect(account?.groups).toEqual([
      { GroupName: 'closed' },
      { GroupName: 'staff', attachedPolicies: ['arn:aws:iam::000000000000:policy/own'] },
    ])
    const users = account?.users?.map(({ UserName, attachedPolicies = [], groups = [], accessKeys = [] }) => [
      UserName,
      attachedPolicies.map((arn) => arn.split('/').at(-1)),
      groups,
      accessKeys.map(({ AccessKeyId }) => AccessKeyId),
    ])
    expect(users).toEqual([
      ['alice', ['readwrite'], ['staff'], ['alice', 'ALICESVC1']],
      ['bob', ['own'], ['staff'], ['bob']],
      ['carol', [], ['closed'], []],
      ['BOBSVC01', ['own'], ['staff'], ['BOBSVC01']],
    ])
  })

  describe('when a local host starts with it', () => {
    let host: LocalHostProcess
    const clients: S3Client[] = []
    const as = (accessKeyId: string, secretAccessKey: string) => {
      const credentials = { accessKeyId, secretAccessKey }
      const client = new S3Client({
        endpoint: host.url,
        region: 'us-east-1',
        forcePathStyle: true,
        credentials,
        maxAttempts: 1,
      })
      clients.push(client)
      return client
    }
    const report = { Bucket: 'reports', Key: 'a' }
    beforeAll(async () => {
      host = await startLocalHost({ bootstrap: document })
      const alice = as('alice', 'alice-secret-123')
      await alice.send(new CreateBucketCommand({ Bucket: 'reports' }))
      await alice.send(new PutObjectCommand({ ...report, Body: 'x' }))
    })
    afterAll(async () => {
      for (const client of clients) client.destroy()
      await endLocalHosts()
    })
    const outcome = (sent: Promise<unknown>) =>
      sent.then(
        () => 'done',
        ({ name }) => name,
      )

    it.each([
      ['alice', 'alice-secret-123', 'done', 'done', 'AccessDenied'],
      ['ALICESVC1', 'alicesvc-secret1', 'done', 'done', 'AccessDenied'],
      ['bob', 'bob-secret-12345', 'done', 'AccessDenied', 'AccessDenied'],
      ['BOBSVC01', 'bobsvc-secret12', 'done', 'AccessDenied', 'AccessDenied'],
      ['carol', 'carol-secret-123', 'InvalidAccessKeyId', 'InvalidAccessKeyId', 'InvalidAccessKeyId'],
      ['ALICEOFF1', 'alicesvc-secret3', 'InvalidAccessKeyId', 'InvalidAccessKeyId', 'InvalidAccessKeyId'],
      ['ALICEEXP1', 'alicesvc-secret2', 'InvalidAccessKeyId', 'InvalidAccessKeyId', 'InvalidAccessKeyId'],
      ['ROOTSVC1', 'rootsvc-secret1', 'InvalidAccessKeyId', 'InvalidAccessKeyId', 'InvalidAccessKeyId'],
      ['alice', 'another-secret', 'SignatureDoesNotMatch', 'SignatureDoesNotMatch', 'SignatureDoesNotMatch'],
    ])('%s with the secret %s reads: %s, writes: %s, deletes: %s', async (id, secret, reads, writes, deletes) => {
      const client = as(id, secret)
      expect(await outcome(client.send(new GetObjectCommand(report)))).toBe(reads)
      expect(await outcome(client.send(new PutObjectCommand({ ...report, Key: 'b', Body: 'x' })))).toBe(writes)
      expect(await outcome(client.send(new DeleteObjectCommand(report)))).toBe(deletes)
    })
  })
})
