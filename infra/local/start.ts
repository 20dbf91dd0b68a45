import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { auditTrail } from '@daypass/core/audit/cloudtrail.ts'
import { jsonLog, systemClock } from '@daypass/core/deps.ts'
import { ensureDataDir } from './data-dir.ts'
import { startDemoIssuer } from './demo/issuer.ts'
import { registerDemo, runJourney } from './demo/journey.ts'
import { startLocalHost } from './host.ts'
import { lineWriter } from './line-writer.ts'
import { showRootKey, showWhatToTry } from './messages.ts'
import { runUntilSignal } from './process.ts'
import { readSettings } from './settings.ts'

/** `npm start`: serves, does the main job once for real, prints what came of it and what to try next, and keeps serving. */
await runUntilSignal(async () => {
  const settings = readSettings(process.env)
  await ensureDataDir(settings.dataDir)
  const logFile = join(settings.dataDir, 'log.jsonl')
  const log = openSync(logFile, 'a', 0o600)
  const lines = lineWriter((text) => writeWhole(log, text))
  console.log(`Starting Daypass. Its data is in ${settings.dataDir}, its log in ${logFile}.`)
  const issuer = await startDemoIssuer(settings.demoIssuerPort)
  const host = await startLocalHost(settings, {
    clock: systemClock,
    log: auditTrail(jsonLog(lines.write), { region: 'local', now: systemClock.now }),
    showRootKey,
  })
  console.log(`ready ${host.url}`)
  await host.loadRest()

  console.log(`\nLogging in as the demo user at the embedded OpenID provider (${issuer.url}),`)
  console.log('exchanging its token for credentials of the role "demo", and listing what they open:\n')
  await registerDemo({ ...host, clock: systemClock }, settings.accountId, issuer.url)
  const { bucket, ...result } = await runJourney({
    endpoint: host.url,
    issuer: issuer.url,
    account: settings.accountId,
    ...(settings.tls ? { certificate: settings.tls.cert } : {}),
  })
  console.log(JSON.stringify(result, undefined, 2))
  console.log(showWhatToTry(host.url, result.credentials, bucket))
  return {
    close: async () => {
      await issuer.close()
      await host.close()
      lines.flush()
      closeSync(log)
    },
  }
})

/** A write may take less than it was given. */
function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
}
