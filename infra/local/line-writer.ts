/** In characters: what has gathered is written without waiting for the turn's end. */
const MOST_WAITING = 64 * 1024

export interface LineWriter {
  write(line: string): void
  /** Writes what waits. For the end, before the file is closed. */
  flush(): void
}

/**
 * Gathers lines and writes those of one turn of the event loop at once, at its end and before the answers that wait for
 * it, so that no answer is seen without its line. `write` must write synchronously. Whatever still waits is written when
 * the process exits, by an uncaught error too; only a kill (SIGKILL, loss of power) loses the lines of the turn in which it
 * strikes.
 */
export function lineWriter(write: (text: string) => void): LineWriter {
  let waiting = ''
  const flush = () => {
    if (waiting === '') return
    const text = waiting
    waiting = ''
    write(text)
  }
  process.once('exit', flush)
  return {
    write(line) {
      if (waiting === '') setImmediate(flush)
      waiting += `${line}\n`
      if (waiting.length > MOST_WAITING) flush()
    },
    flush,
  }
}
