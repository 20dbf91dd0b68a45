import { randomUUID } from 'node:crypto'
import { setInterval } from 'node:timers'
import type { MeasuredProcess } from './measured-process.ts'
import { s3Client } from './s3-client.ts'
import { startS3World } from './s3-subjects.ts'

const GIB = 1024 ** 3
const SAMPLE_MS = 200

/** The resident memory of the gateway while an object of so many GiB goes in and comes out, over each backing. */
export async function benchS3Memory(gib: number): Promise<void> {
  const world = await startS3World(process.env)
  const path = `/bench-${randomUUID()}`
  try {
    const table: Record<string, string | number>[] = []
    for (const subject of [world.embedded, world.gateway]) {
      const client = s3Client(subject)
      await client.put(path, 0)
      await client.put(`${path}/warm`, 64 * 1024 * 1024)
      for (const [direction, run] of [
        ['PUT', () => client.put(`${path}/large`, gib * GIB)],
        ['GET', () => client.get(`${path}/large`)],
      ] as const) {
        const { before, peak, seconds } = await watched(subject.process, run)
        const speed = Math.round((gib * 1024) / seconds)
        console.error(`  ${direction}, ${subject.name}: peak ${peak} MiB, ${speed} MiB/s`)
        table.push({
          what: `${direction} of ${gib} GiB, ${subject.name}`,
          'RSS before, MiB': before,
          'peak RSS, MiB': peak,
          'MiB/s': speed,
        })
      }
      await client.remove(`${path}/large`)
      client.close()
    }
    console.table(table)
  } finally {
    await world.close()
  }
}

async function watched(process: MeasuredProcess, run: () => Promise<unknown>) {
  const rss = async () => Math.round((await process.usage()).rss / 1024 / 1024)
  const before = await rss()
  let peak = before
  let asking = Promise.resolve()
  const timer = setInterval(() => {
    asking = asking.then(async () => {
      peak = Math.max(peak, await rss())
    })
  }, SAMPLE_MS)
  const began = performance.now()
  try {
    await run()
  } finally {
    clearInterval(timer)
    await asking
  }
  return { before, peak, seconds: (performance.now() - began) / 1000 }
}
