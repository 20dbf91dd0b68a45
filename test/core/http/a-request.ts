import type { Log, LogRecord } from '../../../functions/core/deps.ts'
import type { HttpRequest } from '../../../functions/core/http/request.ts'

/** A request as an adapter makes it; `form` is its body. */
export function aRequest({ form = '', ...rest }: Partial<HttpRequest> & { form?: string } = {}): HttpRequest {
  return {
    method: 'POST',
    path: '/',
    rawQuery: '',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'test' },
    body: Buffer.from(form),
    sourceIp: '192.0.2.1',
    secure: true,
    requestId: 'request-1',
    ...rest,
  }
}

/** A log that remembers what was written, with its level. */
export function recordingLog() {
  const records: (LogRecord & { level: string })[] = []
  const at = (level: string) => (record: LogRecord) => void records.push({ level, ...record })
  const log: Log = { info: at('info'), warn: at('warn'), error: at('error') }
  return { log, records }
}

/** What a refusing function threw. */
export function refusal(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}
