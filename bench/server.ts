import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { jsonLog, systemClock } from '@daypass/core/deps.ts'
import { startLocalHost } from '../infra/local/host.ts'
import { readSettings } from '../infra/local/settings.ts'

/**
 * The process that is measured: the local host, or with `bare` a Node.js HTTP server that reads the body and answers "ok".
 * Tells its port, and on each message the CPU time (µs) that it has taken so far and its memory.
 */
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpu: user + system, rss: process.memoryUsage.rss() })
})

if (process.argv[2] === 'bare') {
  const server = createServer((request, response) => {
    request.on('data', () => {})
    request.on('end', () => response.end('ok'))
  })
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
} else {
  // The log is written as it would be, and read by nobody.
  const log = jsonLog((line) => process.stderr.write(`${line}\n`))
  const host = await startLocalHost(readSettings(process.env), { clock: systemClock, log, showRootKey: () => {} })
  process.send?.({ port: Number(new URL(host.url).port) })
}
