import { cpus } from 'node:os'
import { benchBundles } from './bundles.ts'
import { benchRequests } from './requests.ts'
import { benchRoundTrips } from './round-trips.ts'

/** `npm run bench [-- requests|round-trips|bundles] [seconds]`: without a name, all of them. */
const BENCHES: Readonly<Record<string, (seconds: number) => Promise<void>>> = {
  requests: benchRequests,
  'round-trips': benchRoundTrips,
  bundles: benchBundles,
}

const [name, seconds = '10'] = process.argv.slice(2)
const [cpu] = cpus()
console.log(
  `Node.js ${process.version}, ${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${new Date().toISOString().slice(0, 10)}`,
)
const chosen = name === undefined ? Object.keys(BENCHES) : [name]
for (const each of chosen) {
  const bench = BENCHES[each]
  if (!bench) {
    console.error(`There is no benchmark ${each}: choose one of ${Object.keys(BENCHES).join(', ')}.`)
    process.exit(1)
  }
  console.log(`\n${each}`)
  await bench(Number(seconds))
}
