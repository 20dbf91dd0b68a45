import { auditTrail } from '@daypass/core/audit/cloudtrail.ts'
import { jsonLog, systemClock } from '@daypass/core/deps.ts'
import { startLocalHost } from './host.ts'
import { lineWriter } from './line-writer.ts'
import { showRootKey } from './messages.ts'
import { runUntilSignal } from './process.ts'
import { readSettings } from './settings.ts'

/** `npm run serve`: serves, and writes its log to standard error as JSON lines. */
await runUntilSignal(async () => {
  const lines = lineWriter((text) => process.stderr.write(text))
  const log = auditTrail(jsonLog(lines.write), { region: 'local', now: systemClock.now })
  const host = await startLocalHost(readSettings(process.env), { clock: systemClock, log, showRootKey })
  console.log(`ready ${host.url}`)
  await host.loadRest()
  return host
})
