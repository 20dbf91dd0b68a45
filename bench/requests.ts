import { type LoadOptions, load, Measured } from './load.ts'
import { type MeasuredProcess, startMeasured } from './measured-process.ts'
import { bareRequest, LONG_TERM_KEY, startSubject, whoAmI } from './subject.ts'

const WARM_UP_SECONDS = 5
const SLICE_SECONDS = 0.25

interface Row {
  readonly what: string
  readonly connections: number
  readonly measured: Measured
  /** Microseconds of the server's CPU for each request, and of the bare server's beside it. */
  readonly cpu: number
  readonly bareCpu: number
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
    const measure = async (what: string, connections: number, next: () => Buffer) => {
      const options = { port: daypass.port, connections, next }
      await load({ ...options, seconds: Math.min(WARM_UP_SECONDS, seconds) }) // the compiler's work is not the request's
      const bareOptions = { port: bare.port, connections, next: () => bareRequest, seconds: SLICE_SECONDS / 2 }
      const [measured, cpu, bareCpu]: [Measured, number[], number[]] = [new Measured(), [], []]
      while (measured.seconds < seconds) {
        bareCpu.push(await cpuOf(bare, bareOptions))
        cpu.push(await cpuOf(daypass, { ...options, seconds: SLICE_SECONDS }, measured))
      }
      rows.push({ what, connections, measured, cpu: median(cpu), bareCpu: median(bareCpu) })
      console.error(`  ${what}, ${connections} connection${connections === 1 ? '' : 's'}: done`)
    }
    await measure('AssumeRoleWithWebIdentity RS256', 8, mint('RS256'))
    await measure('AssumeRoleWithWebIdentity RS256', 1, mint('RS256'))
    await measure('AssumeRoleWithWebIdentity ES256', 8, mint('ES256'))
    await measure('GetCallerIdentity, long-term key', 8, whoAmI(LONG_TERM_KEY))
    await measure('GetCallerIdentity, session', 8, whoAmI(await mintOnce()))
    print(rows, (await daypass.usage()).rss)
  } finally {
    await Promise.all([bare.stop(), close()])
  }
}

/** Microseconds of CPU for each request of this slice, which is added to `all`. */
async function cpuOf(server: MeasuredProcess, slice: LoadOptions, all = new Measured()): Promise<number> {
  const [before, requests] = [await server.usage(), all.times.length]
  await load(slice, all)
  return ((await server.usage()).cpu - before.cpu) / (all.times.length - requests)
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function print(rows: readonly Row[], rss: number): void {
  console.table(
    rows.map(({ what, connections, measured, cpu, bareCpu }) => ({
      request: what,
      connections,
      'per second': Math.round(measured.perSecond),
      'p50 ms': Number(measured.latency(0.5).toFixed(2)),
      'p99 ms': Number(measured.latency(0.99).toFixed(2)),
      'CPU µs': Number(cpu.toFixed(1)),
      'bare µs': Number(bareCpu.toFixed(1)),
      '× bare': Number((cpu / bareCpu).toFixed(1)),
    })),
  )
  console.log(`resident memory of the server at the end: ${Math.round(rss / 1024 / 1024)} MiB`)
}
