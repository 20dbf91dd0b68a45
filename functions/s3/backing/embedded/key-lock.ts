/** Runs work that carries the same name one after the other, within this process. */
export type KeyLock = <T>(name: string, work: () => Promise<T>) => Promise<T>

export function keyLock(): KeyLock {
  const last = new Map<string, Promise<unknown>>()
  return async (name, work) => {
    const before = last.get(name) ?? Promise.resolve()
    // What the one before came to is its own caller's to hear.
    const mine = before.then(work, work)
    last.set(name, mine)
    try {
      return await mine
    } finally {
      if (last.get(name) === mine) last.delete(name)
    }
  }
}
