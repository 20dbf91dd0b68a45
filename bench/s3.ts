import { randomUUID } from 'node:crypto'
import { type S3Subject, s3Client } from './s3-client.ts'
import { startS3World } from './s3-subjects.ts'

const LARGE = 64 * 1024 * 1024
const SMALL = 1024
const CONNECTIONS = 8
const SLICE_SECONDS = 0.4

interface Slice {
  readonly subject: S3Subject
  readonly measure: () => Promise<number>
  readonly results: number[]
}

/**
 * Objects of 64 MiB (one at a time) and of 1 KiB (eight at a time) through the gateway beside the store alone and a bare
 * Node.js pipe in front of it: short slices of each in turn, because other work on the machine changes what is possible
 * from second to second. Figures are medians of slices.
 */
export async function benchS3(seconds: number): Promise<void> {
  const world = await startS3World(process.env)
  const bucket = `bench-${randomUUID()}`
  try {
    const subjects = [world.store, world.pipe, world.gateway, world.embedded]
    const clients = new Map(subjects.map((subject) => [subject, s3Client(subject)]))
    // Through the gateway, so that its table knows the bucket; the store then has it too.
    for (const subject of [world.gateway, world.embedded]) await clients.get(subject)?.put(`/${bucket}`, 0)

    const slicesOf = (measure: (client: ReturnType<typeof s3Client>, name: string) => Promise<number>): Slice[] =>
      subjects.map((subject, index) => {
        const client = clients.get(subject) ?? s3Client(subject)
        return { subject, measure: () => measure(client, `/${bucket}/${index}`), results: [] }
      })
    const large = (work: (client: ReturnType<typeof s3Client>, path: string) => Promise<unknown>) =>
      slicesOf(async (client, path) => {
        const began = performance.now()
        await work(client, `${path}-large`)
        return LARGE / 1024 / 1024 / ((performance.now() - began) / 1000)
      })
    const small = (work: (client: ReturnType<typeof s3Client>, path: string) => Promise<unknown>) =>
      slicesOf(async (client, path) => {
        let done = 0
        const began = performance.now()
        const end = began + SLICE_SECONDS * 1000
        const one = async (connection: number) => {
          do {
            await work(client, `${path}-small-${connection}`)
            done += 1
          } while (performance.now() < end)
        }
        await Promise.all(Array.from({ length: CONNECTIONS }, (_, connection) => one(connection)))
        return done / ((performance.now() - began) / 1000)
      })
    const rows = [
      ['PUT 64 MiB, MiB/s', large((client, path) => client.put(path, LARGE))],
      ['GET 64 MiB, MiB/s', large((client, path) => client.get(path))],
      ['PUT 1 KiB, per second', small((client, path) => client.put(path, SMALL))],
      ['GET 1 KiB, per second', small((client, path) => client.get(path))],
    ] as const
    const table: Record<string, string | number>[] = []
    for (const [what, slices] of rows) {
      for (const { measure } of slices) await measure() // the compiler's work is not the request's
      const end = performance.now() + seconds * 1000
      do {
        for (const { measure, results } of slices) results.push(await measure())
      } while (performance.now() < end)
      table.push(rowOf(what, slices))
      console.error(`  ${what}: done, ${slices[0]?.results.length} slices of each`)
    }
    console.table(table)
    for (const client of clients.values()) client.close()
  } finally {
    await world.close()
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

function rowOf(what: string, slices: readonly Slice[]): Record<string, string | number> {
  const figures = slices.map(({ subject, results }) => [subject.name, median(results)] as const)
  const [store = Number.NaN, pipe = Number.NaN, gateway = Number.NaN] = figures.map(([, figure]) => figure)
  return {
    what,
    ...Object.fromEntries(figures.map(([name, figure]) => [name, Math.round(figure)])),
    'gateway / store': Number((gateway / store).toFixed(2)),
    'gateway / pipe': Number((gateway / pipe).toFixed(2)),
  }
}
