import { cpuOf } from './cpu.ts'
import { load, Measured } from './load.ts'
import { startMeasured } from './measured-process.ts'
import { startSubject, whoAmI } from './subject.ts'

const CONNECTIONS = 32
/** Until the compiler is done and the heap has its size. */
const WARM_UP_SECONDS = 60
const SLICE_SECONDS = 10
const MINTS_OF_TEN = 7

/**
 * Mints and verifies over 32 connections for as long as asked: whether memory grows beyond the index of the sessions that
 * live on, whether anything but a 200 is answered, and how late the event loop gets.
 */
export async function benchSoak(seconds: number): Promise<void> {
  const { daypass, mint, mintOnce, close } = await startSubject()
  // An idle process that is late as well was kept waiting by other work on the machine.
  const bare = await startMeasured('bare')
  try {
    const [mintNext, verifyNext] = [mint(), whoAmI(await mintOnce())]
    let turn = 0
    const next = () => (turn++ % 10 < MINTS_OF_TEN ? mintNext() : verifyNext())
    const options = { port: daypass.port, connections: CONNECTIONS, next, tolerant: true }
    await load({ ...options, seconds: WARM_UP_SECONDS })
    const before = await daypass.watch()
    await bare.watch()
    const measured = new Measured()
    const rows = []
    while (measured.seconds < seconds) {
      const cpu = await cpuOf(daypass, { ...options, seconds: Math.min(SLICE_SECONDS, seconds) }, measured)
      const { rss, late } = await daypass.watch()
      const idle = (await bare.watch()).late
      rows.push({
        seconds: Math.round(measured.seconds),
        requests: measured.times.length,
        errors: measured.errors,
        'RSS MiB': mebibytes(rss),
        'event loop late, p99 ms': Number(late.p99.toFixed(1)),
        'max ms': Number(late.max.toFixed(1)),
        'an idle process, p99 ms': Number(idle.p99.toFixed(1)),
        'CPU µs a request': Math.round(cpu),
      })
    }
    console.table(rows)
    const { rss } = await daypass.usage()
    const minted = Math.round((measured.times.length * MINTS_OF_TEN) / 10)
    console.log(
      `memory ${mebibytes(before.rss)} MiB after the warm-up, ${mebibytes(rss)} MiB at the end, with about ${minted} sessions more; ${measured.errors} errors; p50 ${measured.latency(0.5).toFixed(2)} ms, p99 ${measured.latency(0.99).toFixed(2)} ms`,
    )
  } finally {
    await Promise.all([bare.stop(), close()])
  }
}

const mebibytes = (bytes: number) => Math.round(bytes / 1024 / 1024)
