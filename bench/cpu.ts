import { type LoadOptions, load, Measured } from './load.ts'
import type { MeasuredProcess } from './measured-process.ts'

/** Microseconds of CPU for each request of this load, which is added to `all`. */
export async function cpuOf(server: MeasuredProcess, options: LoadOptions, all = new Measured()): Promise<number> {
  const [before, requests] = [await server.usage(), all.times.length]
  await load(options, all)
  return ((await server.usage()).cpu - before.cpu) / (all.times.length - requests)
}

/** Of slices that other work on the machine disturbs, the one in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
