import { Agent, createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { auditTrail } from '@daypass/core/audit/cloudtrail.ts'
import { jsonLog, systemClock } from '@daypass/core/deps.ts'
import { startLocalHost } from '../infra/local/host.ts'
import { lineWriter } from '../infra/local/line-writer.ts'
import { readSettings } from '../infra/local/settings.ts'
import type { Usage } from './measured-process.ts'

/**
 * The process that is measured: the local host, or with `bare` a Node.js HTTP server that reads the body and answers "ok", or
 * with `pipe` one that hands each request on to another server and its answer back, bodies piped.
 * Tells its port, and on each message what it has used so far. From the message `watch` on also how long its event loop was
 * late since that message, of which the last one counts.
 */
const delay = monitorEventLoopDelay({ resolution: 1 })
process.on('message', (message) => {
  const { user, system } = process.cpuUsage()
  const late = { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 }
  if (message === 'watch') {
    delay.reset()
    delay.enable()
  }
  const usage: Usage = { cpu: user + system, rss: process.memoryUsage.rss(), late }
  process.send?.(usage)
})

if (process.argv[2] === 'bare') {
  const server = createServer((request, response) => {
    request.on('data', () => {})
    request.on('end', () => response.end('ok'))
  })
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
} else if (process.argv[2] === 'pipe') {
  const agent = new Agent({ keepAlive: true })
  const port = process.env.BENCH_PIPE_TO
  const server = createServer((request, response) => {
    const { method, url, headers } = request
    const onward = httpRequest({ agent, host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    request.pipe(onward)
  })
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
} else {
  // The log is written as it would be, and read by nobody.
  const lines = lineWriter((text) => process.stderr.write(text))
  const log = auditTrail(jsonLog(lines.write), { region: 'local', now: systemClock.now })
  const host = await startLocalHost(readSettings(process.env), { clock: systemClock, log, showRootKey: () => {} })
  process.send?.({ port: Number(new URL(host.url).port) })
  await host.loadRest()
}
