import { jsonLog, systemClock } from '@daypass/core/deps.ts'
import { startLocalHost } from './host.ts'
import { showRootKey } from './messages.ts'
import { runUntilSignal } from './process.ts'
import { readSettings } from './settings.ts'

/** `npm run serve`: serves, and writes its log to standard error as JSON lines. */
await runUntilSignal(async () => {
  const log = jsonLog((line) => process.stderr.write(`${line}\n`))
  const host = await startLocalHost(readSettings(process.env), { clock: systemClock, log, showRootKey })
  console.log(`ready ${host.url}`)
  return host
})
