import { Worker } from 'node:worker_threads'
import type { Log } from '../../../deps.ts'
import { StoreUnavailable } from '../../port.ts'
import type { Outcome, Request, Response } from './messages.ts'

/** A request without its number. */
export type Ask = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never

interface Waiting {
  resolve(outcome: Outcome): void
  reject(error: Error): void
}

/** The main thread's end of the writer's thread. Holds the process open only while an answer is due. */
export class TableWriter {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #log: Log
  #lastId = 0
  #ended: Error | undefined

  constructor(directory: string, log: Log) {
    this.#log = log
    this.#worker = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: { directory } })
    this.#worker.unref()
    this.#worker.on('message', (responses: readonly Response[]) => {
      for (const { id, ...outcome } of responses) this.#settle(id)?.resolve(outcome)
    })
    this.#worker.on('error', (error) => this.#end(error))
    this.#worker.on('exit', () => this.#end(undefined))
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined
  }

  /** Resolves after the commit. Rejects with StoreUnavailable when the thread has ended: then nobody knows whether it was written. */
  ask(request: Ask): Promise<Outcome> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.ref()
      this.#worker.postMessage({ id, ...request })
    })
  }

  /** Ends the thread after all that was asked before. */
  async close(): Promise<void> {
    if (this.#ended === undefined) await this.ask({ close: true })
    await this.#worker.terminate()
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (this.#waiting.size === 0) this.#worker.unref()
    return waiting
  }

  #end(cause: unknown): void {
    if (cause !== undefined) this.#log.error({ event: 'store.writer-ended', reason: String(cause) })
    this.#ended ??= new StoreUnavailable('the writer of the store has ended', { cause })
    for (const { reject } of this.#waiting.values()) reject(this.#ended)
    this.#waiting.clear()
  }
}
