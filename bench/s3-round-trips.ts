import { OURS, startWorld } from '../test/s3/authorization/support/world.ts'
import { operationTrips } from '../test/s3/support/round-trips.ts'

/** Calls to the table for each request to embedded objects, all in all, with a session and with a user's key. */
export async function benchS3RoundTrips(): Promise<void> {
  const world = await startWorld()
  try {
    const session = await operationTrips(world, await world.role(OURS, 'fullworker'), 'counted')
    const longTerm = await operationTrips(world, world.credentials('full'), 'counted')
    console.table(
      session.map(({ operation, trips }, at) => ({
        operation,
        'with a session': trips.length,
        'with a long-term key': longTerm[at]?.trips.length,
      })),
    )
  } finally {
    await world.close()
  }
}
