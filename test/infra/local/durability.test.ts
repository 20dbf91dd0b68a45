import { createHash, randomBytes } from 'node:crypto'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeIssuer, startFakeIssuer } from '../../support/fake-issuer.ts'
import { endLocalHosts, startLocalHost, temporaryFolder } from '../../support/local-host.ts'
import { exchange, type KeyPair, ROOT, s3Client, trusting, whoAmI } from './clients.ts'

let issuer: FakeIssuer
beforeAll(async () => {
  issuer = await startFakeIssuer({ algorithms: ['ES256'] })
})
afterAll(async () => {
  await endLocalHosts()
  await issuer.close()
})

const ROUNDS = 4
const [EXCHANGERS, WRITERS] = [4, 3]

interface Acknowledged {
  readonly credentials: KeyPair[]
  /** SHA-256 by key. A key is written again and again: any content that was sent is whole, at least as new as this. */
  readonly objects: Map<string, string>
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Works against the host until it stops answering, and remembers what it acknowledged. */
async function load(url: string, round: number, sent: Map<string, Set<string>>, onProgress: () => void) {
  const acknowledged: Acknowledged = { credentials: [], objects: new Map() }
  const s3 = s3Client(url, ROOT)
  const worker = async (work: (turn: number) => Promise<void>) => {
    for (let turn = 0; ; turn++) {
      try {
        await work(turn)
      } catch {
        return // the host is gone
      }
      onProgress()
    }
  }
  const exchangers = Array.from({ length: EXCHANGERS }, () =>
    worker(async () => {
      acknowledged.credentials.push(await exchange(url, issuer.sign({ aud: 'app' }), 'full'))
    }),
  )
  const writers = Array.from({ length: WRITERS }, (_, writer) =>
    worker(async (turn) => {
      const Key = `round-${round}/writer-${writer}/${turn % 5}`
      const Body = randomBytes(1 + 20_000 * ((turn * 7) % 5))
      sent.set(Key, new Set([...(sent.get(Key) ?? []), digest(Body)]))
      await s3.send(new PutObjectCommand({ Bucket: 'durable', Key, Body }))
      acknowledged.objects.set(Key, digest(Body))
    }),
  )
  await Promise.all([...exchangers, ...writers])
  return acknowledged
}

describe('a host that is killed under load', () => {
  it(`keeps, ${ROUNDS} times over, every credential and every object that it acknowledged`, {
    timeout: 120_000,
  }, async () => {
    const dataDir = temporaryFolder()
    const options = { dataDir, bootstrap: trusting(issuer.url) }
    const credentials: KeyPair[] = []
    const objects = new Map<string, string>()
    const sent = new Map<string, Set<string>>()
    let host = await startLocalHost(options)
    await s3Client(host.url, ROOT).send(new CreateBucketCommand({ Bucket: 'durable' }))

    for (let round = 0; round < ROUNDS; round++) {
      let steps = 10 + Math.floor(Math.random() * 60)
      const victim = host
      const acknowledged = await load(host.url, round, sent, () => {
        if (steps-- === 0) victim.kill()
      })
      expect(await victim.exited).toEqual({ code: null, signal: 'SIGKILL' })
      expect(acknowledged.credentials.length + acknowledged.objects.size).toBeGreaterThan(0)
      credentials.push(...acknowledged.credentials)
      for (const [key, hash] of acknowledged.objects) objects.set(key, hash)

      host = await startLocalHost(options)
      expect(host.stdout()).toBe(`ready ${host.url}\n`)
      expect(await whoAmI(host.url, ROOT)).toBe('arn:aws:iam::000000000000:root')
      for (const key of acknowledged.credentials)
        expect(await whoAmI(host.url, key)).toMatch(/:assumed-role\/full\/test$/)
      await expectWhole(host.url, objects, sent)
    }
    for (const key of credentials) expect(await whoAmI(host.url, key)).toMatch(/:assumed-role\/full\/test$/)
    expect(host.stderr()).not.toMatch(/"level":"error"/)
  })
})

/** What was acknowledged last, or a later write to the same key whose acknowledgement was lost: never a part, never an older one. */
async function expectWhole(url: string, objects: Map<string, string>, sent: Map<string, Set<string>>) {
  const s3 = s3Client(url, ROOT)
  for (const [Key, hash] of objects) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'durable', Key }))
    const found = digest((await Body?.transformToByteArray()) ?? new Uint8Array())
    const inOrder = [...(sent.get(Key) ?? [])]
    expect(inOrder.slice(inOrder.indexOf(hash))).toContain(found)
  }
}
