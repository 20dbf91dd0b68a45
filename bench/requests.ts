import { cpuOf, median } from './cpu.ts'
import { load, Measured } from './load.ts'
import { startMeasured } from './measured-process.ts'
import { assume, bareRequest, LONG_TERM_KEY, startSubject, whoAmI } from './subject.ts'

/** So many requests, until which V8 has compiled what it will, or so long. */
const WARM_UP_REQUESTS = 25_000
const LONGEST_WARM_UP_SECONDS = 20
const SLICE_SECONDS = 0.25

interface Row {
  readonly what: string
  readonly connections: number
  readonly measured: Measured
  /** Microseconds of the server's CPU for each request, and of the bare server's beside it. */
  readonly cpu: number
  readonly bareCpu: number
  readonly goal: Goal
}

/** What the figures should be: CPU as a multiple of the bare server's, the 99th percentile in ms, requests a second. */
interface Goal {
  readonly timesBare?: number
  readonly p99?: number
  readonly perSecond?: number
}

/**
 * Throughput, latency and CPU of each request kind beside a bare Node.js server: slices of the one between slices of the
 * other, because other work on the machine changes what a request costs from second to second. CPU figures are medians of
 * slices.
 */
export async function benchRequests(seconds: number): Promise<void> {
  const bare = await startMeasured('bare')
  const { daypass, mint, mintOnce, close } = await startSubject()
  try {
    const rows: Row[] = []
    const measure = async (what: string, connections: number, next: () => Buffer, goal: Goal) => {
      const options = { port: daypass.port, connections, next }
      const warmUp = new Measured()
      while (
        warmUp.times.length < WARM_UP_REQUESTS &&
        warmUp.seconds < Math.min(LONGEST_WARM_UP_SECONDS, 4 * seconds)
      ) {
        await load({ ...options, connections: 8, seconds: SLICE_SECONDS }, warmUp)
      }
      const bareOptions = { port: bare.port, connections, next: () => bareRequest, seconds: SLICE_SECONDS / 2 }
      const [measured, cpu, bareCpu]: [Measured, number[], number[]] = [new Measured(), [], []]
      while (measured.seconds < seconds) {
        bareCpu.push(await cpuOf(bare, bareOptions))
        cpu.push(await cpuOf(daypass, { ...options, seconds: SLICE_SECONDS }, measured))
      }
      rows.push({ what, connections, measured, cpu: median(cpu), bareCpu: median(bareCpu), goal })
      console.error(`  ${what}, ${connections} connection${connections === 1 ? '' : 's'}: done`)
    }
    const p99 = 10
    await measure('AssumeRoleWithWebIdentity RS256', 8, mint('RS256'), { timesBare: 11, p99 })
    await measure('AssumeRoleWithWebIdentity RS256', 1, mint('RS256'), { perSecond: 2_500 })
    await measure('AssumeRoleWithWebIdentity ES256', 8, mint('ES256'), { timesBare: 15, p99 })
    await measure('AssumeRole, long-term key', 8, assume(LONG_TERM_KEY), { timesBare: 8, p99 })
    await measure('AssumeRole, session', 8, assume(await mintOnce()), { timesBare: 8, p99 })
    await measure('GetCallerIdentity, long-term key', 8, whoAmI(LONG_TERM_KEY), { timesBare: 5, p99 })
    await measure('GetCallerIdentity, session', 8, whoAmI(await mintOnce()), { timesBare: 5, p99 })
    print(rows, (await daypass.usage()).rss)
  } finally {
    await Promise.all([bare.stop(), close()])
  }
}

const goalText = ({ timesBare, p99, perSecond }: Goal) =>
  [
    ...(timesBare === undefined ? [] : [`≤ ${timesBare} × bare`]),
    ...(p99 === undefined ? [] : [`p99 ≤ ${p99} ms`]),
    ...(perSecond === undefined ? [] : [`≥ ${perSecond} per second`]),
  ].join(', ')

function print(rows: readonly Row[], rss: number): void {
  console.table(
    rows.map(({ what, connections, measured, cpu, bareCpu, goal }) => ({
      request: what,
      connections,
      'per second': Math.round(measured.perSecond),
      'p50 ms': Number(measured.latency(0.5).toFixed(2)),
      'p99 ms': Number(measured.latency(0.99).toFixed(2)),
      'CPU µs': Number(cpu.toFixed(1)),
      'bare µs': Number(bareCpu.toFixed(1)),
      '× bare': Number((cpu / bareCpu).toFixed(1)),
      goal: goalText(goal),
    })),
  )
  console.log(`resident memory of the server at the end: ${Math.round(rss / 1024 / 1024)} MiB`)
}
