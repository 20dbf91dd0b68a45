import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { Outcome, Request, Response } from './messages.ts'
import { openDatabase } from './schema.ts'
import { tableWrites } from './table-writes.ts'

/**
 * The one writer of the table, in a thread of its own, so that waiting for the disk stops nobody. All requests that came
 * in while the disk was busy become one transaction with one sync, and are answered after it.
 */
const MOST_AT_ONCE = 500

if (parentPort !== null) serve(parentPort)

function serve(port: NonNullable<typeof parentPort>): void {
  const database = openDatabase(workerData.directory)
  const writes = tableWrites(database)

  port.on('message', (first: Request) => {
    const requests = [first]
    while (requests.length < MOST_AT_ONCE) {
      const next = receiveMessageOnPort(port)
      if (next === undefined) break
      requests.push(next.message)
    }
    port.postMessage(commit(requests))
    const close = requests.find((request) => 'close' in request)
    if (close === undefined) return
    database.close()
    port.postMessage([{ id: close.id, kind: 'done' }] satisfies Response[])
    port.close()
  })

  function commit(requests: readonly Request[]): Response[] {
    const responses: Response[] = []
    try {
      database.exec('BEGIN IMMEDIATE')
      for (const request of requests) {
        if (!('close' in request)) responses.push({ id: request.id, ...run(request) })
      }
      database.exec('COMMIT')
      return responses
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      const message = String(error)
      return requests.flatMap(({ id, ...request }) => ('close' in request ? [] : [{ id, kind: 'failed', message }]))
    }
  }

  function run(request: Exclude<Request, { close: true }>): Outcome {
    return 'write' in request ? writes.write(request.write) : writes.sweep(request.expiredBefore)
  }
}
