import { readEnvironment } from '@daypass/core/environment.ts'
import { openDynamoDbStore } from '@daypass/core/store/dynamodb/store.ts'
import { liveRing, log } from '../lambda/live.ts'
import { countNow } from '../lambda/signals.ts'
import { type Resealed, resealSecrets } from './action.ts'
import { SEALED_ATTRIBUTES, SWEPT_ATTRIBUTES } from './sealed-attributes.ts'

const env = readEnvironment(process.env, ['table', 'longTermRing'])
const store = openDynamoDbStore({ tableName: env.table })
const longTermRing = liveRing(env.longTermRing)
const kinds = Object.values(SEALED_ATTRIBUTES).map(({ kind }) => kind)

/** Run by a schedule; what the schedule says in its event does not matter. */
export async function handler(): Promise<Resealed> {
  const resealed = await resealSecrets({ rows: store.sweep(kinds, SWEPT_ATTRIBUTES), store, longTermRing, log })
  countNow('SecretsLost', resealed.lost)
  return resealed
}
