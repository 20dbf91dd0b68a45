/** The time is a dependency: nothing in the core reads the machine's clock by itself. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** One structured record of the operator's log. Never a secret, a token or a password. */
export type LogRecord = Readonly<Record<string, unknown>> & { readonly event: string }

/** Where the operator's log goes. */
export interface Log {
  info(record: LogRecord): void
  warn(record: LogRecord): void
  error(record: LogRecord): void
}

/** JSON lines, as CloudWatch Logs and every log shipper read them. */
export function jsonLog(write: (line: string) => void, clock: Clock = systemClock): Log {
  let last = { now: Number.NaN, text: '' }
  // Lines of one millisecond share its text.
  const time = () => {
    const now = clock.now()
    if (now !== last.now) last = { now, text: new Date(now).toISOString() }
    return last.text
  }
  const at = (level: string) => (record: LogRecord) =>
    write(`{"time":"${time()}","level":"${level}",${JSON.stringify(record).slice(1)}`)
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
