import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { newAccessKeyId, newUniqueId } from '@daypass/core/credentials/random-names.ts'
import { systemClock } from '@daypass/core/deps.ts'
import { openEmbeddedStore } from '@daypass/core/store/embedded/embedded-store.ts'
import { type RoleSession, sessionItem } from '@daypass/core/store/entities/session.ts'
import { cpuOf, median } from './cpu.ts'
import { load, Measured } from './load.ts'
import { startMeasured } from './measured-process.ts'
import { type Subject, startSubject, whoAmI } from './subject.ts'

const SIZES = [1_000, 100_000, 1_000_000]
/** The sessions expire evenly over so many minutes, one minute's worth of them while the host is watched. */
const MINUTES = 60
/** From the start of the benchmark to the first of them: the hosts are measured with all of them alive. */
const ALIVE_MINUTES = 4
/** Sessions that the host made itself, whose signed requests are verified in turn. */
const VERIFIED = 500
const SWEEP_PERIOD_MS = 30_000
const WARM_UP_SECONDS = 4
const SLICE_SECONDS = 0.5
/** With the most sessions; latency and CPU beside the fewest. */
const GOALS = { ratio: 1.3, readyMs: 1_000, bytes: 400_000_000, stallMs: 20 }

/**
 * What the number of live sessions changes: how fast the host mints and verifies, how soon it is ready, how much memory and
 * disk it takes, and how long the sweep of a minute's expired sessions holds up the event loop. The hosts of all sizes run
 * side by side and are measured in turn, slice by slice, so that other work on the machine meets them alike. Takes minutes,
 * since sessions expire by the real clock.
 */
export async function benchGrowth(seconds: number): Promise<void> {
  const hosts: Host[] = []
  // An idle process that is late as well was kept waiting by other work on the machine.
  const bare = await startMeasured('bare')
  try {
    const firstMinute = Math.ceil(Date.now() / 60_000) + ALIVE_MINUTES
    for (const size of SIZES.toReversed()) hosts.unshift(await startAt(size, firstMinute))
    const forSeconds = Math.min(seconds, 10)
    await measureInTurn(hosts, 'mint', forSeconds, ({ subject }) => subject.mint())
    const verifiers = new Map<Host, () => Buffer>()
    for (const host of hosts) verifiers.set(host, await verifying(host.subject))
    await measureInTurn(hosts, 'verify', forSeconds, (host) => verifiers.get(host) ?? host.subject.mint())
    const watched = [bare, ...hosts.map(({ subject }) => subject.daypass)]
    // From just before the first of them may be swept, so that nothing but the sweeps is seen.
    await until(firstMinute * 60_000 - 1_000)
    for (const each of watched) await each.watch()
    await until(firstMinute * 60_000 + SWEEP_PERIOD_MS + 5_000)
    const idleLate = (await bare.usage()).late.max
    const rows = []
    for (const host of hosts) rows.push(await rowOf(host, idleLate))
    console.table(rows)
    await printGoals(hosts, idleLate)
  } finally {
    await Promise.all([bare.stop(), ...hosts.map(({ subject }) => subject.close())])
  }
}

const until = (time: number) => pause(Math.max(0, time - Date.now()))

interface Host {
  readonly size: number
  readonly subject: Subject
  /** When it was ready. */
  readonly rss: number
  /** Microseconds of CPU from the start of the process until it was ready, most of it for reading TypeScript. */
  readonly readyCpu: number
  readonly disk: number
  /** By what was measured. */
  readonly figures: Map<'mint' | 'verify', { readonly measured: Measured; readonly cpu: readonly number[] }>
}

async function startAt(size: number, firstMinute: number): Promise<Host> {
  let disk = 0
  const subject = await startSubject(async (data) => {
    const table = join(data, 'table')
    await fill(table, size, firstMinute)
    disk = await diskBytes(join(table, 'sessions'))
  })
  const { rss, cpu } = await subject.daypass.usage()
  return { size, subject, rss, readyCpu: cpu, disk, figures: new Map() }
}

async function measureInTurn(
  hosts: readonly Host[],
  what: 'mint' | 'verify',
  seconds: number,
  requestsOf: (host: Host) => () => Buffer,
): Promise<void> {
  const turns = hosts.map((host) => ({ host, next: requestsOf(host), measured: new Measured(), cpu: [] as number[] }))
  const options = ({ host, next }: (typeof turns)[number]) => ({
    port: host.subject.daypass.port,
    connections: 1,
    next,
  })
  for (const turn of turns) await load({ ...options(turn), connections: 8, seconds: WARM_UP_SECONDS })
  for (let passed = 0; passed < seconds; passed += SLICE_SECONDS) {
    for (const turn of turns) {
      turn.cpu.push(await cpuOf(turn.host.subject.daypass, { ...options(turn), seconds: SLICE_SECONDS }, turn.measured))
    }
  }
  for (const { host, measured, cpu } of turns) host.figures.set(what, { measured, cpu })
}

/** Signed requests of many sessions in turn. */
async function verifying({ mintOnce }: Subject): Promise<() => Buffer> {
  const requests: (() => Buffer)[] = []
  while (requests.length < VERIFIED) requests.push(whoAmI(await mintOnce()))
  let turn = 0
  return () => (requests[turn++ % VERIFIED] as () => Buffer)()
}

async function rowOf({ size, subject, rss, readyCpu, disk, figures }: Host, idleLate: number) {
  const { late, rss: rssAtEnd } = await subject.daypass.usage()
  return {
    sessions: size,
    'ready ms': Math.round(subject.daypass.readyAfter),
    'ready CPU ms': Math.round(readyCpu / 1000),
    'RSS MiB ready / after load and sweep': `${mebibytes(rss)} / ${mebibytes(rssAtEnd)}`,
    'disk bytes/session': Math.round(disk / size),
    'mint p50/p99 ms': latencies(figures.get('mint')?.measured),
    'mint CPU µs': Math.round(median(figures.get('mint')?.cpu ?? [])),
    'verify p50/p99 ms': latencies(figures.get('verify')?.measured),
    'verify CPU µs': Math.round(median(figures.get('verify')?.cpu ?? [])),
    'longest stall of a sweep ms': Number(late.max.toFixed(1)),
    'of an idle process ms': Number(idleLate.toFixed(1)),
  }
}

async function printGoals(hosts: readonly Host[], idleLate: number): Promise<void> {
  const [few, many] = [hosts[0], hosts.at(-1)]
  if (few === undefined || many === undefined) return
  console.log(`with ${many.size} sessions, beside ${few.size}:`)
  for (const what of ['mint', 'verify'] as const) {
    const [before, after] = [few.figures.get(what), many.figures.get(what)]
    if (before === undefined || after === undefined) continue
    const latency = after.measured.latency(0.5) / before.measured.latency(0.5)
    // Slices of one turn, since the machine's speed varies from turn to turn.
    const cpu = median(after.cpu.map((each, turn) => each / (before.cpu[turn] ?? Number.NaN)))
    judge(`latency of a ${what}, p50`, latency, GOALS.ratio, (ratio) => `${ratio.toFixed(2)} ×`)
    judge(`CPU of a ${what}`, cpu, GOALS.ratio, (ratio) => `${ratio.toFixed(2)} ×`)
  }
  const { rss, late } = await many.subject.daypass.usage()
  judge('ready', many.subject.daypass.readyAfter, GOALS.readyMs, (ms) => `${Math.round(ms)} ms`)
  judge('resident memory', Math.max(many.rss, rss), GOALS.bytes, (bytes) => `${Math.round(bytes / 1e6)} MB`)
  judge(
    `longest stall of a sweep (an idle process: ${idleLate.toFixed(1)} ms)`,
    late.max,
    GOALS.stallMs,
    (ms) => `${ms.toFixed(1)} ms`,
  )
}

function judge(what: string, value: number, most: number, text: (value: number) => string): void {
  console.log(`  ${what}: ${text(value)}, goal ≤ ${text(most)}: ${value <= most ? 'met' : 'missed'}`)
}

const mebibytes = (bytes: number) => Math.round(bytes / 1024 / 1024)

const latencies = (measured = new Measured()) =>
  `${measured.latency(0.5).toFixed(2)} / ${measured.latency(0.99).toFixed(2)}`

/** Puts sessions straight into the store, the first of which expire in the minute before `firstMinute`. */
async function fill(directory: string, size: number, firstMinute: number): Promise<void> {
  const log = { info: console.error, warn: console.error, error: console.error }
  const store = await openEmbeddedStore({ directory, clock: systemClock, log })
  const roleId = newUniqueId('AROA')
  for (let row = 0; row < size; row++) {
    const expiresAt = (firstMinute + (row % MINUTES)) * 60 - 1
    await store.put(sessionItem(session(row, roleId, expiresAt)), { durability: 'session' })
    if (row % 100 === 0) await nextTurn()
  }
  await store.close()
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
