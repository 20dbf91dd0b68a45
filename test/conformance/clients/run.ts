/**
 * Lets clients of S3 that others wrote work with a real local host, each by its own program in an environment of its own, in
 * the clear and over TLS: mc, restic, rclone and the AWS SDK for Java v2. Needs Go, Java 17 with Maven, OpenSSL 3, and root
 * where restic and rclone are missing; the first run installs into ~/.cache and takes minutes.
 *   DAYPASS_RECIPES   folder of the recipes (default: ../shared/recipes beside the repository)
 *   DAYPASS_CACHE     what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setDefaultCACertificates } from 'node:tls'
import {
  CreateBucketCommand,
  GetObjectTaggingCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { makeCertificate } from '../../infra/local/certificates.ts'
import { s3Client } from '../../infra/local/clients.ts'
import { type FakeIssuer, makeFakeKey, startFakeIssuer } from '../../support/fake-issuer.ts'
import { endLocalHosts, startLocalHost, temporaryFolder } from '../../support/local-host.ts'
import { install } from '../shared/part.ts'
import { Secrets } from '../shared/secrets.ts'
import { compileJava, java } from './java.ts'
import { mc } from './mc.ts'
import type { Place } from './place.ts'
import { hasNewerRclone, newerRclone, rclone } from './rclone.ts'
import { restic } from './restic.ts'
import { AUDIENCE, CLOSED, claims, OPEN, ROOT, trusting, UPLOADER } from './trust.ts'

const begun = performance.now()
const since = () => `${((performance.now() - begun) / 1000).toFixed(0)} s`
const secrets = new Secrets()
for (const key of [ROOT, UPLOADER]) secrets.keep(key.SecretAccessKey)

function writeTokens(issuer: FakeIssuer): Place['tokens'] {
  const folder = temporaryFolder()
  const write = (name: string, token: string) => {
    writeFileSync(join(folder, name), secrets.keep(token), { mode: 0o600 })
    return join(folder, name)
  }
  const alice = { sub: 'alice', aud: AUDIENCE, policy: 'open' }
  const hourAgo = Math.floor(Date.now() / 1000) - 3600
  const kid = issuer.keys[0]?.kid ?? ''
  return {
    alice: write('alice', issuer.sign(alice)),
    expired: write('expired', issuer.sign({ ...alice, iat: hourAgo - 3600, exp: hourAgo })),
    forged: write('forged', issuer.sign(alice, { key: makeFakeKey('RS256', { kid }) })),
  }
}

async function tell(what: string, steps: AsyncGenerator<string>): Promise<void> {
  for await (const step of steps) console.log(`ok ${what}: ${step}`)
}

/** Throws when anything that was refused has come about all the same. */
async function assertUntouched(root: S3Client): Promise<void> {
  const { Buckets = [] } = await root.send(new ListBucketsCommand({}))
  const names = Buckets.map(({ Name = '' }) => Name).filter((name) => !name.startsWith(OPEN))
  assert.deepEqual(names, [CLOSED])
  const { Contents = [] } = await root.send(new ListObjectsV2Command({ Bucket: CLOSED }))
  assert.deepEqual(
    Contents.map(({ Key, Size }) => [Key, Size]),
    [['object', 6]],
  )
  const { TagSet } = await root.send(new GetObjectTaggingCommand({ Bucket: CLOSED, Key: 'object' }))
  assert.deepEqual(TagSet, [])
}

const folders = { mc: await install('mc'), java: await install('java-client') }
await install('apt-clients')
const classPath = await compileJava(folders.java)
console.log(`ok the clients are here after ${since()}`)
const issuer = await startFakeIssuer()
try {
  const { cert, key } = makeCertificate(temporaryFolder(), 'host')
  setDefaultCACertificates([readFileSync(cert, 'utf8')]) // This process is a client too.
  const tokens = writeTokens(issuer)
  for (const [over, env, authority] of [
    ['http', {}, {}],
    ['https', { DAYPASS_TLS_CERT: cert, DAYPASS_TLS_KEY: key }, { authority: cert }],
  ] as const) {
    const host = await startLocalHost({ bootstrap: trusting(issuer.url), env: { ...claims(issuer.url), ...env } })
    const place: Place = { url: host.url, ...authority, secrets, tokens }
    const root = s3Client(host.url, ROOT)
    for (const Bucket of [OPEN, CLOSED]) await root.send(new CreateBucketCommand({ Bucket }))
    await root.send(new PutObjectCommand({ Bucket: CLOSED, Key: 'object', Body: 'closed' }))
    await tell(`mc over ${over}`, mc(place, folders.mc))
    await tell(`restic over ${over}`, restic(place))
    await tell(`rclone over ${over}`, rclone(place))
    if (hasNewerRclone()) await tell(`newer rclone over ${over}`, newerRclone(place))
    else console.log(`left out: newer rclone over ${over}, which is not built (recipe rclone, five minutes)`)
    await tell(`Java over ${over}`, java(place, classPath))
    await assertUntouched(root)
    await host.stop()
    console.log(`ok none of ${secrets.assertAbsent(host.stdout() + host.stderr())} secrets and tokens is in the log`)
  }
} finally {
  await endLocalHosts()
  await issuer.close()
}
console.log(`ok all of it took ${since()}`)
