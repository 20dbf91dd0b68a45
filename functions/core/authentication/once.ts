/** Runs a read, or what else is dear and may not be needed, at most once, on the first call. */
export function once<T extends object>(read: () => T): () => T {
  let result: T | undefined
  return () => {
    result ??= read()
    return result
  }
}
