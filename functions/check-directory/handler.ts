import { readEnvironment } from '@daypass/core/environment.ts'
import { clock, log } from '../lambda/live.ts'
import { checkDirectory } from './action.ts'
import { liveDirectory } from './live-directory.ts'
import { liveSources } from './live-sources.ts'

const env = readEnvironment(process.env, ['accountId'])

export const handler = checkDirectory({
  ...(await liveSources(process.env, env.accountId, clock)),
  directory: liveDirectory(),
  log,
})
