import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { type AuditPlace, auditTrail, type ExchangeRecord, isExchange } from '@daypass/core/audit/cloudtrail.ts'
import type { Log, LogRecord } from '@daypass/core/deps.ts'
import { NAMESPACE, SERVICE } from './metric-names.ts'

/** Errors that have a metric, and so an alarm, of their own. */
const COUNTED_ERRORS: Readonly<Record<string, string>> = {
  IDPCommunicationError: 'IssuerFailures',
  Throttling: 'Throttles',
}

/** Publishing empties it of values and dimensions. */
const metrics = new Metrics({ namespace: NAMESPACE, serviceName: SERVICE })

/**
 * The log of a function: JSON lines by Powertools, each exchange in CloudTrail's shape, and its metrics in CloudWatch's
 * embedded format beside it. `Exchanges` by action and outcome, `Latency` by action; faults, issuer failures and throttles
 * by themselves, so that one alarm sees them all.
 */
export function liveLog(place: AuditPlace): Log {
  const logger = new Logger({ serviceName: SERVICE })
  const lines: Log = {
    info: (record) => logger.info(record.event, record),
    warn: (record) => logger.warn(record.event, record),
    error: (record) => logger.error(record.event, record),
  }
  const trail = auditTrail(lines, place)
  const counted = (write: (record: LogRecord) => void) => (record: LogRecord) => {
    if (isExchange(record)) countExchange(record)
    write(record)
  }
  return { info: counted(trail.info), warn: counted(trail.warn), error: counted(trail.error) }
}

/** A metric of the deployment as a whole, written at once. */
export function countNow(name: string, value: number): void {
  metrics.addMetric(name, MetricUnit.Count, value)
  metrics.publishStoredMetrics()
}

function countExchange({ action, outcome, code, durationMs }: ExchangeRecord): void {
  metrics.addDimension('action', String(action ?? 'Unknown'))
  metrics.addDimension('outcome', String(outcome))
  metrics.addMetric('Exchanges', MetricUnit.Count, 1)
  metrics.addMetric('Latency', MetricUnit.Milliseconds, Number(durationMs))
  metrics.publishStoredMetrics()
  if (outcome === 'failed') countNow('Failures', 1)
  const own = COUNTED_ERRORS[String(code)]
  if (own) countNow(own, 1)
}
