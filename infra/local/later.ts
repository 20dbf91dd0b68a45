import { setImmediate as nextTurn } from 'node:timers/promises'

type Load<A extends unknown[], R> = () => Promise<(...args: A) => Promise<R>>

/**
 * Handlers whose modules the host does not need to be ready, such as those of the IAM API: loaded by `all` as soon as it is,
 * or with the first request that comes for them before that.
 */
export class Later {
  readonly #loads: (() => Promise<unknown>)[] = []

  handler<A extends unknown[], R>(load: Load<A, R>): (...args: A) => Promise<R> {
    let loaded: ReturnType<Load<A, R>> | undefined
    const once = () => {
      loaded ??= load()
      return loaded
    }
    this.#loads.push(once)
    return async (...args) => (await once())(...args)
  }

  /** Loads what is not loaded yet, with a turn for requests between. Rejects when a module cannot be loaded. */
  async all(): Promise<void> {
    for (const load of this.#loads) {
      await nextTurn()
      await load()
    }
  }
}
