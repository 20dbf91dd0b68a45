import { cpus } from 'node:os'
import { benchBundles } from './bundles.ts'
import { benchGrowth } from './growth.ts'
import { benchRequests } from './requests.ts'
import { benchRoundTrips } from './round-trips.ts'
import { benchS3 } from './s3.ts'
import { benchS3Memory } from './s3-memory.ts'
import { benchS3RoundTrips } from './s3-round-trips.ts'
import { benchSoak } from './soak.ts'

/**
 * `npm run bench [-- requests|round-trips|bundles|growth [seconds]]`: without a name, the first three. `soak [minutes]` runs
 * for a while, `growth` holds a million sessions, and `s3 [seconds]` and `s3-memory [GiB]` move many bytes (to the store that
 * DAYPASS_S3_ENDPOINT names, if it is set), so they run only when they are named.
 */
const BENCHES: Readonly<Record<string, (seconds: number) => Promise<void>>> = {
  requests: benchRequests,
  'round-trips': benchRoundTrips,
  bundles: benchBundles,
  growth: benchGrowth,
  s3: async (seconds) => {
    await benchS3RoundTrips()
    await benchS3(seconds)
  },
  's3-memory': benchS3Memory,
  soak: (minutes) => benchSoak(minutes * 60),
}
const BY_DEFAULT = ['requests', 'round-trips', 'bundles']

const [name, seconds = '10'] = process.argv.slice(2)
const [cpu] = cpus()
console.log(
  `Node.js ${process.version}, ${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${new Date().toISOString().slice(0, 10)}`,
)
const chosen = name === undefined ? BY_DEFAULT : [name]
for (const each of chosen) {
  const bench = BENCHES[each]
  if (!bench) {
    console.error(`There is no benchmark ${each}: choose one of ${Object.keys(BENCHES).join(', ')}.`)
    process.exit(1)
  }
  console.log(`\n${each}`)
  await bench(Number(seconds))
}
