import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { openEmbeddedStore } from '../functions/core/store/embedded/embedded-store.ts'
import { sessionKey } from '../functions/core/store/keys.ts'
import type { Item } from '../functions/core/store/port.ts'

/**
 * Measures the embedded store: `node bench/store.ts [rows] [expiry minutes]`. Sessions of about 700 bytes spread over so
 * many expiry minutes (60), then configuration rows.
 */
const isChild = process.argv[2] === 'reopen'
const directory = isChild ? (process.argv[3] ?? '') : await mkdtemp(join(tmpdir(), 'daypass-bench-'))
const rows = isChild ? 0 : Number(process.argv[2] ?? 1_000_000)
const minutes = isChild ? 0 : Number(process.argv[3] ?? 60)
const SAMPLE = 20_000

const start = Date.now()
let shift = 0
const clock = { now: () => start + shift }
const log = { info: console.error, warn: console.error, error: console.error }
const open = () => openEmbeddedStore({ directory, clock, log })

if (isChild) {
  await reopen(process.argv[4] ?? '')
  process.exit()
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
function keyId(row: number): string {
  let bits = Math.imul(row + 1, 0x9e3779b1) >>> 0
  let id = ''
  for (let i = 0; i < 8; i++, bits = Math.imul(bits, 0x85ebca6b) ^ (row >>> i)) id += ALPHABET[bits & 31]
  return `ASIA${id}${row.toString(36).toUpperCase().padStart(8, 'A')}`
}

function session(row: number): Item {
  const accessKeyId = keyId(row)
  return {
    ...sessionKey(accessKeyId),
    expiresAt: Math.floor(start / 1000) + 900 + (row % minutes) * 60,
    accessKeyId,
    account: '000000000000',
    kind: 'role',
    sealedSecret: 'v1.k20260101.'.padEnd(120, 'b4Zq'),
    issuedAt: start,
    roleName: 'S3Access',
    roleId: 'AROAABCDEFGHIJKLMNOP',
    roleSessionName: `user-${row}@example.com`,
    provider: 'keycloak.example.com/realms/demo',
    claims: [
      { key: 'sub', values: [`8f14e45f-ceea-467f-${row}`] },
      { key: 'aud', values: ['app-profile-jsp'] },
    ],
    tags: [
      { key: 'Department', value: 'Engineering' },
      { key: 'Project', value: 'Automation' },
    ],
    transitiveTagKeys: [],
    sessionPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
    ancestors: [],
  }
}

/** In a process of its own, whose memory is that of the store alone. */
async function reopen(lastId: string): Promise<void> {
  const before = performance.now()
  const store = await open()
  const ready = performance.now() - before
  if ((await store.get(sessionKey(lastId))) === undefined) throw new Error('the last session is missing')
  say('ready again, in a new process', `${ready.toFixed(0)} ms, resident ${megabytes(process.memoryUsage().rss)}`)
  await store.close()
}

async function timed(title: string, count: number, work: (i: number) => Promise<unknown>): Promise<void> {
  const micros = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    const before = performance.now()
    await work(i)
    micros[i] = (performance.now() - before) * 1000
    if (i % 100 === 99) await nextTurn()
  }
  const mean = micros.reduce((sum, each) => sum + each, 0) / count
  micros.sort()
  const at = (part: number) => (micros[Math.min(count - 1, Math.floor(count * part))] ?? 0).toFixed(1)
  say(title, `mean ${mean.toFixed(1)}  p50 ${at(0.5)}  p99 ${at(0.99)}  p99.9 ${at(0.999)}  max ${at(1)} µs`)
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}

function say(title: string, value: string): void {
  console.log(`${title.padEnd(44)} ${value}`)
}

async function diskBytes(): Promise<number> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true })
  const sizes = files.filter((f) => f.isFile()).map(async (f) => (await stat(join(f.parentPath, f.name))).blocks * 512)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

async function longestStall(work: () => Promise<unknown>): Promise<string> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  await pause(10)
  delay.enable()
  await work()
  delay.disable()
  return `${(delay.max / 1e6).toFixed(1)} ms`
}

const random = (below: number) => Math.floor(Math.random() * below)
const DURABLE = { durability: 'session' } as const

let store = await open()
let row = 0
const put = () => store.put(session(row++), DURABLE)
const getOne = () => store.get(sessionKey(keyId(random(row))))

say('one session, bytes of JSON', String(JSON.stringify(session(1)).length))
for (let i = 0; i < 5_000; i++) await put()
await timed('put a session, 10^3 rows and on', SAMPLE, put)
await timed('get a session', SAMPLE, getOne)
let fillSeconds = 0
const fillStall = await longestStall(async () => {
  const before = performance.now()
  for (; row < rows; ) {
    await put()
    if (row % 100 === 0) await nextTurn()
  }
  fillSeconds = (performance.now() - before) / 1000
})
say(`fill to ${rows} rows`, `${fillSeconds.toFixed(1)} s, longest stall ${fillStall}`)
await timed(`put a session, ${rows} rows and on`, SAMPLE, put)
await timed('get a session', SAMPLE, getOne)
await timed('get five at once', SAMPLE, () =>
  store.getMany(Array.from({ length: 5 }, () => sessionKey(keyId(random(row))))),
)
await timed('revoke a session (synced)', 200, () =>
  store.update(sessionKey(keyId(random(row))), { set: { revoked: true } }),
)
say('resident', megabytes(process.memoryUsage().rss))
say('longest stall of an idle loop, 5 s', await longestStall(() => pause(5_000)))
const pacedStall = await longestStall(async () => {
  for (const end = performance.now() + 5_000; performance.now() < end; await pause(1))
    for (let i = 0; i < 5; i++) await put()
})
say('longest stall at about 4,000 puts a second, 5 s', pacedStall)
await store.close()
say('disk per session', `${((await diskBytes()) / row).toFixed(0)} bytes`)

execFileSync(process.execPath, [import.meta.filename, 'reopen', directory, keyId(row - 1)], { stdio: 'inherit' })

store = await open()
await timed('put configuration (synced)', 500, (i) =>
  store.put({ pk: 'USER#0', sk: `user-${i}`, name: 'x'.repeat(300) }),
)
let before = performance.now()
await Promise.all(
  Array.from({ length: 10_000 }, (_, i) => store.put({ pk: 'OBJECT#b', sk: `key/${i}`, etag: 'e'.repeat(300) })),
)
say('10,000 configuration rows at once (synced)', `${((performance.now() - before) / 10).toFixed(1)} µs a row`)
await timed('get an object row, any', SAMPLE, () => store.get({ pk: 'OBJECT#b', sk: `key/${random(10_000)}` }))
await timed('get a configuration row, often read', SAMPLE, () => store.get({ pk: 'USER#0', sk: `user-${random(50)}` }))
await timed('get five at once', SAMPLE, () =>
  store.getMany(Array.from({ length: 5 }, () => ({ pk: 'USER#0', sk: `user-${random(50)}` }))),
)
await timed('query 100 by prefix', 2_000, () => store.query('OBJECT#b', { prefix: `key/${1 + random(9)}`, limit: 100 }))

shift = (15 + minutes + 3) * 60_000
const sweepStall = await longestStall(async () => {
  before = performance.now()
  await store.sweep()
})
say('sweep of all sessions', `${(performance.now() - before).toFixed(0)} ms, longest stall ${sweepStall}`)
say('disk after the sweep', megabytes(await diskBytes()))
await store.close()
await rm(directory, { recursive: true })
