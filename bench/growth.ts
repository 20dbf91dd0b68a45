import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { newAccessKeyId, newUniqueId } from '@daypass/core/credentials/random-names.ts'
import { systemClock } from '@daypass/core/deps.ts'
import { openEmbeddedStore } from '@daypass/core/store/embedded/embedded-store.ts'
import { type RoleSession, sessionItem } from '@daypass/core/store/entities/session.ts'
import { load, type Measured } from './load.ts'
import { startSubject, whoAmI } from './subject.ts'

const SIZES = [1_000, 1_000_000]
/** The sessions expire evenly over so many minutes, one minute's worth of them while the host is watched. */
const MINUTES = 60
/** Sessions that the host made itself, whose signed requests are verified in turn. */
const VERIFIED = 500
const SWEEP_PERIOD_MS = 30_000

/**
 * What the number of live sessions changes: how fast the host mints and verifies, how soon it is ready, how much memory and
 * disk it takes, and how long the sweep of a minute's expired sessions holds up the event loop. Takes minutes, since
 * sessions expire by the real clock.
 */
export async function benchGrowth(seconds: number): Promise<void> {
  const rows = []
  for (const size of SIZES) rows.push(await atSize(size, Math.min(seconds, 10)))
  console.table(rows)
}

async function atSize(size: number, seconds: number) {
  let disk = 0
  let firstExpiry = 0
  const subject = await startSubject(async (data) => {
    const table = join(data, 'table')
    firstExpiry = await fill(table, size)
    disk = await diskBytes(join(table, 'sessions'))
  })
  const { daypass, mint, mintOnce, close } = subject
  try {
    const { rss } = await daypass.usage()
    const run = (next: () => Buffer, forSeconds: number) =>
      load({ port: daypass.port, connections: 1, seconds: forSeconds, next })
    await run(mint(), 3)
    const minted = await run(mint(), seconds)
    const requests: (() => Buffer)[] = []
    while (requests.length < VERIFIED) requests.push(whoAmI(await mintOnce()))
    let turn = 0
    const verify = () => (requests[turn++ % VERIFIED] ?? mint())()
    await run(verify, 2)
    const verified = await run(verify, seconds)
    await daypass.watch()
    await pause(Math.max(0, firstExpiry - Date.now()) + SWEEP_PERIOD_MS + 5_000)
    const { late } = await daypass.usage()
    return {
      sessions: size,
      'ready ms': Math.round(daypass.readyAfter),
      'RSS MiB': Math.round(rss / 1024 / 1024),
      'disk bytes/session': Math.round(disk / size),
      'mint p50/p99 ms': latencies(minted),
      'verify p50/p99 ms': latencies(verified),
      'longest stall of a sweep ms': Number(late.max.toFixed(1)),
    }
  } finally {
    await close()
  }
}

const latencies = (measured: Measured) => `${measured.latency(0.5).toFixed(2)} / ${measured.latency(0.99).toFixed(2)}`

/** Puts sessions straight into the store. Answers when the first minute's worth of them has expired (ms). */
async function fill(directory: string, size: number): Promise<number> {
  const log = { info: console.error, warn: console.error, error: console.error }
  const store = await openEmbeddedStore({ directory, clock: systemClock, log })
  // Far enough away that the host is measured with all of them alive.
  const firstMinute = Math.ceil(Date.now() / 60_000) + 1 + Math.ceil(size / 500_000)
  const roleId = newUniqueId('AROA')
  for (let row = 0; row < size; row++) {
    const expiresAt = (firstMinute + (row % MINUTES)) * 60 - 1
    await store.put(sessionItem(session(row, roleId, expiresAt)), { durability: 'session' })
    if (row % 100 === 0) await nextTurn()
  }
  await store.close()
  return firstMinute * 60_000
}

function session(row: number, roleId: string, expiresAt: number): RoleSession {
  const provider = 'keycloak.example.com/realms/demo'
  return {
    kind: 'role',
    accessKeyId: newAccessKeyId('ASIA'),
    account: '000000000000',
    sealedSecret: 'v1.k20260101.'.padEnd(120, 'b4Zq'),
    issuedAt: Date.now(),
    expiresAt,
    roleName: 'S3Access',
    roleId,
    roleSessionName: `user-${row}@example.com`,
    provider,
    claims: { sub: [`8f14e45f-ceea-467f-${row}`], aud: ['app-profile-jsp'] },
    tags: [{ key: 'Department', values: ['Engineering'] }],
    transitiveTagKeys: [],
    sessionPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
    ancestors: [],
  }
}

async function diskBytes(directory: string): Promise<number> {
  const sizes = (await readdir(directory)).map(async (name) => (await stat(join(directory, name))).blocks * 512)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
